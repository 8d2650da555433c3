import { html } from 'lit';
import { choose } from '../address.js';
import { readAll } from '../gateway.js';
import { count, t, word } from '../language.js';
import { finding } from '../parts/finding.js';
import { text } from '../parts/inputs.js';
import { View } from '../view.js';

const SHOWN = 200;

/** What the scores support. */
class Findings extends View {
  watches() {
    return this.findings && !this.missing ? { keys: ['findings'] } : {};
  }

  concerns(changed) {
    return changed.has('findings');
  }

  async load() {
    try {
      this.findings = (await readAll('findings', {}, 'findings')).findings;
    } catch (error) {
      if (error.status !== 404) {
        throw error;
      }
      this.missing = true;
      this.findings = [];
    }
  }

  render() {
    const { kind, verdict, about } = this.choices;
    const all = this.findings ?? [];
    const shown = all
      .filter(it => (!kind || it.kind === kind) && (!verdict || it.verdict === verdict) && (!about || it.subject.includes(about)))
      .sort((a, b) => b.computedAt.localeCompare(a.computedAt));
    const options = field => [...new Set(all.map(it => it[field]))].sort();
    return html`<section class="view">
      <header><h1>${t('view.findings')}</h1><p>${t('findings.count', { findings: count(shown.length) })}</p></header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      <form class="choices" @submit=${event => event.preventDefault()}>
        <label>${t('findings.kind')}<select name="kind" @change=${event => choose({ kind: event.target.value })}><option value="">${t('filter.any')}</option>${options('kind').map(it => html`<option value=${it} ?selected=${it === kind}>${word('finding', it)}</option>`)}</select></label>
        <label>${t('findings.verdict')}<select name="verdict" @change=${event => choose({ verdict: event.target.value })}><option value="">${t('filter.any')}</option>${options('verdict').map(it => html`<option value=${it} ?selected=${it === verdict}>${word('verdict', it)}</option>`)}</select></label>
        ${text('about', t('findings.about'), about, 'pythia-70m')}
      </form>
      ${shown.length === 0 ? html`<p class="empty">${this.loaded ? t('findings.none') : t('page.loading')}</p>` : html`<ul class="findings">${shown.slice(0, SHOWN).map(it => html`<li>${finding(it)}</li>`)}</ul>`}
      ${shown.length > SHOWN ? html`<p class="note">${t('findings.more', { findings: count(shown.length - SHOWN) })}</p>` : ''}
    </section>`;
  }
}

customElements.define('castalia-findings', Findings);
