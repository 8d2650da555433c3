import { html } from 'lit';
import { part, read, readAll } from '../gateway.js';
import { count, decimal, signed, t } from '../language.js';
import { boardChoice, boardParameters, chosenBoard, readBoards } from '../parts/boards.js';
import { axis, tooltip } from '../parts/chart.js';
import { colour, series } from '../parts/colours.js';
import { segmented } from '../parts/inputs.js';
import { range } from '../parts/ranges.js';
import { View } from '../view.js';

const LOSS = { task: 'lossTask', metric: 'lossMetric', measured: 'lossMeasured' };
const SYMBOLS = ['circle', 'triangle', 'rect', 'diamond'];
const SHAPES = ['●', '▲', '■', '◆'];

/** What colours and marks tell apart; the first are told apart before the others. */
const FACETS = {
  base: { title: 'continued.base', option: 'continued.byBase', text: count, name: step => t('continued.from', { step: count(step) }) },
  rate: { title: 'continued.learningRate', option: 'continued.byRate', text: rate => rate ?? '–', name: rate => t('continued.rate', { rate: rate ?? '–' }) },
  variant: { title: 'filter.variant', option: 'continued.byVariant', text: variant => variant, name: variant => variant },
};

/** The names of more make an address that something on the way may refuse. */
const RUNS_AT_ONCE = 50;

/** What training on in another language gains there, against what it loses here. */
class Continued extends View {
  watches() {
    // Which tasks are shown depends on what is scored, unless both are chosen.
    return { keys: ['scorecards'] };
  }

  concerns(changed) {
    return changed.has('scorecards');
  }

  async load() {
    const [boards, { runs }] = await Promise.all([readBoards(), read('runs')]);
    const continued = runs.filter(run => run.parent);
    const compared = continued.length && boards.length ? await this.#compared(boards, continued, runs) : { points: undefined };
    // All at once: where a read fails, what is painted must not be half of one choice and half of another.
    Object.assign(this, { boards, ...compared });
  }

  /** What is gained and lost, by which boards: unless chosen, of the first run's language and its base run's. */
  async #compared(boards, runs, known) {
    const languages = new Map(known.map(run => [run.model, run.language]));
    const oldLanguage = run => languages.get(baseRun(run));
    const first = runs.find(run => run.language !== oldLanguage(run)) ?? runs[0];
    const old = oldLanguage(first);
    const { choices } = this;
    const scored = await tasksOf(first.parent);
    const gain = chosenBoard(boards, choices, board => scored.has(board.task) && board.language === first.language);
    const loss = chosenBoard(boards, { task: choices[LOSS.task], metric: choices[LOSS.metric], measured: choices[LOSS.measured] }, board => scored.has(board.task) && (old ? board.language === old : board.language !== first.language));
    const models = [...new Set(runs.flatMap(run => [run.model, baseRun(run)]))];
    const [gained, lost] = await Promise.all([this.#scores(gain, models), this.#scores(loss, models)]);
    return { gain, loss, points: runs.flatMap(run => pointsOf(run, gained, lost)) };
  }

  async #scores({ board, metric }, models) {
    const parts = Array.from({ length: Math.ceil(models.length / RUNS_AT_ONCE) }, (_, i) => models.slice(i * RUNS_AT_ONCE, (i + 1) * RUNS_AT_ONCE));
    const answers = await Promise.all(parts.map(some => readAll(`leaderboards/${part(board.task)}`, { metric: metric.metric, ...boardParameters(board), model: some.join(',') }, 'entries')));
    const scores = answers.flatMap(answer => answer.entries).filter(entry => entry.value !== null).map(entry => ({ ...entry, able: able(entry, metric) }));
    return new Map(scores.filter(score => Number.isFinite(score.able.value)).map(score => [`${score.model}@${score.revision}`, score]));
  }

  render() {
    return html`<section class="view">
      <header><h1>${t('view.continued')}</h1><p>${t('continued.about')}</p></header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      ${this.points ? this.#body() : this.none(t('continued.none'))}
    </section>`;
  }

