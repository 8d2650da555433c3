import { html } from 'lit';
import { live } from 'lit/directives/live.js';
import { choose } from '../address.js';
import { part, read, readAll } from '../gateway.js';
import { count, decimal, level, short, signed, t, word } from '../language.js';
import { boardChoice, boardParameters, chosenBoard, direction, isMeasuredAs, readBoards, watchedTask } from '../parts/boards.js';
import { axis, notFinite, tooltip } from '../parts/chart.js';
import { colour, faint, series } from '../parts/colours.js';
import { check, segmented } from '../parts/inputs.js';
import { interval, isShare, range } from '../parts/ranges.js';
import { AXES, bands } from '../parts/steps.js';
import { View } from '../view.js';

const MOST = 40;
const DEFAULT_RUNS = 8;

/** Among more, dots hide the lines; they show under the pointer. */
const MOST_DOTS = 300;

/** How scores moved over training. */
class Trajectories extends View {
  filter = '';

  watches() {
    return { keys: ['scorecards', 'trajectories', 'findings'], task: watchedTask(this.chosen, this.choices.task) };
  }

  concerns(changed) {
    return ['scorecards', 'trajectories', 'findings'].some(topic => changed.has(topic));
  }

  async load() {
    const [boards, { runs }] = await Promise.all([readBoards(), read('runs')]);
    const chosen = chosenBoard(boards, this.choices);
    const names = chosen && (await this.#names(chosen, runs));
    const scores = chosen && (await this.#scores(chosen, names, runs));
    const bias = chosen && (await this.#bias(chosen, scores.trajectories));
    // All at once: where a read fails, what is painted must not be half of one choice and half of another.
    Object.assign(this, { boards, runs, chosen, names, ...scores, bias });
  }

  async #scores({ board, metric }, names, runs) {
    const { trajectories } = await readAll('trajectories', { task: board.task, metric: metric.metric, model: names.join(',') }, 'trajectories');
    const measured = trajectories.filter(it => isMeasuredAs(board, it));
    return {
      notFinite: measured.flatMap(({ model, points }) => points.filter(point => point.value === null).map(point => ({ model, ...point }))),
      trajectories: measured
        .map(it => ({ ...it, run: runs.find(run => run.model === it.model), points: it.points.filter(point => point.value !== null) }))
        .filter(it => it.points.length && it.run)
        .sort((a, b) => a.run.parameters - b.run.parameters || a.model.localeCompare(b.model, undefined, { numeric: true })),
    };
  }

  /** What was found of the phases of the one run shown. */
  async #bias({ board, metric }, trajectories) {
    if (metric.target === null || trajectories.length !== 1) {
      return undefined;
    }
    const { findings } = await read('findings', { kind: 'bias-trajectory', task: board.task, model: trajectories[0].model });
    return findings.find(it => it.metric === metric.metric && isMeasuredAs(board, it));
  }

  /** The runs to show: the chosen ones; else the first from-scratch ones that were scored. */
  async #names({ board, metric }, runs) {
    if (this.choices.runs) {
      return this.choices.runs.split(',').filter(Boolean).slice(0, 200);
    }
    const { entries } = await read(`leaderboards/${part(board.task)}`, { metric: metric.metric, ...boardParameters(board), best: true, pageSize: 1000 });
    const scored = new Set(entries.map(entry => entry.model));
    const scratch = runs.filter(run => !run.parent && run.checkpoints > 1 && scored.has(run.model));
    const standard = scratch.filter(run => run.variant === 'standard' && !/seed|weight|data/.test(run.model));
    return (standard.length ? standard : scratch.length ? scratch : runs.filter(run => scored.has(run.model))).map(run => run.model).slice(0, DEFAULT_RUNS);
  }

  /** What is drawn as one line: a run, or the runs that differ in their seed alone. */
  #lines() {
    const at = AXES[this.#axis()].of;
    const shown = this.trajectories.slice(0, MOST);
    const sizes = [...new Set(shown.map(it => it.run.parameters))];
    // Colours tell sizes, where that tells the runs apart.
    const single = sizes.length === 1 || shown.some(it => it.run.parent);
    const groups = this.choices.seeds === 'true' ? seedGroups(shown) : shown.map(it => [it]);
    return groups.map((group, i) => {
      const [{ run, model }] = group;
      const points = group.length === 1 ? group[0].points.map(point => ({ ...point, x: at(point), ...interval(point) })) : overSeeds(group, at);
      return {
        name: group.length === 1 ? model : t('trajectories.seedsOf', { run: stem(run), seeds: seedsOf(group) }),
        index: single ? i : sizes.indexOf(run.parameters),
        dash: run.variant !== 'standard' && !single,
        run,
        points,
      };
    });
  }

