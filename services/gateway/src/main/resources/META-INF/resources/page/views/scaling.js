import { html } from 'lit';
import { choose } from '../address.js';
import { part, read, readAll } from '../gateway.js';
import { count, decimal, level, short, signed, t, word } from '../language.js';
import { boardChoice, boardParameters, chosenBoard, direction, isMeasuredAs, measuredText, readBoards, watchedTask } from '../parts/boards.js';
import { axis, notFinite, tooltip } from '../parts/chart.js';
import { colour, faint, series } from '../parts/colours.js';
import { check } from '../parts/inputs.js';
import { Z, interval, isShare, range } from '../parts/ranges.js';
import { View } from '../view.js';


/** Anything else selects several steps, or others than it seems to. */
const STEP = /^\d+$/;

/** Scores by size at one step. */
class Scaling extends View {
  watches() {
    return { keys: ['scorecards', 'findings'], task: watchedTask(this.chosen, this.choices.task) };
  }

  concerns(changed) {
    return changed.has('scorecards') || changed.has('findings');
  }

  async load() {
    const [boards, { runs }] = await Promise.all([readBoards(), read('runs')]);
    const fromScratch = runs.filter(run => !run.parent);
    const chosen = chosenBoard(boards, this.choices);
    const steps = [...new Set(fromScratch.map(run => run.lastStep))].sort((a, b) => b - a);
    const step = this.choices.step || String(steps[0] ?? '');
    const shots = chosen && STEP.test(step) ? await this.#shots(boards, fromScratch, chosen, step) : [];
    const fits = chosen && (await this.#fits(chosen));
    // All at once: what is painted meanwhile must not be half of one choice and half of another.
    Object.assign(this, { boards, chosen, steps, step, shots, fits });
  }

  /** The scores at that step, at each number of shots that the task was scored with. */
  #shots(boards, runs, { board, metric }, step) {
    const alike = boards.filter(it => it.task === board.task && it.source === board.source && it.dtype === board.dtype && it.metrics.some(spec => spec.metric === metric.metric));
    const models = new Map(runs.map(run => [run.model, run]));
    return Promise.all(alike.map(async it => ({ board: it, ...(await this.#points(it, metric, step, models)) })));
  }

  /** What was found of how the score depends on size, of the runs of each line. */
  async #fits({ board, metric }) {
    const { findings } = await read('findings', { kind: 'scaling', task: board.task });
    return findings.filter(it => it.metric === metric.metric && isMeasuredAs(board, it) && it.details?.gainFromShots === null);
  }

  async #points(board, metric, step, models) {
    const { entries } = await readAll(`leaderboards/${part(board.task)}`, { metric: metric.metric, ...boardParameters(board), steps: step }, 'entries', 2000);
    const known = entries.filter(entry => models.has(entry.model)).map(entry => ({ ...entry, suite: models.get(entry.model).suite ?? null, language: models.get(entry.model).language }));
    return { points: known.filter(entry => entry.value !== null), notFinite: known.filter(entry => entry.value === null) };
  }

  /** One line for each variant and language of a suite: at each size the mean over its runs. */
  #lines(points) {
    const isOfSeveral = key => new Set(points.map(point => point[key])).size > 1;
    const told = ['suite', 'variant', 'language'].filter(key => key === 'variant' || isOfSeveral(key));
    const lineOf = point => told.map(key => point[key]).filter(Boolean).join(' ');
    return [...Map.groupBy(points, lineOf)].sort(([a], [b]) => (a < b ? 1 : -1)).map(([name, checkpoints]) => ({
      name,
      ...this.#found(checkpoints),
      points: [...Map.groupBy(checkpoints, point => point.parameters)].sort(([a], [b]) => a - b).map(([parameters, runs]) => ({
        x: Math.log10(parameters),
        parameters,
        ...average(runs),
      })),
    }));
  }

  /** What was found of a line, and its shape if that was found of what is shown: sizes were compared after so many tokens. */
  #found(checkpoints) {
    const finding = this.fits.find(it => checkpoints.some(({ model }) => it.models.includes(model)));
    const isShown = Boolean(finding) && checkpoints.every(({ tokensSeen }) => tokensSeen === finding.details.tokensSeen);
    return { finding, isShown, shape: isShown ? finding.details.shapes[0] : undefined };
  }

  render() {
    return html`<section class="view">
      <header><h1>${t('view.scaling')}</h1>${this.chosen ? html`<p>${direction(this.chosen.metric)}</p>` : ''}</header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      ${this.chosen ? this.#body() : this.none(t('board.none'))}
    </section>`;
  }

  #body() {
    const { board, metric } = this.chosen;
    const { points, notFinite: others } = this.shots.find(it => it.board === board) ?? { points: [], notFinite: [] };
    const lines = this.#lines(points);
    const gains = this.#gains();
    const fitted = this.choices.fit !== 'false';
    return html`
      <form class="choices" @submit=${event => event.preventDefault()}>
        ${boardChoice(this.boards, this.chosen)}
        <label>${t('scaling.step')}<input name="step" list="known-steps" size="10" .value=${this.step} inputmode="numeric" autocomplete="off" @change=${event => choose({ step: event.target.value.trim() })}></label>
        <datalist id="known-steps">${this.steps.map(step => html`<option value=${step}></option>`)}</datalist>
        ${check('fit', t('scaling.fit'), fitted, true)}
      </form>
      <section class="card">
        ${lines.length === 0
          ? others.length ? '' : this.#nothing()
          : html`<castalia-chart .option=${() => this.#option(lines, fitted)} .label=${t('scaling.label', { metric: metric.metric, task: board.task, step: this.step })}
              .legend=${lines.map((line, i) => ({ name: line.name, colour: () => series(i), dash: i > 0 }))}
              .rows=${[['variant', 'parameters', 'value', 'stderr', 'runs'], ...lines.flatMap(line => line.points.map(point => [line.name, point.parameters, point.value, point.stderr, point.runs]))]} .file=${`${board.task}-${metric.metric}-step${this.step}-by-size`}></castalia-chart>
            <p class="note">${t('scaling.note')} ${t('chart.stderr')} ${fitted && fitOf(lines[0]) ? t('scaling.grey', { variant: lines[0].name }) : ''} ${emergence(lines[0], this.chosen.metric) ? t('scaling.shaded') : ''}</p>
            ${lines.filter(line => line.finding).map(({ name, finding, isShown }) => html`<p><strong>${name}: ${word('verdict', finding.verdict)}</strong>${isShown ? '' : ` ${t('scaling.elsewhere', { tokens: short(finding.details.tokensSeen) })}`} <span class="soft">${t('finding.method')}: ${word('method', finding.method)}</span></p>`)}`}
        ${notFinite(others)}
      </section>
      <section class="card" aria-labelledby="gain"><header><h2 id="gain">${t('scaling.gain')}</h2></header>
        ${gains.length === 0
          ? this.none(t('scaling.noGain'))
          : html`<castalia-chart small .option=${() => this.#gainOption(gains)} .label=${t('scaling.gainLabel', { task: board.task })} .legend=${gains.map((gain, i) => ({ name: gain.name, colour: () => series(i + 2), point: true }))}
              .rows=${[['shots', 'checkpoint', 'parameters', 'gain', 'stderr'], ...gains.flatMap(gain => gain.points.map(point => [gain.shots, `${point.model}@${point.revision}`, point.parameters, point.value, point.stderr]))]} .file=${`${board.task}-${metric.metric}-few-shot-gain`}></castalia-chart>`}
      </section>`;
  }

  #nothing() {
    const { step } = this;
    return !step || STEP.test(step) ? this.none(t('scaling.none', { step })) : html`<p class="problem" role="alert">${t('scaling.noStep', { step })}</p>`;
  }

  /** k-shot minus 0-shot of the same checkpoints. */
  #gains() {
    const zero = this.shots.find(it => it.board.shots === 0);
    if (!zero) {
      return [];
    }
    const base = new Map(zero.points.map(point => [`${point.model}@${point.revision}`, point]));
    return this.shots.filter(it => it.board.shots > 0).flatMap(({ board, points }) => {
      const found = points
        .filter(point => base.has(`${point.model}@${point.revision}`))
        .map(point => {
          const other = base.get(`${point.model}@${point.revision}`);
          return { ...point, value: point.value - other.value, stderr: point.stderr === null || other.stderr === null ? null : Math.hypot(point.stderr, other.stderr), x: Math.log10(point.parameters) };
        })
        .sort((a, b) => a.x - b.x);
      return found.length ? [{ name: measuredText(board), shots: board.shots, points: found }] : [];
    });
  }