  #body() {
    const { points, gain, loss } = this;
    const compared = comparisons(points);
    const held = new Set(compared.flatMap(it => it.held));
    const front = compared.flatMap(it => it.front);
    const by = FACETS[this.choices.by] ? this.choices.by : 'base';
    const mark = this.#mark(by);
    const [groups, marks] = [valuesOf(points, by), valuesOf(points, mark)];
    const options = names => names.map(name => [name, t(FACETS[name].option)]);
    return html`
      <form class="choices" @submit=${event => event.preventDefault()}>
        ${boardChoice(this.boards, gain, undefined, t('continued.gainTask'))}
        ${boardChoice(this.boards, loss, LOSS, t('continued.lossTask'))}
        ${segmented('by', t('continued.colour'), options(Object.keys(FACETS)), by)}
        ${segmented('mark', t('continued.mark'), options(Object.keys(FACETS).filter(name => name !== by)), mark)}
      </form>
      ${points.length === 0
        ? this.none(t('continued.notScored'))
        : html`<section class="card">
            <castalia-chart .option=${() => this.#option({ held, front, by, groups, mark, marks })} .label=${t('continued.label', { gain: gain.board.task, loss: loss.board.task })}
              .legend=${groups.map((value, i) => ({ name: FACETS[by].name(value), colour: () => series(i), point: true }))}
              .rows=${rows(compared)} .file=${'continued-pre-training'}></castalia-chart>
            <p class="note">${t('continued.marks', { what: t(FACETS[mark].title), marks: marks.map((value, i) => `${SHAPES[i % SHAPES.length]} ${FACETS[mark].text(value)}`).join(', ') })} ${t('continued.front')} ${held.size < points.length ? t('continued.faint') : ''} ${t('continued.own')} ${[gain, loss].some(({ metric }) => isLogarithmic(metric)) ? t('continued.logarithm') : ''} ${t('chart.stderr')}</p>
          </section>
          <section class="card" aria-labelledby="best"><header><h2 id="best">${t('continued.best')}</h2></header>
            ${front.length === 0 ? this.none(t('continued.noStep')) : this.#front(front)}
          </section>`}`;
  }

  /** What marks tell apart: unless chosen, the first that colours do not and that is not the same for all. */
  #mark(by) {
    const others = Object.keys(FACETS).filter(name => name !== by);
    return others.find(name => name === this.choices.mark) ?? others.find(name => valuesOf(this.points, name).length > 1) ?? others[0];
  }

