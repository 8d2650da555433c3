import { html } from 'lit';
import { address } from '../address.js';
import { ago, decimal, short, t, word } from '../language.js';
import { measured, measuredText } from './boards.js';
import { effectLabel, factsOf, within } from './details.js';

const NOTHING = new Set(['not-enough-data', 'no-difference', 'no-phase-change', 'flat', 'undetermined', 'expected-identity', 'not-acquired']);
const GOOD = new Set(['helps', 'pays', 'lowers', 'moves-nearer']);
const BAD = new Set(['hurts', 'raises', 'moves-away', 'identical-weights', 'identical-results', 'scores-jump', 'steps-missing']);
const MOST_RUNS = 12;
const PARAMETERS = /^\d{4,}$/;

/** Of a checkpoint whose revision says its step, as most do. */
const STEP = /@step(\d+)$/;

/** Of a subject that is of two tasks: the shots of the new one, and how the old one was measured. */
const OF_TWO_TASKS = /^(?:[^|]*\|){3}(\d+)\|.*\|(\d+\|\|?[^|]+)$/;

/** Where a finding's plot is: by its kind, and what it is about. */
export function plotOf({ kind, subject, task, metric, shots, dtype, source, models = [], evidence = [], details }) {
  const board = { task, metric, measured: isOfScores({ shots }) ? measured({ shots, dtype, source }) : '' };
  if (kind === 'scaling') {
    return address('scaling', { ...board, step: STEP.exec(evidence[0])?.[1] });
  }
  if (kind === 'continued-training') {
    return address('continued', { task, metric, ...ofTwoTasks({ subject, metric, dtype, source, details }) });
  }
  const runs = models.slice(0, MOST_RUNS).join(',');
  return models.length ? address('trajectories', { ...board, runs, seeds: kind === 'seeds' || '', variants: kind === 'deduplication' || '' }) : undefined;
}

/** How the new task was measured, and the board of the old one: a finding of both tells no shots of its own. */
function ofTwoTasks({ subject, metric, dtype, source, details }) {
  const [, shots, old] = OF_TWO_TASKS.exec(subject) ?? [];
  return { measured: shots && measured({ shots, dtype, source }), lossTask: details?.oldTask, lossMetric: details && (details.oldMetric ?? metric), lossMeasured: old };
}

/** Findings about weights alone are of no shots. */
const isOfScores = ({ shots }) => shots !== null && shots !== undefined;

/** What a finding is about, as a reader says it: its subject ends as keys of scores do. */
function titleOf(it) {
  const how = isOfScores(it) ? `|${measured(it)}` : '';
  const parts = (it.subject.endsWith(how) ? it.subject.slice(0, it.subject.length - how.length) : it.subject).split('|').map(part => (part === '*' ? t('finding.allTasks') : PARAMETERS.test(part) ? short(Number(part)) : part));
  return [...parts, ...(how && it.subject.endsWith(how) ? [measuredText(it)] : [])].join(' · ');
}

/** One finding: its verdict, how sure, on what. */
export function finding(it, heading = 'h2') {
  const tone = NOTHING.has(it.verdict) ? '' : GOOD.has(it.verdict) ? 'good' : BAD.has(it.verdict) ? 'warn' : 'accent';
  const plot = plotOf(it);
  const title = titleOf(it);
  return html`<article class="finding" id=${it.finding}>
    <header>
      ${heading === 'h2' ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
      <span class="tag ${tone}">${word('verdict', it.verdict)}</span>
      <span class="soft">${word('finding', it.kind)}</span>
    </header>
    <dl class="facts">
      ${it.effect === null || it.effect === undefined ? '' : html`<div><dt>${effectLabel(it)}</dt><dd>${within(it.effect, it.low, it.high, it.confidence)}</dd></div>`}
      ${it.qValue === null || it.qValue === undefined ? '' : html`<div><dt>${t('finding.falseDiscovery')}</dt><dd>${decimal(it.qValue)}</dd></div>`}
      ${factsOf(it).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
      <div><dt>${t('finding.evidence')}</dt><dd>${t('finding.of', { found: (it.evidence ?? []).length, expected: it.expected })}</dd></div>
      <div><dt>${t('finding.method')}</dt><dd>${word('method', it.method)}</dd></div>
      <div><dt>${t('finding.computed')}</dt><dd>${ago(it.computedAt)}</dd></div>
    </dl>
    ${plot ? html`<p><a href=${plot} aria-label=${t('finding.plotOf', { subject: title })}>${t('finding.plot')}</a></p>` : ''}
  </article>`;
}
