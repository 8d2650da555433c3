import { count, decimal, percent, signed, t } from '../language.js';

const CONTINUED = 'continued-training';

const isKnown = value => value !== null && value !== undefined;

/** A difference with its interval, if that is known. */
export const within = (estimate, low, high, confidence) => signed(estimate) + (isKnown(low) ? ` [${decimal(low)}, ${decimal(high)}]${confidence ? `, ${percent(confidence)}` : ''}` : '');

/** What the effect of a finding is the effect of. */
export function effectLabel({ kind, details }) {
  const latest = details?.bases?.at(-1);
  return kind === CONTINUED && latest ? t('finding.effectOfBase', { latest: count(latest.baseStep), earliest: count(details.earliest) }) : t('finding.effect');
}

/** What findings of its kind alone have to tell, as [name, value]. */
export const factsOf = ({ kind, details }) => (kind === CONTINUED && details ? continuedFacts(details) : []);

function continuedFacts({ runs, step, paysFrom, bestRate, bestVariant, oldTask, oldMetric }) {
  const latest = Math.max(...runs.map(run => run.baseStep));
  const isBest = run => run.baseStep === latest && run.learningRate === bestRate && (run.variant ?? null) === (bestVariant ?? null);
  // As in reports: the best rate's run, or where none is the best, those that no other beats.
  const telling = runs.filter(run => (isKnown(bestRate) ? isBest(run) : run.onFront)).sort((a, b) => a.loss - b.loss);
  const kept = telling.map(run => run.kept).filter(isKnown).sort((a, b) => a - b);
  const [least, most] = [telling[0], telling.at(-1)];
  const task = oldMetric ? `${oldTask} (${oldMetric})` : oldTask;
  const hasVariants = new Set(runs.map(run => run.variant)).size > 1;
  return [
    isKnown(paysFrom) && [t('finding.paysFrom'), count(paysFrom)],
    isKnown(bestRate) && [t('finding.bestRate', { step: count(latest) }), hasVariants && bestVariant ? `${bestRate} (${bestVariant})` : bestRate],
    step >= 0 && [t('finding.comparedAt'), count(step)],
    least && [t(isKnown(bestRate) ? 'finding.lossAtBest' : 'finding.lossOnFront', { task }), telling.length > 1 ? span(signed, least.loss, most.loss) : within(least.loss, least.lossLow, least.lossHigh)],
    kept.length && [t('finding.kept'), span(percent, kept[0], kept.at(-1))],
  ].filter(Boolean);
}

const span = (text, low, high) => (low === high ? text(low) : t('finding.span', { low: text(low), high: text(high) }));
