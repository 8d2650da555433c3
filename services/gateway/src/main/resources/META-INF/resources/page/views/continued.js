import { html } from 'lit';
import { part, read, readAll } from '../gateway.js';
import { count, decimal, signed, t } from '../language.js';
import { boardChoice, boardParameters, chosenBoard, readBoards } from '../parts/boards.js';
import { axis, tooltip } from '../parts/chart.js';
import { colour, series } from '../parts/colours.js';
import { segmented } from '../parts/inputs.js';
import { View } from '../view.js';
import { range } from './trajectories.js';

const LOSS = { task: 'lossTask', metric: 'lossMetric', measured: 'lossMeasured' };
const SYMBOLS = ['circle', 'triangle', 'rect', 'diamond'];
const SHAPES = ['●', '▲', '■', '◆'];

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
    const compared = continued.length && boards.length ? await this.#compared(boards, continued) : { points: undefined };
    // All at once: where a read fails, what is painted must not be half of one choice and half of another.
    Object.assign(this, { boards, ...compared });
  }

  /** What is gained and lost, by which boards. */
  async #compared(boards, runs) {
    const [{ language, parent }] = runs;
    const { choices } = this;
    const scored = await tasksOf(parent);
    const gain = chosenBoard(boards, choices, board => scored.has(board.task) && board.language === language);
    const loss = chosenBoard(boards, { task: choices[LOSS.task], metric: choices[LOSS.metric], measured: choices[LOSS.measured] }, board => scored.has(board.task) && board.language !== language);
    const models = [...new Set(runs.flatMap(run => [run.model, run.parent.split('@')[0]]))];
    const [gained, lost] = await Promise.all([this.#scores(gain, models), this.#scores(loss, models)]);
    return { gain, loss, points: runs.flatMap(run => this.#pointsOf(run, gained, lost, gain.metric, loss.metric)) };
  }

  async #scores({ board, metric }, models) {
    const parts = Array.from({ length: Math.ceil(models.length / RUNS_AT_ONCE) }, (_, i) => models.slice(i * RUNS_AT_ONCE, (i + 1) * RUNS_AT_ONCE));
    const answers = await Promise.all(parts.map(some => readAll(`leaderboards/${part(board.task)}`, { metric: metric.metric, ...boardParameters(board), model: some.join(',') }, 'entries')));
    const entries = answers.flatMap(answer => answer.entries);
    return new Map(entries.filter(entry => entry.value !== null).map(entry => [`${entry.model}@${entry.revision}`, entry]));
  }

  #pointsOf(run, gained, lost, gainMetric, lossMetric) {
    const of = (scores, checkpoint, metric) => {
      const [child, parent] = [scores.get(checkpoint), scores.get(run.parent)];
      return child && parent && { value: better(child.value, parent.value, metric), stderr: child.stderr === null || parent.stderr === null ? null : Math.hypot(child.stderr, parent.stderr) };
    };
    return [...gained.values()].filter(entry => entry.model === run.model).flatMap(entry => {
      const checkpoint = `${entry.model}@${entry.revision}`;
      const gain = of(gained, checkpoint, gainMetric);
      const kept = of(lost, checkpoint, lossMetric);
      const base = gained.get(run.parent) ?? lost.get(run.parent);
      return gain && kept ? [{ checkpoint, step: entry.step, rate: run.learningRate ?? null, base: base.step, parent: run.parent, gain: gain.value, gainStderr: gain.stderr, loss: -kept.value, lossStderr: kept.stderr }] : [];
    });
  }

  render() {
    return html`<section class="view">
      <header><h1>${t('view.continued')}</h1><p>${t('continued.about')}</p></header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      ${this.points ? this.#body() : this.none(t('continued.none'))}
    </section>`;
  }

  #body() {
    const { points } = this;
    const front = pareto(points);
    const by = this.choices.by === 'rate' ? 'rate' : 'base';
    const groups = [...new Set(points.map(point => point[by]))].sort((a, b) => a - b);
    const others = [...new Set(points.map(point => point[by === 'base' ? 'rate' : 'base']))].sort((a, b) => a - b);
    const name = value => (by === 'base' ? t('continued.from', { step: count(value) }) : t('continued.rate', { rate: value ?? '–' }));
    return html`
      <form class="choices" @submit=${event => event.preventDefault()}>
        ${boardChoice(this.boards, this.gain, undefined, t('continued.gainTask'))}
        ${boardChoice(this.boards, this.loss, LOSS, t('continued.lossTask'))}
        ${segmented('by', t('continued.colour'), [['base', t('continued.byBase')], ['rate', t('continued.byRate')]], by)}
      </form>
      ${points.length === 0
        ? this.none(t('continued.notScored'))
        : html`<section class="card">
            <castalia-chart .option=${() => this.#option(points, front, by, groups, others, name)} .label=${t('continued.label', { gain: this.gain.board.task, loss: this.loss.board.task })}
              .legend=${groups.map((value, i) => ({ name: name(value), colour: () => series(i), point: true }))}
              .rows=${[['checkpoint', 'parent', 'base step', 'learning rate', 'step', 'gain', 'gain stderr', 'loss', 'loss stderr', 'pareto'], ...points.map(point => [point.checkpoint, point.parent, point.base, point.rate, point.step, point.gain, point.gainStderr, point.loss, point.lossStderr, front.includes(point)])]} .file=${'continued-pre-training'}></castalia-chart>
            <p class="note">${t('continued.front')} ${t('chart.stderr')} ${t(by === 'base' ? 'continued.shapeRate' : 'continued.shapeBase', { shapes: others.map((value, i) => `${SHAPES[i % SHAPES.length]} ${by === 'base' ? (value ?? '–') : count(value)}`).join(', ') })}</p>
          </section>
          <section class="card" aria-labelledby="best"><header><h2 id="best">${t('continued.best')}</h2></header>
            <div class="scroll" tabindex="0" role="group" aria-label=${t('continued.best')}><table>
              <thead><tr><th scope="col">${t('scorer.checkpoint')}</th><th scope="col" class="number">${t('continued.base')}</th><th scope="col" class="number">${t('continued.learningRate')}</th><th scope="col" class="number">${t('continued.gain')}</th><th scope="col" class="number">${t('continued.loss')}</th></tr></thead>
              <tbody>${front.map(point => html`<tr><td>${point.checkpoint}</td><td class="number">${count(point.base)}</td><td class="number">${point.rate ?? '–'}</td><td class="number">${signed(point.gain)}${error(point.gainStderr)}</td><td class="number">${signed(point.loss)}${error(point.lossStderr)}</td></tr>`)}</tbody>
            </table></div>
          </section>`}`;
  }

  #option(points, front, by, groups, others, name) {
    const other = by === 'base' ? 'rate' : 'base';
    return {
      xAxis: axis(t('continued.lossAxis', { task: this.loss.board.task, metric: this.loss.metric.metric }), { type: 'value', ...range([0, ...points.map(point => point.loss)]) }),
      yAxis: axis(t('continued.gainAxis', { task: this.gain.board.task, metric: this.gain.metric.metric }), { type: 'value', nameGap: 48, ...range([0, ...points.map(point => point.gain)]) }),
      tooltip: tooltip(hit => {
        const point = points.find(it => it.checkpoint === hit.data?.checkpoint);
        return point
          ? { title: point.checkpoint, entries: [[t('continued.base'), count(point.base)], [t('continued.learningRate'), point.rate ?? '–'], [t('continued.gain'), signed(point.gain) + error(point.gainStderr)], [t('continued.loss'), signed(point.loss) + error(point.lossStderr)]] }
          : { title: hit.seriesName, entries: [] };
      }, { trigger: 'item' }),
      series: [
        { name: t('continued.frontName'), type: 'line', silent: true, symbol: 'none', z: 1, lineStyle: { color: colour('reference'), width: 1.5, type: 'dashed' }, data: front.map(point => [point.loss, point.gain]) },
        ...groups.map((value, i) => ({
          name: name(value),
          owner: name(value),
          type: 'scatter',
          color: series(i),
          z: 3,
          data: points.filter(point => point[by] === value).map(point => ({ value: [point.loss, point.gain], checkpoint: point.checkpoint, symbol: SYMBOLS[others.indexOf(point[other]) % SYMBOLS.length], symbolSize: front.includes(point) ? 15 : 10 })),
        })),
      ],
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

/** How much better the one value is than the other, by the metric's direction. */
function better(value, than, { direction, target }) {
  if (direction === 'NEAREST') {
    return Math.abs(than - target) - Math.abs(value - target);
  }
  return direction === 'LOWER' ? than - value : value - than;
}

/** Those that nobody else beats in both, by what they lose. */
function pareto(points) {
  return points
    .filter(point => !points.some(it => it !== point && it.gain >= point.gain && it.loss <= point.loss && (it.gain > point.gain || it.loss < point.loss)))
    .sort((a, b) => a.loss - b.loss);
}

customElements.define('castalia-continued', Continued);
