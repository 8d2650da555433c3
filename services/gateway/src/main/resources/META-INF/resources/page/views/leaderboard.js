import { html, svg } from 'lit';
import { address, choose } from '../address.js';
import { save } from '../csv.js';
import { part, read, readRanking } from '../gateway.js';
import { count, decimal, short, t } from '../language.js';
import { boardChoice, boardName, boardParameters, chosenBoard, direction, groupBoards, measured, readBoards, watchedTask } from '../parts/boards.js';
import { check, text } from '../parts/inputs.js';
import { Z, interval } from '../parts/ranges.js';
import { settings } from '../settings.js';
import { View } from '../view.js';

const ROW = 36;
const BLOCK = 100;
const AROUND = 10;
const AROUND_IN_HURRY = 1;
const GRAIN = 5;
const HURRY_OVER = 150;
const MOVES_SHOWN = 6000;
const MOST_BLOCKS = 60;

/** A ranking of any length: only the rows in sight are there, and read. */
class Leaderboard extends View {
  #blocks = new Map();
  #readingBlocks = false;
  #sparks = new Map();
  #sparksWanted = new Set();
  #moves = new Map();
  #pending = null;
  #pointed = false;
  #subject = '';
  #texts = new WeakMap();
  #textsOf;
  #frame;
  #painted = 0;
  #hurried = false;
  #calm;
  total = 0;
  first = 0;

  watches() {
    return { keys: ['scorecards'], task: watchedTask(this.chosen, this.choices.task) };
  }

  concerns(changed) {
    return changed.has('scorecards');
  }

