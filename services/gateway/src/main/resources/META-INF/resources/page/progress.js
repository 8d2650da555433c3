import { count, element } from './dom.js';

const WINDOW = 20_000;

/** How fast sweeps go, by what the page saw of them in the last seconds. */
export class Pace {
  #seen = new Map();

  note(sweep, answered) {
    const now = performance.now();
    const seen = (this.#seen.get(sweep) ?? []).filter(([time]) => now - time < WINDOW);
    seen.push([now, answered]);
    this.#seen.set(sweep, seen);
  }

  /** Units a second; 0 while that cannot be told. */
  of(sweep) {
    const seen = this.#seen.get(sweep) ?? [];
    if (seen.length < 2) {
      return 0;
    }
    const [[startTime, start], [endTime, end]] = [seen[0], seen.at(-1)];
    return endTime - startTime < 1000 ? 0 : ((end - start) / (endTime - startTime)) * 1000;
  }
}

/** Shows a sweep's progress, whole and by model. */
export function showProgress(into, progress, rate) {
  if (!progress) {
    into.replaceChildren(element('p', { class: 'note' }, 'No sweep yet.'));
    return;
  }
  into.replaceChildren(
    element(
      'div',
      { class: 'total' },
      element('h3', {}, `${progress.sweep}: ${progress.state}`),
      track(progress),
      element('p', { class: 'note' }, summary(progress, rate)),
    ),
    element('div', { class: 'bars' }, ...progress.models.flatMap(model => [
      element('span', { class: 'name' }, model.model),
      track(model),
      element('span', { class: 'count' }, `${count(model.done)} / ${count(model.planned)}`, ...failed(model)),
    ])),
  );
}

function track({ planned, done, failed: lost }) {
  const share = part => `${planned ? (100 * part) / planned : 0}%`;
  const good = element('div', { class: 'done' });
  const bad = element('div', { class: 'failed' });
  good.style.width = share(done);
  bad.style.width = share(lost);
  return element(
    'div',
    { class: 'track', role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': String(planned), 'aria-valuenow': String(done + lost) },
    good,
    bad,
  );
}

function failed(model) {
  return model.failed ? [element('span', { class: 'bad' }, ` ${count(model.failed)} failed`)] : [];
}

function summary(progress, rate) {
  const parts = [
    `${count(progress.done)} of ${count(progress.planned)} units scored`,
    progress.failed ? `${count(progress.failed)} failed` : '',
    `${count(progress.checkpoints)}${progress.ofCheckpoints ? ` of ${count(progress.ofCheckpoints)}` : ''} checkpoints planned`,
  ];
  const left = progress.planned - progress.done - progress.failed;
  if (left > 0 && rate > 0) {
    parts.push(`${rate < 10 ? rate.toFixed(1) : count(rate)} units a second`, `about ${duration(left / rate)} left`);
  }
  return parts.filter(Boolean).join(' · ');
}

function duration(seconds) {
  if (seconds < 90) {
    return `${Math.ceil(seconds)} s`;
  }
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