  #option(lines, fitted) {
    const { metric } = this.chosen;
    const reference = metric.target ?? metric.chance;
    const values = [...lines.flatMap(line => line.points.flatMap(ends)), ...(reference === null ? [] : [reference])];
    const fit = fitted ? fitOf(lines[0]) : null;
    const jump = emergence(lines[0], metric);
    const marks = { name: 'reference', type: 'line', data: [], silent: true, z: 2 };
    if (reference !== null) {
      marks.markLine = { symbol: 'none', silent: true, lineStyle: { color: colour('reference'), type: 'dashed' }, label: { position: 'insideEndTop', color: colour('soft'), formatter: t(metric.target === null ? 'chart.chance' : 'chart.unbiased', { value: level(reference) }) }, data: [{ yAxis: reference }] };
    }
    if (jump) {
      marks.markArea = { silent: true, itemStyle: { color: faint(colour('series-2'), 0.1) }, label: { color: colour('soft'), position: 'top', distance: 3 }, data: [[{ xAxis: jump[0], name: t('scaling.emerges') }, { xAxis: jump[1] }]] };
    }
    return {
      ...sizes(lines),
      yAxis: axis(metric.metric, { type: 'value', scale: true, nameGap: 48, ...range(values, isShare(metric)) }),
      tooltip: tooltip(hit => sizeTip(hit, lines), { trigger: 'item' }),
      series: [
        marks,
        ...(fit ? [{ name: t('scaling.fitted'), owner: lines[0].name, type: 'line', symbol: 'none', silent: true, z: 1, lineStyle: { color: colour('reference'), width: 1.5 }, data: fit }] : []),
        ...lines.flatMap((line, i) => [
          { name: line.name, owner: line.name, type: 'line', color: series(i), symbolSize: 9, z: 3, lineStyle: { width: 2, type: i ? 'dashed' : 'solid' }, data: line.points.map(point => [point.x, point.value]) },
          ...whiskers(line, series(i)),
        ]),
      ],
    };
  }

  #gainOption(gains) {
    return {
      ...sizes(gains),
      yAxis: axis(t('scaling.gainAxis'), { type: 'value', nameGap: 48, ...range([0, ...gains.flatMap(gain => gain.points.flatMap(ends))]) }),
      tooltip: tooltip(hit => sizeTip(hit, gains, signed), { trigger: 'item' }),
      series: gains.flatMap((gain, i) => [
        { name: gain.name, owner: gain.name, type: 'scatter', color: series(i + 2), symbolSize: 9, data: gain.points.map(point => [point.x, point.value]), markLine: { symbol: 'none', silent: true, label: { show: false }, lineStyle: { color: colour('reference'), type: 'dashed' }, data: [{ yAxis: 0 }] } },
        ...whiskers(gain, series(i + 2)),
      ]),
    };
  }
}

