import { html, svg } from 'lit';
import { address } from '../address.js';
import { read, remove } from '../gateway.js';
import { ago, count, duration, percent, t } from '../language.js';
import { live } from '../live.js';
import { finding } from '../parts/finding.js';
import { View } from '../view.js';

const RATE_OVER = 20_000;
const SHOWN = 6;
const FINDINGS = 5;

/** Units a second of each sweep, over the last seconds that this page has seen. */
class Rates {
  #seen = new Map();

  of(sweep, answered) {
    const now = performance.now();
    const seen = this.#seen.get(sweep) ?? [];
    this.#seen.set(sweep, seen);
    if (seen.length === 0 || seen.at(-1).answered !== answered) {
      seen.push({ now, answered });
    }
    while (seen.length > 2 && seen[0].now < now - RATE_OVER) {
      seen.shift();
    }
    const first = seen[0];
    const seconds = (now - first.now) / 1000;
    return seconds >= 1 && answered > first.answered ? (answered - first.answered) / seconds : null;
  }
}

/** What goes on now. */
class Overview extends View {
  #rates = new Rates();
  #clock;

  watches() {
    return { topics: ['progress', 'sweeps', 'scorers'], keys: ['failures', 'findings'] };
  }

  concerns(changed) {
    return changed.has('findings') || changed.has('failures');
  }

  connectedCallback() {
    super.connectedCallback();
    this.#clock = setInterval(() => this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  async load() {
    const [findings, failures] = await Promise.all([
      read('findings', { order: 'latest', conclusive: true, pageSize: FINDINGS }),
      read('failures', { pageSize: 1 }),
    ]);
    this.findings = findings.findings;
    this.failures = failures.total;
  }