  #front(front) {
    const column = (title, cell, isNumber = true) => ({ title, cell, isNumber });
    const ofSeveral = (name, title) => (valuesOf(this.points, name).length > 1 ? [column(t(title), point => point[name] ?? '–', false)] : []);
    const score = ({ board }, name) => column(t('continued.score', { task: board.task }), point => decimal(point[name].value) + error(point[name].stderr));
    const columns = [
      column(t('scorer.checkpoint'), point => point.checkpoint, false),
      ...ofSeveral('baseRun', 'continued.baseRun'),
      ...ofSeveral('language', 'continued.language'),
      ...ofSeveral('variant', 'filter.variant'),
      column(t('continued.base'), point => count(point.base)),
      column(t('continued.learningRate'), point => point.rate ?? '–'),
      column(t('board.step'), point => count(point.step)),
      score(this.gain, 'gained'),
      score(this.loss, 'lost'),
      column(t('continued.gain'), point => signed(point.gain) + error(point.gainStderr)),
      column(t('continued.loss'), point => signed(point.loss) + error(point.lossStderr)),
    ];
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('continued.best')}><table>
      <thead><tr>${columns.map(({ title, isNumber }) => html`<th scope="col" class=${isNumber ? 'number' : ''}>${title}</th>`)}</tr></thead>
      <tbody>${front.map(point => html`<tr>${columns.map(({ cell, isNumber }) => html`<td class=${isNumber ? 'number' : ''}>${cell(point)}</td>`)}</tr>`)}</tbody>
    </table></div>`;
  }

  #option({ held, front, by, groups, mark, marks }) {
    const { points, gain, loss } = this;
    return {
      xAxis: axis(t('continued.lossAxis', { task: loss.board.task, metric: scale(loss.metric) }), { type: 'value', ...range([0, ...points.map(point => point.loss)]) }),
      yAxis: axis(t('continued.gainAxis', { task: gain.board.task, metric: scale(gain.metric) }), { type: 'value', nameGap: 48, ...range([0, ...points.map(point => point.gain)]) }),
      tooltip: tooltip(hit => {
        const point = points.find(it => it.checkpoint === hit.data.checkpoint);
        return { title: point.checkpoint, entries: [...Object.entries(FACETS).map(([name, { title, text }]) => [t(title), text(point[name])]), [t('continued.gain'), signed(point.gain) + error(point.gainStderr)], [t('continued.loss'), signed(point.loss) + error(point.lossStderr)]] };
      }, { trigger: 'item' }),
      series: groups.map((value, i) => ({
        name: FACETS[by].name(value),
        type: 'scatter',
        color: series(i),
        data: points.filter(point => point[by] === value).map(point => ({ value: [point.loss, point.gain], checkpoint: point.checkpoint, symbol: SYMBOLS[marks.indexOf(point[mark]) % SYMBOLS.length], symbolSize: front.includes(point) ? 15 : 10, itemStyle: { opacity: held.has(point) ? 0.8 : 0.3 } })),
      })),
    };
  }
}

/** What a checkpoint was scored on. */
async function tasksOf(checkpoint) {
  try {
    return new Set(Object.keys((await read(`scorecards/${part(checkpoint)}`)).tasks));
  } catch (error) {
    if (error.status === 404) {
      return new Set();
    }
    throw error;
  }
}

const error = stderr => (stderr === null ? '' : ` ± ${decimal(stderr)}`);

const baseRun = run => run.parent.split('@')[0];

/** The values of that facet that there are, in their order. */
const valuesOf = (points, name) => [...new Set(points.map(point => point[name]))].sort((a, b) => (typeof a === 'string' ? a.localeCompare(b, undefined, { numeric: true }) : a - b));

const isLogarithmic = ({ metric, aggregation }) => aggregation.endsWith('PERPLEXITY') || metric === 'ppl' || metric.endsWith('perplexity');

const scale = metric => (isLogarithmic(metric) ? `log ${metric.metric}` : metric.metric);

/** A score such that more is better, as findings compare them: of perplexities the logarithm. */
function able(score, metric) {
  const isLog = isLogarithmic(metric);
  const value = isLog ? Math.log(score.value) : score.value;
  const stderr = isLog && score.stderr !== null ? score.stderr / score.value : score.stderr;
  return { value: metric.direction === 'NEAREST' ? -Math.abs(value - metric.target) : metric.direction === 'LOWER' ? -value : value, stderr };
}

const minus = (a, b) => ({ value: a.value - b.value, stderr: a.stderr === null || b.stderr === null ? null : Math.hypot(a.stderr, b.stderr) });

/** The checkpoints of a continued run that are scored on both boards, as the one it continues is. */
function pointsOf(run, gained, lost) {
  const [newBase, oldBase] = [gained.get(run.parent), lost.get(run.parent)];
  if (!newBase || !oldBase) {
    return [];
  }
  return [...gained].filter(([checkpoint, { model }]) => model === run.model && lost.has(checkpoint)).map(([checkpoint, score]) => {
    const gain = minus(score.able, newBase.able);
    const loss = minus(oldBase.able, lost.get(checkpoint).able);
    return {
      checkpoint,
      model: run.model,
      step: score.step,
      rate: run.learningRate ?? null,
      variant: run.variant,
      language: run.language,
      base: newBase.step,
      baseRun: baseRun(run),
      parent: run.parent,
      gained: score,
      lost: lost.get(checkpoint),
      gain: gain.value,
      gainStderr: gain.stderr,
      loss: loss.value,
      lossStderr: loss.stderr,
    };
  });
}

/** For each base run and language it was continued in: which checkpoints are held against each other, and which of them nobody beats. */
function comparisons(points) {
  return [...Map.groupBy(points, point => JSON.stringify([point.baseRun, point.language])).values()].map(all => {
    const step = sharedStep(all);
    const held = all.filter(point => point.step === step);
    return { all, held, front: pareto(held) };
  });
}

/** As of findings: of the steps past 0 that more than half of the runs have, the last with as many base steps as any; none where there is none. */
function sharedStep(points) {
  const number = (some, name) => new Set(some.map(point => point[name])).size;
  const usual = [...Map.groupBy(points.filter(point => point.step > 0), point => point.step)].filter(([, some]) => 2 * number(some, 'model') > number(points, 'model'));
  const most = Math.max(...usual.map(([, some]) => number(some, 'base')));
  return Math.max(...usual.filter(([, some]) => number(some, 'base') === most).map(([step]) => step));
}

/** Those than which no other has a better score on one board and as good a one on the other, by what they score on the first. */
function pareto(points) {
  const lead = (that, point) => [that.gained.able.value - point.gained.able.value, that.lost.able.value - point.lost.able.value];
  const beats = leads => leads.every(it => it >= 0) && leads.some(it => it > 0);
  return points.filter(point => !points.some(that => beats(lead(that, point)))).sort((a, b) => b.gained.able.value - a.gained.able.value);
}

function rows(compared) {
  return [
    ['checkpoint', 'parent', 'language', 'variant', 'base step', 'learning rate', 'step', 'new score', 'new stderr', 'old score', 'old stderr', 'gain', 'gain stderr', 'loss', 'loss stderr', 'pareto'],
    ...compared.flatMap(({ all, held, front }) => all.map(point => [
      ...[point.checkpoint, point.parent, point.language, point.variant, point.base, point.rate, point.step],
      ...[point.gained.value, point.gained.stderr, point.lost.value, point.lost.stderr],
      ...[point.gain, point.gainStderr, point.loss, point.lossStderr],
      held.includes(point) ? front.includes(point) : null,
    ])),
  ];
}

customElements.define('castalia-continued', Continued);