  #axis() {
    return AXES[this.choices.axis] ? this.choices.axis : 'log';
  }

  render() {
    return html`<section class="view">
      <header><h1>${t('view.trajectories')}</h1>${this.chosen ? html`<p>${direction(this.chosen.metric)}</p>` : ''}</header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      ${this.chosen ? this.#body() : this.none(t('board.none'))}
    </section>`;
  }

  #body() {
    const { choices } = this;
    const lines = this.#lines();
    const hasBands = choices.band !== 'false';
    const pairs = this.#pairs();
    const { board, metric } = this.chosen;
    return html`
      <form class="choices" @submit=${event => event.preventDefault()}>
        ${boardChoice(this.boards, this.chosen)}
        ${this.#picker()}
        ${segmented('axis', t('trajectories.axis'), [['log', t('axis.log')], ['linear', t('axis.linear')], ['tokens', t('axis.tokens')]], this.#axis())}
        ${check('band', t('trajectories.band'), hasBands, true)}
        ${check('seeds', t('trajectories.seeds'), choices.seeds === 'true')}
        ${metric.target === null ? '' : check('phases', t('trajectories.phases'), choices.phases !== 'false', true)}
        ${check('variants', t('trajectories.variants'), choices.variants === 'true')}
      </form>
      <section class="card">
        ${lines.length === 0
          ? this.notFinite.length ? '' : this.none(t('trajectories.none'))
          : html`<castalia-chart .option=${isShown => this.#option(lines, hasBands, isShown)} .label=${t('trajectories.label', { metric: metric.metric, task: board.task, runs: lines.map(line => line.name).join(', ') })}
              .legend=${lines.map(line => ({ name: line.name, colour: () => series(line.index), dash: line.dash }))} .rows=${rows(lines, this.notFinite)} .file=${`${board.task}-${metric.metric}-trajectories`}></castalia-chart>`}
        ${notFinite(this.notFinite)}
        ${this.bias && lines.length === 1 ? html`<p><strong>${word('verdict', this.bias.verdict)}</strong> <span class="soft">${t('finding.method')}: ${word('method', this.bias.method)}</span></p>` : ''}
        <p class="note">${hasBands ? t(choices.seeds === 'true' ? 'trajectories.bandSeeds' : 'trajectories.bandIs') : ''} ${t('chart.stderr')} ${this.trajectories.length > MOST ? t('trajectories.most', { shown: MOST, all: this.trajectories.length }) : ''}</p>
      </section>
      ${choices.variants === 'true'
        ? html`<section class="card" aria-labelledby="difference"><header><h2 id="difference">${t('trajectories.difference')}</h2></header>
            ${pairs.length === 0
              ? this.none(t('trajectories.noPairs'))
              : html`<castalia-chart small .option=${isShown => this.#difference(pairs, isShown)} .label=${t('trajectories.differenceLabel', { task: board.task })}
                  .legend=${pairs.map((pair, i) => ({ name: pair.name, colour: () => series(i) }))}
                  .rows=${[['pair', 'step', 'difference', 'stderr'], ...pairs.flatMap(pair => pair.points.map(point => [pair.name, point.step, point.value, point.stderr]))]} .file=${`${board.task}-${metric.metric}-deduped-minus-standard`}></castalia-chart>
                <p class="note">${t('trajectories.differenceNote')}</p>`}
          </section>`
        : ''}`;
  }

  #picker() {
    const isOpen = this.querySelector('.picker')?.open;
    return html`<div class="field"><span id="runs-label">${t('trajectories.runs')}</span>
      <details class="picker" @toggle=${() => this.requestUpdate()}><summary aria-labelledby="runs-label runs-count"><span id="runs-count">${t('trajectories.chosen', { runs: this.trajectories.length })}</span></summary>
        ${isOpen ? this.#menu() : ''}
      </details></div>`;
  }

  /** Those chosen last, which may not be read yet; else those shown. */
  #ticked() {
    return new Set(this.choices.runs ? this.choices.runs.split(',') : this.names);
  }

  #menu() {
    const ticked = this.#ticked();
    const found = this.runs.filter(run => run.model.includes(this.filter));
    const pick = (model, on) => {
      const now = this.#ticked();
      now[on ? 'add' : 'delete'](model);
      choose({ runs: [...now].join(',') });
    };
    return html`<div class="menu">
      <input type="search" aria-label=${t('trajectories.find')} placeholder=${t('trajectories.find')} .value=${this.filter} @input=${event => { this.filter = event.target.value.trim(); this.requestUpdate(); }}>
      <div class="list">${found.slice(0, 300).map(run => html`<label><input type="checkbox" value=${run.model} .checked=${live(ticked.has(run.model))} @change=${event => pick(run.model, event.target.checked)}>${run.model}<span class="soft">${short(run.parameters)}</span></label>`)}</div>
      <p class="actions"><button type="button" @click=${() => choose({ runs: found.slice(0, MOST).map(run => run.model).join(',') })}>${t('trajectories.all')}</button><button type="button" @click=${() => choose({ runs: '' })}>${t('trajectories.usual')}</button></p>
    </div>`;
  }

  #option(lines, hasBands, isShown) {
    const kind = AXES[this.#axis()];
    const { metric } = this.chosen;
    const xs = lines.flatMap(line => line.points.map(point => point.x));
    const ticks = kind.ticks?.(xs);
    const reference = metric.target ?? metric.chance;
    const drawn = lines.map(line => ({
      name: line.name,
      type: 'line',
      z: 3,
      color: series(line.index),
      lineStyle: { width: 2, type: line.dash ? 'dashed' : 'solid' },
      symbol: 'circle',
      symbolSize: line.points.length > 60 ? 3 : 5.5,
      showSymbol: xs.length <= MOST_DOTS,
      data: line.points.map(point => [point.x, point.value]),
    }));
    const around = hasBands ? [bands(lines.filter(line => isShown(line.name)).map(line => ({ points: line.points, drawn: series(line.index) })))] : [];
    const marks = { name: 'reference', type: 'line', data: [], silent: true, z: 2 };
    if (reference !== null && reference !== undefined) {
      marks.markLine = {
        symbol: 'none',
        silent: true,
        label: { formatter: t(metric.target === null ? 'chart.chance' : 'chart.unbiased', { value: level(reference) }), position: 'insideEndTop', color: colour('soft') },
        lineStyle: { color: colour('reference'), type: 'dashed', width: 1.5 },
        data: [{ yAxis: reference }],
      };
    }
    if (metric.target !== null && this.choices.phases !== 'false') {
      marks.markArea = { silent: true, data: phases(lines, metric.target, this.bias, kind.of).map(phase => [{ xAxis: phase.from, name: t(`phase.${phase.kind}`), label: { color: colour('soft'), position: 'top', distance: 3 }, itemStyle: { color: faint(colour({ above: 'series-2', below: 'series-7', unbiased: 'series-4', rising: 'series-2', falling: 'series-7', steady: 'series-4' }[phase.kind]), 0.09) } }, { xAxis: phase.to }]) };
    }
    const values = [...lines.flatMap(line => line.points.flatMap(point => (hasBands ? [point.low, point.high] : [point.value]))), ...(reference === null || reference === undefined ? [] : [reference])];
    return {
      xAxis: axis(t(`axis.name.${this.#axis()}`), { type: 'value', min: Math.min(...xs), max: Math.max(...xs), splitLine: { show: false }, axisLabel: { color: colour('soft'), hideOverlap: true, customValues: ticks, formatter: kind.text }, axisTick: { customValues: ticks } }),
      yAxis: axis(metric.metric, { type: 'value', scale: true, nameGap: 48, ...range(values, isShare(metric)) }),
      tooltip: tooltip(hits => tip(hits, lines), { trigger: 'axis', axisPointer: { lineStyle: { color: colour('reference') } } }),
      series: [marks, ...around, ...drawn],
    };
  }

  /** Deduplicated and standard runs that differ in that alone, at the steps that both have. */
  #pairs() {
    const at = AXES[this.#axis()].of;
    return this.trajectories
      .filter(it => it.run.variant === 'deduped' && !it.run.parent)
      .flatMap(deduped => {
        const standard = this.trajectories.find(it => it.run.variant === 'standard' && !it.run.parent && ['suite', 'parameters', 'language', 'seed'].every(of => it.run[of] === deduped.run[of]));
        const byStep = new Map(standard?.points.map(point => [point.step, point]));
        const points = deduped.points.filter(point => byStep.has(point.step)).map(point => {
          const other = byStep.get(point.step);
          const stderr = point.stderr === null || other.stderr === null ? null : Math.hypot(point.stderr, other.stderr);
          const value = point.value - other.value;
          return { step: point.step, x: at(point), value, stderr, ...interval({ value, stderr }) };
        });
        return points.length ? [{ name: deduped.model, points }] : [];
      });
  }

  #difference(pairs, isShown) {
    const kind = AXES[this.#axis()];
    const xs = pairs.flatMap(pair => pair.points.map(point => point.x));
    const ticks = kind.ticks?.(xs);
    return {
      xAxis: axis(t(`axis.name.${this.#axis()}`), { type: 'value', min: Math.min(...xs), max: Math.max(...xs), splitLine: { show: false }, axisLabel: { color: colour('soft'), hideOverlap: true, customValues: ticks, formatter: kind.text }, axisTick: { customValues: ticks } }),
      yAxis: axis(t('trajectories.minus'), { type: 'value', nameGap: 48, ...range([0, ...pairs.flatMap(pair => pair.points.flatMap(point => [point.low, point.high]))]) }),
      tooltip: tooltip(hits => tip(hits, pairs, signed), { trigger: 'axis' }),
      series: [
        bands(pairs.map((pair, i) => ({ ...pair, drawn: series(i) })).filter(pair => isShown(pair.name))),
        ...pairs.map((pair, i) => ({ name: pair.name, type: 'line', z: 3, color: series(i), symbolSize: 5, data: pair.points.map(point => [point.x, point.value]), markLine: i ? undefined : { symbol: 'none', silent: true, label: { show: false }, lineStyle: { color: colour('reference'), type: 'dashed' }, data: [{ yAxis: 0 }] } })),
      ],
    };
  }
}