const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of runs scored on the same documents, which may all err alike: the standard error is then the mean of theirs, and no larger. */
export const average = runs => ({ runs: runs.length, value: mean(runs.map(run => run.value)), stderr: runs.some(run => run.stderr === null) ? null : mean(runs.map(run => run.stderr)) });

const ends = score => Object.values(interval(score));

function sizes(lines) {
  const all = [...new Set(lines.flatMap(line => line.points.map(point => point.x)))].sort((a, b) => a - b);
  const room = Math.max(0.05, (all.at(-1) - all[0]) * 0.06);
  return {
    xAxis: axis(t('scaling.size'), { type: 'value', min: all[0] - room, max: all.at(-1) + room, splitLine: { show: false }, axisLabel: { color: colour('soft'), hideOverlap: true, customValues: all, formatter: x => short(Math.round(10 ** x)) }, axisTick: { customValues: all } }),
  };
}

/** An interval as a thin line at each point. */
function whiskers(line, drawn) {
  return line.points.filter(point => point.stderr).map((point, i) => ({ name: `${line.name} interval ${i}`, owner: line.name, type: 'line', symbol: 'none', silent: true, z: 2, lineStyle: { color: drawn, width: 1.5, opacity: 0.7, type: 'solid' }, data: ends(point).map(end => [point.x, end]) }));
}