  render() {
    const sweeps = live.values('sweeps')
      .map(sweep => ({ ...sweep, progress: live.rows('progress').get(sweep.sweep) ?? sweep.progress }))
      .sort((a, b) => rank(a) - rank(b) || String(b.requestedAt ?? b.cancelledAt).localeCompare(String(a.requestedAt ?? a.cancelledAt)));
    const scorers = live.values('scorers').sort(byActivity);
    const working = sweeps.some(isWanting);
    const atWork = scorers.filter(it => working && isAtWork(it));
    const running = sweeps.filter(({ progress }) => ['planning', 'running'].includes(progress.state));
    return html`<section class="view">
      <header><h1>${t('view.overview')}</h1></header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      <section class="card" aria-labelledby="now"><h2 id="now" class="visually-hidden">${t('overview.now')}</h2>
        <dl class="big">
          <div><dt>${t('overview.running')}</dt><dd>${count(running.length)}</dd></div>
          <div><dt>${t('overview.atWork')}</dt><dd>${count(atWork.length)}</dd></div>
          <div><dt>${t('overview.tokens')}</dt><dd>${count(atWork.reduce((sum, it) => sum + it.tokensPerSecond, 0))}</dd></div>
          <div><dt>${t('overview.done')}</dt><dd>${count(sweeps.reduce((sum, { progress }) => sum + progress.done, 0))}</dd></div>
          <div><dt><a href=${address('failures')}>${t('overview.failures')}</a></dt><dd>${this.failures === undefined ? '–' : count(this.failures)}</dd></div>
        </dl>
      </section>
      <div class="cards card-row">
        <section class="card wide" aria-labelledby="sweeps">
          <header><h2 id="sweeps">${t('overview.sweeps')}</h2><a href=${address('sweep')}>${t('view.sweep')}</a></header>
          ${sweeps.length === 0 ? untold(t('overview.noSweeps')) : sweeps.slice(0, SHOWN).map(sweep => this.#sweep(sweep))}
          ${sweeps.length > SHOWN ? html`<details><summary>${t('overview.older', { sweeps: sweeps.length - SHOWN })}</summary>${sweeps.slice(SHOWN, 200).map(sweep => this.#sweep(sweep))}</details>` : ''}
        </section>
        <section class="card" aria-labelledby="scorers">
          <header><h2 id="scorers">${t('overview.scorers')}</h2></header>
          ${scorers.length === 0 ? untold(t('overview.noScorers')) : this.#scorers(scorers, new Set(atWork))}
        </section>
        <section class="card" aria-labelledby="latest">
          <header><h2 id="latest">${t('overview.findings')}</h2><a href=${address('findings')}>${t('overview.all')}</a></header>
          ${this.findings?.length ? html`<ul class="findings lean">${this.findings.map(it => html`<li>${finding(it, 'h3')}</li>`)}</ul>` : this.none(t('findings.none'))}
        </section>
      </div>
    </section>`;
  }

  #sweep({ sweep, progress, standing, requestedBy, requestedAt }) {
    const answered = progress.done + progress.failed;
    const rate = this.#rates.of(sweep, answered);
    const active = ['planning', 'running'].includes(progress.state);
    const left = active && rate ? (progress.planned - answered) / rate : null;
    return html`<article class="sweep" data-sweep=${sweep}>
      <header>
        <h3>${sweep}</h3>
        <span class="tag ${progress.state === 'done' ? 'good' : active ? 'accent' : ''}">${t(`sweep.${progress.state}`)}</span>
        ${standing && progress.state !== 'standing' ? html`<span class="tag">${t('sweep.standing')}</span>` : ''}
        <span class="soft end">${percent(progress.planned ? answered / progress.planned : 0)}</span>
      </header>
      ${bar(progress, t('sweep.barOf', { sweep, done: progress.done, planned: progress.planned }))}
      <dl class="facts">
        <div><dt>${t('sweep.units')}</dt><dd>${count(progress.done)} / ${count(progress.planned)}</dd></div>
        ${active ? html`<div><dt>${t('sweep.rate')}</dt><dd>${rate ? t('sweep.perSecond', { rate: rate < 10 ? rate.toFixed(1) : count(rate) }) : '–'}</dd></div>
        <div><dt>${t('sweep.left')}</dt><dd>${left === null ? '–' : duration(left)}</dd></div>` : ''}
        <div><dt>${t('sweep.failed')}</dt><dd>${progress.failed && progress.state !== 'cancelled' ? html`<a href=${address('failures', { sweep })}>${count(progress.failed)}</a>` : count(progress.failed)}</dd></div>
        ${requestedBy ? html`<div><dt>${t('sweep.by')}</dt><dd>${requestedBy}, ${ago(requestedAt)}</dd></div>` : ''}
        ${active || progress.state === 'standing' ? html`<div><button type="button" class="danger" @click=${() => this.#cancel(sweep)}>${t('sweep.cancel')}<span class="visually-hidden"> ${sweep}</span></button></div>` : ''}
      </dl>
      ${progress.models.length > 1 ? html`<details ?open=${active && progress.models.length <= 24}><summary class="note">${t('sweep.models', { models: progress.models.length })}</summary>
        <ul class="models">${progress.models.map(model => html`<li><span>${model.model}<span class="soft">${count(model.done)}/${count(model.planned)}</span></span>${bar(model, t('sweep.barOf', { sweep: model.model, done: model.done, planned: model.planned }))}</li>`)}</ul>
      </details>` : ''}
    </article>`;
  }

  async #cancel(sweep) {
    if (confirm(t('sweep.cancelSure', { sweep }))) {
      await remove(`sweeps/${encodeURIComponent(sweep)}`).catch(error => alert(error.message));
    }
  }

  #scorers(scorers, atWork) {
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('overview.scorers')}><table>
      <thead><tr><th scope="col">${t('scorer.scorer')}</th><th scope="col">${t('scorer.checkpoint')}</th><th scope="col" class="number">${t('scorer.speed')}</th><th scope="col">${t('scorer.last')}</th></tr></thead>
      <tbody>${scorers.slice(0, 100).map(it => html`<tr>
        <td class="scorer"><span class="name">${it.scorer}</span> <span class="tag ${it.device === 'cuda' ? 'good' : ''}">${it.device === 'cuda' ? 'GPU' : it.device.toUpperCase()}</span></td>
        <td>${it.checkpoint}<br><span class="soft">${it.task}</span></td>
        <td class="number">${count(it.tokensPerSecond)}</td>
        <td class="last">${atWork.has(it) ? t('scorer.atWork') : ago(it.lastAt)}</td>
      </tr>`)}</tbody>
    </table></div>`;
  }
}

/** What stands where the connection for events has told of nothing; why is known only once it has told all. */
const untold = why => html`<p class="empty">${live.isRead ? why : live.state === 'lost' ? t('page.unread') : t('page.loading')}</p>`;

const rank = ({ progress }) => ({ running: 0, planning: 0, standing: 1, done: 2, cancelled: 3 })[progress.state] ?? 2;

/** Whether there is work that nobody has answered; a scorer's last score tells no more than that it was there. */
const isWanting = ({ progress }) => progress.state !== 'cancelled' && progress.done + progress.failed < progress.planned;

const isAtWork = scorer => Date.now() < Date.parse(scorer.atWorkUntil);

/** Those at work by name, so that they keep their places; then the others, who was last at work first. */
const byActivity = (a, b) => isAtWork(b) - isAtWork(a)
  || (isAtWork(a) ? 0 : Date.parse(b.lastAt) - Date.parse(a.lastAt))
  || a.scorer.localeCompare(b.scorer, undefined, { numeric: true });

function bar({ planned, done, failed }, label) {
  const share = planned ? 100 / planned : 0;
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label=${label}>
    ${svg`<rect class="done" width=${done * share} height="10"></rect><rect class="failed" x=${done * share} width=${failed * share} height="10"></rect>`}
  </svg>`;
}

customElements.define('castalia-overview', Overview);
