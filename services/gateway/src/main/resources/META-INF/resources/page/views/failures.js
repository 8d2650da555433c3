import { html } from 'lit';
import { choose } from '../address.js';
import { read, readPage, send } from '../gateway.js';
import { ago, count, t, word } from '../language.js';
import { text } from '../parts/inputs.js';
import { pages } from '../parts/pages.js';
import { View } from '../view.js';

const KINDS = ['PASSING', 'REFUSED', 'PERMANENT', 'EXHAUSTED', 'UNREADABLE'];

/** What failed, why, and what to do. */
class Failures extends View {
  watches() {
    return { keys: this.choices.sweep ? ['failures', 'sweeps'] : ['failures'] };
  }

  concerns(changed) {
    return changed.has('failures') || changed.get('sweeps')?.has(this.choices.sweep);
  }

  async load() {
    const { model, task, kind, sweep, page } = this.choices;
    const answer = sweep
      ? await readPage(`sweeps/${encodeURIComponent(sweep)}/failures`, { page, order: 'latest', pageSize: 50 })
      : await readPage('failures', { model, task, kind, page, order: 'latest', pageSize: 50 });
    this.isCancelled = sweep && answer.total === 0 && (await read(`sweeps/${encodeURIComponent(sweep)}/progress`)).state === 'cancelled';
    this.answer = answer;
  }

  async #retry(parameters) {
    try {
      const { sweep, ...others } = parameters;
      const { retried } = await send(sweep ? `sweeps/${encodeURIComponent(sweep)}/failures/retry` : 'failures/retry', undefined, others);
      this.said = t('failures.retried', { units: count(retried) });
    } catch (error) {
      this.said = error.message;
    }
    this.reload();
    this.requestUpdate();
  }

  /** A sweep's failures are told, and retried, all together: nothing else narrows them. */
  render() {
    const { model, task, kind, sweep } = this.choices;
    const { failures = [], total = 0 } = this.answer ?? {};
    return html`<section class="view">
      <header><h1>${t('view.failures')}</h1><p>${total || this.loaded ? t('failures.count', { failures: count(total) }) : ''}</p></header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      <form class="choices" @submit=${event => event.preventDefault()}>
        ${sweep
          ? ''
          : html`${text('model', t('filter.models'), model, 'pythia-*')}
            ${text('task', t('filter.tasks'), task, '*')}
            <label>${t('failures.kind')}<select name="kind" @change=${event => choose({ kind: event.target.value, page: '' })}><option value="">${t('filter.any')}</option>${KINDS.map(it => html`<option value=${it} .selected=${it === kind}>${word('failure', it)}</option>`)}</select></label>`}
        ${text('sweep', t('failures.sweep'), sweep)}
        ${failures.some(isUnit) ? html`<button type="button" class="primary" @click=${() => this.#retry(sweep ? { sweep } : { model, task, kind })}>${t('failures.retryAll')}</button>` : ''}
      </form>
      <p role="status" class="note">${this.said ?? ''}</p>
      ${failures.length === 0
        ? this.none(this.#why())
        : html`<ul class="findings">${failures.map(it => this.#failure(it))}</ul>`}
      ${pages(this.answer)}
    </section>`;
  }

  /** Why there are none. */
  #why() {
    const { model, task, kind, sweep } = this.choices;
    if (sweep) {
      return t(this.isCancelled ? 'failures.cancelled' : 'failures.none');
    }
    return t(model || task || kind ? 'filter.nothing' : 'failures.none');
  }

  #failure(it) {
    const what = it.checkpoint ? `${it.checkpoint} · ${it.task}` : it.failure.replaceAll('|', ' · ');
    return html`<li><article class="finding failure">
      <header><h2>${what}</h2><span class="tag bad">${word('failure', it.kind)}</span><span class="soft">${ago(it.failedAt)}</span></header>
      <dl>
        <dt>${t('failures.why')}</dt><dd>${it.reason}</dd>
        <dt>${t('failures.todo')}</dt><dd>${it.remedy}</dd>
        ${it.checkpoint ? html`<dt>${t('failures.documents')}</dt><dd>${count(it.start)}–${count(it.end)}</dd>` : ''}
        <dt>${t('failures.attempts')}</dt><dd>${count(it.attempts)}${it.scorer ? `, ${it.scorer}` : ''}</dd>
      </dl>
      ${isUnit(it) ? html`<button type="button" @click=${() => this.#retry({ failure: it.failure })}>${t('failures.retry')}<span class="visually-hidden"> ${what}</span></button>` : ''}
    </article></li>`;
  }
}

const isUnit = failure => Boolean(failure.checkpoint);

customElements.define('castalia-failures', Failures);