/** Least squares of the score over the logarithm of the size; at least three sizes. */
function logLinear(points) {
  if (points.length < 3) {
    return null;
  }
  const mx = mean(points.map(point => point.x));
  const my = mean(points.map(point => point.value));
  const slope = points.reduce((sum, { x, value }) => sum + (x - mx) * (value - my), 0) / points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  return [points[0].x, points.at(-1).x].map(x => [x, my + slope * (x - mx)]);
}

/** The line of the shape that was found of these points; a log-linear one as long as none is. */
function fitOf({ shape, points }) {
  if (!shape || shape.shape === 'log-linear') {
    return logLinear(points);
  }
  const change = Math.log10(shape.fromParameters);
  const below = points.filter(point => point.x <= change + 1e-9);
  const above = points.filter(point => point.x > change + 1e-9);
  if (!below.length || !above.length) {
    return null;
  }
  const low = mean(below.map(point => point.value));
  if (shape.shape === 'sudden') {
    const high = mean(above.map(point => point.value));
    return [[points[0].x, low], [change, low], [above[0].x, high], [points.at(-1).x, high]];
  }
  return [[points[0].x, low], [change, low], ...above.map(point => [point.x, low + shape.slope * (point.x - change)])];
}

/** Between which logarithms of sizes the score gets better than chance for good; null where it does not, or that cannot be told. */
export function emergence({ points, shape }, { chance, direction }) {
  if (chance === null || !['HIGHER', 'LOWER'].includes(direction)) {
    return null;
  }
  const gain = ({ value }) => (direction === 'LOWER' ? chance - value : value - chance);
  const isBetter = point => point.stderr !== null && gain(point) > Z * point.stderr;
  const isGuessing = point => point.stderr !== null && !isBetter(point);
  if (shape?.shape === 'sudden') {
    const { fromParameters: from, toParameters: to } = shape;
    const emerges = points.every(point => (point.parameters <= from ? isGuessing(point) : point.parameters < to || isBetter(point)));
    return emerges ? [Math.log10(from), Math.log10(to)] : null;
  }
  const first = points.findIndex((_, i) => points.slice(i).every(isBetter));
  return first > 0 && isGuessing(points[first - 1]) ? [points[first - 1].x, points[first].x] : null;
}

function sizeTip(hit, lines, number = decimal) {
  const line = lines.find(it => it.name === hit.seriesName);
  const point = line?.points[hit.dataIndex];
  return point
    ? { title: t('scaling.parameters', { parameters: count(point.parameters) }), entries: [[point.model ? `${point.model}@${point.revision}` : line.name, number(point.value) + (point.stderr === null ? '' : ` ± ${decimal(point.stderr)}`), hit.color]] }
    : { title: hit.seriesName, entries: [] };
}

customElements.define('castalia-scaling', Scaling);