  async load() {
    const boards = await readBoards();
    this.boards = [...boards, ...groupBoards(boards)];
    this.chosen = chosenBoard(this.boards, this.choices);
    if (!this.chosen) {
      return;
    }
    const subject = JSON.stringify(this.#parameters());
    const same = subject === this.#subject;
    this.#subject = subject;
    if (!same) {
      this.#blocks.clear();
      this.#sparks.clear();
      this.#moves.clear();
      this.#pending = null;
      this.querySelector('.long')?.scrollTo(0, 0);
      this.first = 0;
    }
    const wanted = this.#wanted();
    const read = new Map(await Promise.all(wanted.map(async block => [block, await this.#read(block)])));
    if (subject !== this.#subject) {
      return;
    }
    if (same && this.#isHeld()) {
      this.#pending = read;
      this.#refreshValues(read);
    } else {
      this.#take(read, same);
    }
    this.#sparks.forEach((spark, run) => this.#sparksWanted.add(run));
    this.#readSparks();
  }

  #parameters() {
    const { board, metric } = this.chosen;
    const { model, minParameters, maxParameters, variant, seed, steps, best } = this.choices;
    return { task: board.task, metric: metric.metric, ...boardParameters(board), model, minParameters, maxParameters, variant, seed, steps, best };
  }

  #place() {
    const { board } = this.chosen;
    return board.group ? `group-leaderboards/${part(board.group)}` : `leaderboards/${part(board.task)}`;
  }

  #read(block) {
    const { task, ...parameters } = this.#parameters();
    return read(this.#place(), { ...parameters, page: block + 1, pageSize: BLOCK });
  }

  #wanted() {
    const rows = Math.ceil((this.querySelector('.long')?.clientHeight ?? 800) / ROW);
    const last = Math.floor((this.first + rows + AROUND + GRAIN) / BLOCK);
    const blocks = [];
    for (let block = Math.floor(this.#from() / BLOCK); block <= last && (block === 0 || block * BLOCK < this.total); block++) {
      blocks.push(block);
    }
    return blocks;
  }

  /** Takes what was read as it is, and notes who moved. */
  #take(blocks, same) {
    const before = new Map();
    if (same) {
      this.#blocks.forEach(({ entries }) => entries.forEach(entry => before.set(key(entry), entry.rank)));
    }
    const now = performance.now();
    for (const { entries } of blocks.values()) {
      for (const entry of entries) {
        const rank = before.get(key(entry));
        if (rank && entry.rank && rank !== entry.rank) {
          this.#moves.set(key(entry), { by: rank - entry.rank, until: now + MOVES_SHOWN });
        }
      }
    }
    if (same) {
      this.#blocks.clear();
    }
    blocks.forEach((block, number) => this.#blocks.set(number, block));
    this.total = [...blocks.values()].at(-1)?.total ?? 0;
    this.head = [...blocks.values()].at(-1);
    this.#pending = null;
    // Rows that came into sight since.
    this.#readMissing();
    setTimeout(() => this.requestUpdate(), MOVES_SHOWN + 100);
  }

  /** Whether rows keep their places: else another run would be under the pointer, or have the focus. */
  #isHeld() {
    return this.#pointed || this.querySelector('tbody :focus') !== null;
  }

  /** Rows that keep their places say the latest all the same. */
  #refreshValues(blocks) {
    const latest = new Map();
    blocks.forEach(({ entries }) => entries.forEach(entry => latest.set(key(entry), entry)));
    this.#blocks.forEach(block => {
      block.entries = block.entries.map(entry => {
        const now = latest.get(key(entry));
        return now ? { ...now, rank: entry.rank } : entry;
      });
    });
  }

  #point(pointed) {
    this.#pointed = pointed;
    this.#release();
  }

  #release() {
    if (this.#pending && !this.#isHeld()) {
      this.#take(this.#pending, true);
      this.requestUpdate();
    }
  }

  #scrolled(event) {
    const first = Math.floor(event.target.scrollTop / ROW);
    if (first !== this.first) {
      this.first = first;
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = undefined;
        this.#scrollTo();
      });
      this.#readMissing();
    }
  }

  /** Rows that fly past say their rank, run and value; the rest comes when they stay. */
  #scrollTo() {
    const from = this.#from();
    if (Math.abs(from - this.#painted) >= AROUND) {
      this.#hurried = true;
      clearTimeout(this.#calm);
      this.#calm = setTimeout(() => {
        this.#hurried = false;
        this.requestUpdate();
      }, HURRY_OVER);
    }
    if (from !== this.#painted) {
      this.requestUpdate();
    }
  }

  #around() {
    return this.#hurried ? AROUND_IN_HURRY : AROUND;
  }

  #grain() {
    return this.#hurried ? 1 : GRAIN;
  }

  /** The first row that is there: it changes by several at once, so that not every pixel repaints. */
  #from() {
    const grain = this.#grain();
    return Math.max(0, Math.floor((this.first - this.#around()) / grain) * grain);
  }

  /** One block after the other, and always one that is in sight by then: a leap asks for no more. */
  async #readMissing() {
    if (this.#readingBlocks) {
      return;
    }
    this.#readingBlocks = true;
    try {
      for (let block = this.#missing(); block !== undefined; block = this.#missing()) {
        const subject = this.#subject;
        const answer = await this.#read(block);
        if (subject !== this.#subject) {
          return;
        }
        this.#blocks.set(block, answer);
        if (this.#blocks.size > MOST_BLOCKS) {
          this.#blocks.delete(this.#blocks.keys().next().value);
        }
        this.requestUpdate();
      }
    } catch {
      // The rows stay empty until the next scroll; that the connection is gone is told by the page.
    } finally {
      this.#readingBlocks = false;
    }
  }

  #missing() {
    return this.#wanted().find(block => !this.#blocks.has(block));
  }

  #readSparks() {
    clearTimeout(this.sparkTimer);
    this.sparkTimer = setTimeout(async () => {
      const runs = [...this.#sparksWanted].slice(0, 100);
      if (!runs.length || !this.isConnected) {
        return;
      }
      runs.forEach(run => this.#sparksWanted.delete(run));
      const { board, metric } = this.chosen;
      const subject = this.#subject;
      const answer = await read('sparklines', { models: runs.join(','), task: board.task, metric: metric.metric, measured: measured(board) }).catch(() => null);
      // Those that were not read are asked for again with the next rows that are painted.
      if (!answer || subject !== this.#subject) {
        return;
      }
      runs.forEach(run => this.#sparks.set(run, answer.runs[run] ?? []));
      this.requestUpdate();
    }, 120);
  }

  async #csv() {
    const { task, ...parameters } = this.#parameters();
    const { board } = this.chosen;
    const of = board.group ? ['tasks', 'ofTasks'] : ['documents', 'ofDocuments'];
    const names = ['rank', 'model', 'revision', 'step', 'parameters', 'variant', 'seed', 'value', 'notFinite', 'stderr', ...of];
    try {
      const { entries } = await readRanking(this.#place(), parameters, 'entries', key, 500_000);
      save(`${boardName(board)}-${parameters.metric}`, [names, ...entries.map(entry => names.map(name => entry[name]))]);
    } catch (error) {
      this.problem = error.status ? error.message : t('page.unread');
      this.requestUpdate();
    }
  }

  render() {
    return html`<section class="view">
      <header><h1>${t('view.leaderboard')}</h1>${this.chosen ? html`<p>${direction(this.chosen.metric)}</p>` : ''}</header>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : ''}
      ${this.chosen ? this.#board() : this.none(t('board.none'))}
    </section>`;
  }

  #board() {
    const { board, metric } = this.chosen;
    const { choices } = this;
    const textsOf = settings.language + this.#subject;
    if (textsOf !== this.#textsOf) {
      this.#textsOf = textsOf;
      this.#texts = new WeakMap();
    }
    const rows = Math.ceil((this.querySelector('.long')?.clientHeight ?? 800) / ROW);
    const from = this.#from();
    const to = Math.min(this.total, from + rows + 2 * this.#around() + this.#grain());
    this.#painted = from;
    const shown = [];
    for (let i = from; i < to; i++) {
      shown.push(this.#blocks.get(Math.floor(i / BLOCK))?.entries[i % BLOCK]);
    }
    const scale = intervals(shown);
    // A mean over tasks has no trajectory.
    shown.forEach(entry => entry && !board.group && !this.#sparks.has(entry.model) && this.#sparksWanted.add(entry.model));
    if (this.#sparksWanted.size) {
      this.#readSparks();
    }
    const variants = [...new Set(['standard', 'deduped', ...shown.filter(Boolean).map(entry => entry.variant), choices.variant].filter(Boolean))];
    return html`
      <form class="choices" @submit=${event => event.preventDefault()}>
        ${boardChoice(this.boards, this.chosen)}
        ${text('model', t('filter.models'), choices.model, 'pythia-*')}
        ${text('steps', t('filter.steps'), choices.steps, 'all, log, 0..1000')}
        ${text('minParameters', t('filter.least'), choices.minParameters, '70000000', { size: 9 })}
        ${text('maxParameters', t('filter.most'), choices.maxParameters, '1000000000', { size: 9 })}
        <label>${t('filter.variant')}<select name="variant" @change=${event => choose({ variant: event.target.value })}>
          <option value="">${t('filter.any')}</option>${variants.map(variant => html`<option value=${variant} .selected=${variant === choices.variant}>${variant}</option>`)}
        </select></label>
        ${text('seed', t('filter.seed'), choices.seed, '1234', { size: 6 })}
        ${check('best', t('filter.best'), choices.best === 'true')}
      </form>
      <div class="long" tabindex="0" role="region" aria-label=${t('board.region', { task: boardName(board), metric: metric.metric })} @scroll=${this.#scrolled}
        @pointerenter=${() => this.#point(true)} @pointerleave=${() => this.#point(false)}>
        <table class=${board.group ? 'of-group' : ''} aria-rowcount=${this.total + 1}>
          <thead><tr aria-rowindex="1">
            <th scope="col" class="rank number">${t('board.rank')}</th>
            <th scope="col" class="run">${t('board.run')}</th>
            <th scope="col" class="step number">${t('board.step')}</th>
            <th scope="col" class="size number">${t('board.size')}</th>
            <th scope="col" class="variant">${t('filter.variant')}</th>
            <th scope="col" class="seed number">${t('filter.seed')}</th>
            <th scope="col" class="value number">${metric.metric}</th>
            <th scope="col" class="interval">${t('board.interval')}</th>
            <th scope="col" class="spark">${t('board.spark')}</th>
            <th scope="col" class="documents number">${t(board.group ? 'board.tasks' : 'board.documents')}</th>
          </tr></thead>
          <tbody @focusout=${event => event.currentTarget.contains(event.relatedTarget) || this.#release()}>
            <tr class="space" aria-hidden="true"><td .style=${`height:${from * ROW}px`}></td></tr>
            ${shown.map((entry, i) => this.#row(entry, from + i, scale))}
            <tr class="space" aria-hidden="true"><td .style=${`height:${(this.total - to) * ROW}px`}></td></tr>
          </tbody>
        </table>
        ${this.total === 0 ? this.none(t('board.empty')) : ''}
      </div>
      <div class="board-foot">
        <span class="note">${this.total || this.loaded ? t('board.entries', { entries: count(this.total) }) : ''}</span>
        <span class="note">${t('chart.stderr')}</span>
        <span class="note" role="status">${this.#pending ? t('board.held') : ''}</span>
        <button type="button" @click=${this.#csv}>${t('chart.csv')}</button>
        ${board.group
          ? html`<span class="note">${this.head?.tasks ? t('board.meanOver', { tasks: count(this.head.tasks.length) }) : ''} ${metric.direction === 'NEAREST' ? t('board.meanDistance') : ''}</span>`
          : html`<a href=${address('trajectories', { task: board.task, metric: metric.metric, measured: choices.measured, runs: choices.model })}>${t('view.trajectories')}</a>
            <a href=${address('scaling', { task: board.task, metric: metric.metric, measured: choices.measured })}>${t('view.scaling')}</a>`}
      </div>`;
  }

  #row(entry, index, scale) {
    if (!entry) {
      return html`<tr aria-rowindex=${index + 2}><td class="number soft">${count(index + 1)}</td><td class="soft">…</td><td></td><td class="size"></td><td class="variant"></td><td class="seed"></td><td></td><td class="interval"></td><td class="spark"></td><td class="documents"></td></tr>`;
    }
    const text = this.#text(entry);
    const later = part => (this.#hurried ? '' : part());
    return html`<tr aria-rowindex=${index + 2} data-checkpoint=${text.checkpoint}>
      <td class="number rank">${text.rank}${this.#moved(entry)}</td>
      <td class="run"><a href=${text.address} title=${text.title}>${entry.model}</a></td>
      <td class="number step" title=${entry.revision}>${later(() => text.step)}</td>
      <td class="number size" title=${text.parameters}>${later(() => text.size)}</td>
      <td class="variant">${later(() => entry.variant)}</td>
      <td class="number seed">${later(() => entry.seed ?? '')}</td>
      <td class="number value">${text.value}<span class="soft">${later(() => text.stderr)}</span></td>
      <td class="interval">${later(() => whisker(entry, scale))}</td>
      <td class="spark">${later(() => spark(this.#sparks.get(entry.model), entry.step))}</td>
      <td class="number documents ${text.partial ? 'partial' : ''}">${later(() => text.documents)}</td>
    </tr>`;
  }

  /** What a row says, made once: while the table scrolls, the same rows are painted many times. */
  #text(entry) {
    if (!this.#texts.has(entry)) {
      const { board, metric } = this.chosen;
      const [some, all] = board.group ? [entry.tasks, entry.ofTasks] : [entry.documents, entry.ofDocuments];
      const partial = some < all;
      const runs = board.group ? { runs: entry.model } : { task: board.task, metric: metric.metric, measured: this.choices.measured, runs: entry.model };
      this.#texts.set(entry, {
        checkpoint: key(entry),
        rank: entry.rank === null ? '–' : count(entry.rank),
        address: address('trajectories', runs),
        title: t('board.trajectoryOf', { run: entry.model }),
        step: count(entry.step),
        parameters: count(entry.parameters),
        size: short(entry.parameters),
        value: entry.value === null ? entry.notFinite : decimal(entry.value),
        stderr: entry.stderr === null ? '' : ` ± ${decimal(entry.stderr)}`,
        partial,
        documents: all === 0 ? '–' : partial ? `${count(some)} / ${count(all)}` : count(some),
      });
    }
    return this.#texts.get(entry);
  }

  #moved(entry) {
    const move = this.#moves.get(key(entry));
    if (!move || move.until < performance.now()) {
      return '';
    }
    return html`<span class="moved ${move.by > 0 ? 'up' : 'down'}"><span aria-hidden="true">${move.by > 0 ? '▲' : '▼'}</span><span class="visually-hidden">${t(move.by > 0 ? 'board.up' : 'board.down')}</span>${count(Math.abs(move.by))}</span>`;
  }
}

