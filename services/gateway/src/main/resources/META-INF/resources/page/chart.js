import { count, decimal, short, svg, element } from './dom.js';

const WIDTH = 560;
const HEIGHT = 320;
const EDGE = { left: 58, right: 14, top: 12, bottom: 40 };

/** Draws one trajectory: the value by training step, with its standard error as a band. */
export function showTrajectory(figure, trajectory, scale) {
  const points = (trajectory?.points ?? []).filter(point => point.value !== null);
  if (points.length === 0) {
    figure.replaceChildren(element('p', { class: 'note' }, 'No score of this run on this task yet.'));
    return;
  }
  const { metric } = trajectory;
  const references = [metric.chance, metric.target].filter(value => value !== null);
  const x = horizontal(points.map(point => point.step), scale);
  const y = vertical([
    ...points.flatMap(({ value, stderr }) => [value - (stderr ?? 0), value + (stderr ?? 0)]),
    ...references,
  ]);
  const path = list => list.map(([px, py], i) => `${i ? 'L' : 'M'}${px.toFixed(1)} ${py.toFixed(1)}`).join('');
  const above = points.map(({ step, value, stderr }) => [x.at(step), y.at(value + (stderr ?? 0))]);
  const below = points.map(({ step, value, stderr }) => [x.at(step), y.at(value - (stderr ?? 0))]).reverse();
  const title = `${metric.metric} of ${trajectory.model} on ${trajectory.task}, by training step`;
  figure.replaceChildren(
    svg(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': title },
      ...y.ticks.flatMap(tick => [
        svg('line', { class: 'axis', x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y.at(tick), y2: y.at(tick) }),
        svg('text', { class: 'tick', x: EDGE.left - 6, y: y.at(tick) + 4, 'text-anchor': 'end' }, y.label(tick)),
      ]),
      ...x.ticks.flatMap(tick => [
        svg('line', { class: 'axis', x1: x.at(tick), x2: x.at(tick), y1: HEIGHT - EDGE.bottom, y2: HEIGHT - EDGE.bottom + 4 }),
        svg('text', { class: 'tick', x: x.at(tick), y: HEIGHT - EDGE.bottom + 16, 'text-anchor': 'middle' }, short(tick)),
      ]),
      svg('text', { class: 'tick', x: (EDGE.left + WIDTH - EDGE.right) / 2, y: HEIGHT - 6, 'text-anchor': 'middle' }, 'training step'),
      svg('text', { class: 'tick', x: 12, y: (EDGE.top + HEIGHT - EDGE.bottom) / 2, 'text-anchor': 'middle', transform: `rotate(-90 12 ${(EDGE.top + HEIGHT - EDGE.bottom) / 2})` }, metric.metric),
      ...references.map(value =>
        svg('line', { class: 'reference', x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y.at(value), y2: y.at(value) },
          svg('title', {}, value === metric.target ? `unbiased: ${value}` : `chance: ${value}`))),
      svg('path', { class: 'band', d: `${path([...above, ...below])}Z` }),
      svg('path', { class: 'curve', d: path(points.map(({ step, value }) => [x.at(step), y.at(value)])) }),
      ...points.map(point =>
        svg('circle', { cx: x.at(point.step), cy: y.at(point.value), r: 3, class: point.documents < point.ofDocuments ? 'partial' : undefined },
          svg('title', {}, label(point)))),
    ),
    element('figcaption', { class: 'note' }, caption(trajectory, references)),
  );
}

function label({ step, revision, value, stderr, documents, ofDocuments }) {
  const error = stderr === null ? '' : ` ± ${decimal(stderr)}`;
  return `step ${count(step)} (${revision}): ${decimal(value)}${error}, ${count(documents)} of ${count(ofDocuments)} documents`;
}

function caption({ metric, points }, references) {
  const missing = points.filter(point => point.value === null).length;
  const dashed = references.length === 0 ? '' : ` Dashed: ${metric.target === null ? 'chance' : 'unbiased'}.`;
  return `Band: ± one standard error.${dashed}${missing ? ` Not drawn: ${missing} not finite.` : ''}`;
}

/** Steps are spread by log(1 + step), so that step 0 has its place. */
function horizontal(steps, scale) {
  const spread = scale === 'log' ? step => Math.log10(1 + step) : step => step;
  const low = spread(Math.min(...steps));
  const high = Math.max(spread(Math.max(...steps)), low + 1e-9);
  const at = step => EDGE.left + ((spread(step) - low) / (high - low)) * (WIDTH - EDGE.left - EDGE.right);
  const last = Math.max(...steps);
  const candidates = scale === 'log'
    ? [0, ...Array.from({ length: 8 }, (_, power) => 10 ** power)]
    : nice(Math.min(...steps), last, 5);
  return { at, ticks: candidates.filter(tick => spread(tick) >= low - 1e-9 && spread(tick) <= high + 1e-9) };
}

function vertical(values) {
  let low = Math.min(...values);
  let high = Math.max(...values);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  low -= room;
  high += room;
  const ticks = nice(low, high, 5);
  const digits = Math.max(0, -Math.floor(Math.log10(ticks[1] - ticks[0] || 1)));
  return {
    at: value => HEIGHT - EDGE.bottom - ((value - low) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom),
    ticks,
    label: tick => tick.toFixed(Math.min(6, digits)),
  };
}

/** Round numbers between two others, about so many. */
function nice(low, high, about) {
  const rough = (high - low || 1) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) {
    ticks.push(tick);
  }
  return ticks;
}
