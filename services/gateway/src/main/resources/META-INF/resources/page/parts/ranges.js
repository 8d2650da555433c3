/** Standard errors from a value to either end of its 95 % interval. */
export const Z = 1.96;

/** The ends of a value's 95 % interval; the value itself where its standard error is not known. */
export const interval = ({ value, stderr }) => ({ low: value - Z * (stderr ?? 0), high: value + Z * (stderr ?? 0) });

/** A range whose ends and ticks are round; a share's does not leave 0 to 1, whatever its intervals do. */
export function range(values, share = false) {
  const bounded = share && values.every(value => value > -1 && value < 2);
  const inside = bounded ? values.map(value => Math.min(1, Math.max(0, value))) : values;
  const low = Math.min(...inside);
  const high = Math.max(...inside);
  const quarter = (high - low || Math.abs(high) || 1) / 4;
  const decade = 10 ** Math.floor(Math.log10(quarter));
  const interval = [5, 2, 1].map(step => step * decade).find(step => step <= quarter * (1 + 1e-9)) ?? decade;
  const round = (value, way) => Number((way(Number((value / interval).toPrecision(9))) * interval).toPrecision(9));
  const [min, max] = [round(low, Math.floor), round(high, Math.ceil)];
  return min === max ? { min: min - interval, max: max + interval, interval } : { min, max, interval };
}

/** Whether values of the metric lie between 0 and 1, as far as it tells: those with a chance level or a target do. */
export const isShare = ({ chance, target }) => chance !== null || target !== null;