const key = entry => `${entry.model}@${entry.revision}`;

/** From where to where the intervals in sight go. */
function intervals(entries) {
  const ends = entries.filter(entry => entry && entry.value !== null).flatMap(entry => Object.values(interval(entry)));
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  return { low, span: high - low || 1 };
}

function whisker({ value, stderr }, { low, span }) {
  if (value === null) {
    return '';
  }
  const at = number => (4 + (132 * (number - low)) / span).toFixed(1);
  const half = Z * (stderr ?? 0);
  return html`<svg class="interval" width="140" height="16" viewBox="0 0 140 16" aria-hidden="true">
    ${svg`<line class="rule" x1="4" x2="136" y1="8" y2="8"></line><line x1=${at(value - half)} x2=${at(value + half)} y1="8" y2="8"></line><circle cx=${at(value)} cy="8" r="3.2"></circle>`}
  </svg>`;
}

/** The run's trajectory, by log step, with this checkpoint on it. */
function spark(points, step) {
  if (!points || points.length < 2) {
    return '';
  }
  if (!drawn.has(points)) {
    drawn.set(points, places(points));
  }
  const at = drawn.get(points);
  const here = points.reduce((near, point, i) => (Math.abs(point[0] - step) < Math.abs(points[near][0] - step) ? i : near), 0);
  return html`<svg class="spark" width="110" height="22" viewBox="0 0 110 22" aria-hidden="true">
    ${svg`<polyline points=${at.line}></polyline><circle cx=${at.xs[here]} cy=${at.ys[here]} r="2.6"></circle>`}
  </svg>`;
}

const drawn = new WeakMap();

/** Where the points of a trajectory are drawn. */
function places(points) {
  const steps = points.map(point => Math.log10(1 + point[0]));
  const values = points.map(point => point[1]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const xs = steps.map(value => (3 + (104 * (value - steps[0])) / (steps.at(-1) - steps[0] || 1)).toFixed(1));
  const ys = values.map(value => (19 - (16 * (value - low)) / (high - low || 1)).toFixed(1));
  return { xs, ys, line: xs.map((x, i) => `${x},${ys[i]}`).join(' ') };
}

customElements.define('castalia-leaderboard', Leaderboard);
