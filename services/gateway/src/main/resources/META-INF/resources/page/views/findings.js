import { html } from 'lit';
import { choose } from '../address.js';
import { readPage } from '../gateway.js';
import { count, t, word } from '../language.js';
import { finding } from '../parts/finding.js';
import { text } from '../parts/inputs.js';
import { pages } from '../parts/pages.js';
import { View } from '../view.js';

const SHOWN = 50;

/** What the scores support. */
class Findings extends View {
  watches() {
    return { keys: ['findings'] };
  }

  concerns(changed) {
    return changed.has('findings');
  }

  async load() {
    const { kind, verdict, about, page } = this.choices;
    this.answer = await readPage('findings', { kind, verdict, about, page, order: 'latest', pageSize: SHOWN });
  }

  render() {
    const { kind, verdict, about } = this.choices;
    const { findings = [], kinds = [], verdicts = [], total = 0 } = this.answer ?? {};
    return html`<section class="view">
      <header><h1>${t('view.findings')}</h1><p>${total || this.loaded ? t('findings.count', { findings: count(total) }) : ''}</p></header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      <form class="choices" @submit=${event => event.preventDefault()}>
        <label>${t('findings.kind')}<select name="kind" @change=${event => choose({ kind: event.target.value, page: '' })}><option value="">${t('filter.any')}</option>${kinds.map(it => html`<option value=${it} .selected=${it === kind}>${word('finding', it)}</option>`)}</select></label>
        <label>${t('findings.verdict')}<select name="verdict" @change=${event => choose({ verdict: event.target.value, page: '' })}><option value="">${t('filter.any')}</option>${verdicts.map(it => html`<option value=${it} .selected=${it === verdict}>${word('verdict', it)}</option>`)}</select></label>
        ${text('about', t('findings.about'), about, 'pythia-70m')}
      </form>
      ${findings.length === 0 ? this.none(t(kind || verdict || about ? 'filter.nothing' : 'findings.none')) : html`<ul class="findings">${findings.map(it => html`<li>${finding(it)}</li>`)}</ul>`}
      ${pages(this.answer)}
    </section>`;
  }
}

customElements.define('castalia-findings', Findings);