const stem = run => run.model.replace(/-?seed-?\d+/, '');

/** Runs alike in all but their seed; each by itself as long as no two of them were scored at one step, or where no two are known to differ. */
function seedGroups(trajectories) {
  const groups = Map.groupBy(trajectories, ({ run: { suite, parameters, variant, language, parent, learningRate } }) => JSON.stringify([suite, parameters, variant, language, parent, learningRate]));
  return [...groups.values()].flatMap(group => (seedsOf(group) > 1 && shareAStep(group) ? [group] : group.map(it => [it])));
}

const seedsOf = group => new Set(group.map(it => it.run.seed).filter(seed => seed !== undefined)).size;

function shareAStep(group) {
  const steps = group.flatMap(it => it.points.map(point => point.step));
  return new Set(steps).size < steps.length;
}

/** At each step that two seeds or more have: their mean, and from the least to the most. */
function overSeeds(group, at) {
  const bySteps = new Map();
  group.forEach(({ points }) => points.forEach(point => bySteps.set(point.step, [...(bySteps.get(point.step) ?? []), point])));
  return [...bySteps.values()]
    .filter(points => points.length > 1)
    .sort((a, b) => a[0].step - b[0].step)
    .map(points => {
      const values = points.map(point => point.value);
      return { ...points[0], revision: '', x: at(points[0]), value: values.reduce((sum, value) => sum + value, 0) / values.length, stderr: null, low: Math.min(...values), high: Math.max(...values) };
    });
}

