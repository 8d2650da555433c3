import { count, short } from '../language.js';

/** How points lie along training: log(1 + step), so that step 0 has its place; steps; or tokens. */
export const AXES = {
  log: { of: point => Math.log10(1 + point.step), ticks: logTicks, text: x => count(Math.round(10 ** x - 1)) },
  linear: { of: point => point.step, text: x => short(x) },
  tokens: { of: point => point.tokensSeen, text: x => short(x) },
};

function logTicks(xs) {
  const low = Math.min(...xs);
  const high = Math.max(...xs);
  const within = steps => steps.map(step => Math.log10(1 + step)).filter(x => x >= low - 1e-9 && x <= high + 1e-9);
  const decades = Array.from({ length: 9 }, (_, power) => 10 ** power);
  const ticks = within([0, ...decades]);
  return ticks.length > 2 ? ticks : within([0, ...decades.flatMap(decade => [decade, 2 * decade, 5 * decade])]);
}

/** Bands from low to high around the points of each of {points, drawn: its colour}: one series, since each costs its own work. */
export function bands(lines) {
  return {
    name: 'bands',
    type: 'custom',
    silent: true,
    clip: true,
    z: 1,
    tooltip: { show: false },
    data: lines.map(({ points: [{ x, value }] }) => [x, value]),
    renderItem: ({ dataIndex }, api) => {
      const { points, drawn } = lines[dataIndex];
      return {
        type: 'polygon',
        shape: { points: [...points.map(({ x, high }) => api.coord([x, high])), ...points.toReversed().map(({ x, low }) => api.coord([x, low]))] },
        style: { fill: drawn, opacity: 0.15 },
      };
    },
  };
}