/**
 * The phases that were found; before they are, where the one line shown is off the unbiased value
 * by more than its interval, and where not. With several lines there is no one phase to shade.
 */
function phases(lines, target, bias, at) {
  const fitted = bias?.details?.phases ?? [];
  if (lines.length === 1 && fitted.length) {
    const tokensAStep = lines[0].points.at(-1).tokensSeen / (lines[0].points.at(-1).step || 1);
    const place = step => at({ step, tokensSeen: step * tokensAStep });
    return fitted.map(({ direction: way, fromStep, toStep }) => ({ kind: way, from: place(fromStep), to: place(toStep) }));
  }
  if (lines.length !== 1 || lines[0].points.length < 2) {
    return [];
  }
  const { points } = lines[0];
  const kinds = points.map(({ low, high }) => (low > target ? 'above' : high < target ? 'below' : 'unbiased'));
  const found = [];
  kinds.forEach((kind, i) => {
    const from = i === 0 ? points[0].x : (points[i - 1].x + points[i].x) / 2;
    const to = i === points.length - 1 ? points[i].x : (points[i].x + points[i + 1].x) / 2;
    if (found.at(-1)?.kind === kind) {
      found.at(-1).to = to;
    } else {
      found.push({ kind, from, to });
    }
  });
  return found;
}

function tip(hits, lines, number = decimal) {
  const own = hits.filter(hit => lines.some(line => line.name === hit.seriesName));
  const point = hit => lines.find(line => line.name === hit.seriesName).points[hit.dataIndex];
  const first = own.length ? point(own[0]) : { step: 0 };
  return {
    title: t('chart.step', { step: count(first.step) }),
    entries: own
      .sort((a, b) => b.value[1] - a.value[1])
      .map(hit => {
        const { value, stderr } = point(hit);
        return [hit.seriesName, number(value) + (stderr === null || stderr === undefined ? '' : ` ± ${decimal(stderr)}`), hit.color];
      }),
  };
}

function rows(lines, others) {
  const row = (name, point) => [name, point.step, point.tokensSeen, point.value, point.notFinite, point.stderr, point.low, point.high, point.documents];
  return [['run', 'step', 'tokens', 'value', 'notFinite', 'stderr', 'low', 'high', 'documents'], ...lines.flatMap(line => line.points.map(point => row(line.name, point))), ...others.map(point => row(point.model, point))];
}

customElements.define('castalia-trajectories', Trajectories);
