import { html } from 'lit';
import { choose } from '../address.js';
import { read } from '../gateway.js';
import { level, t } from '../language.js';

/** All boards: what was scored on which task, by which metrics. */
export const readBoards = async () => (await read('leaderboards')).leaderboards;

const GROUP = 'group:';
const USUAL_DTYPE = 'float32';

/** Of a text's likelihood, the metric that is looked at first: perplexities of an untrained model dwarf all others. */
const LEGIBLE = 'bits_per_byte';

/** What a board ranks by, as a reader knows it. */
export const boardName = board => board.group ?? board.task;

/** A board for each tag that several of these boards have, measured alike: the mean over their tasks. */
export function groupBoards(boards) {
  const groups = new Map();
  for (const board of boards.filter(it => it.source || it.dtype === USUAL_DTYPE)) {
    for (const tag of board.tags) {
      const key = JSON.stringify([tag, measured(board)]);
      groups.set(key, { tag, members: [...(groups.get(key)?.members ?? []), board] });
    }
  }
  return [...groups.values()].filter(({ members }) => members.length > 1).map(({ tag, members }) => {
    const [{ shots, dtype, source, language }] = members;
    const specs = new Map();
    members.forEach(({ metrics }) => metrics.forEach(spec => specs.set(spec.metric, [...(specs.get(spec.metric) ?? []), spec])));
    const metrics = [...specs.values()].filter(alike => alike.length > 1).map(alike => ({ ...alike[0], chance: alike.every(({ chance }) => chance === alike[0].chance) ? alike[0].chance : null }));
    return { task: GROUP + tag, group: tag, shots, dtype, source, language, tags: [], metrics };
  }).filter(({ metrics }) => metrics.length);
}

/** How the scores of a board were measured, as keys end with it. */
export const measured = board => (board.source ? `${board.shots}||${board.source}` : `${board.shots}|${board.dtype}`);

export function measuredText(board) {
  const shots = t('board.shots', { shots: board.shots });
  return board.source ? `${shots}, ${board.source}` : `${shots}, ${board.dtype}`;
}

/** Whether that finding or trajectory is of scores as this board ranks them. */
export const isMeasuredAs = (board, { task, shots, dtype, source }) => task === board.task && shots === board.shots && dtype === board.dtype && (source ?? null) === (board.source ?? null);

/** The parameters that name the board to the gateway. */
export const boardParameters = board =>
  board.group ? { shots: board.shots, source: board.source } : board.source ? { shots: board.shots, source: board.source } : { shots: board.shots, dtype: board.dtype };

/** The board and metric that these choices name, else the nearest to them; undefined without any. */
export function chosenBoard(boards, { task, metric, measured: how }, preferred = () => true) {
  const ofTask = boards.filter(board => board.task === task);
  const candidates = ofTask.length ? ofTask : boards.filter(preferred).length ? boards.filter(preferred) : boards;
  const board = candidates.find(candidate => measured(candidate) === how) ?? candidates[0];
  return board && { board, metric: board.metrics.find(spec => spec.metric === metric) ?? board.metrics.find(spec => spec.metric === LEGIBLE) ?? board.metrics[0] };
}

/**
 * The task whose changes concern a view of that board. Empty for all: until there is a board of the
 * task that is asked for, any score may bring it; and a group's tasks are more than one.
 */
export const watchedTask = (chosen, asked) => (chosen && !chosen.board.group && (!asked || asked === chosen.board.task) ? chosen.board.task : '');

/** Selects for task, metric, and how it was measured. */
export function boardChoice(boards, chosen, names = { task: 'task', metric: 'metric', measured: 'measured' }, label = t('board.task')) {
  const named = wanted => [...new Set(boards.filter(board => Boolean(board.group) === wanted).map(board => board.task))];
  const [tasks, groups] = [named(false), named(true)];
  const option = task => html`<option value=${task} .selected=${task === chosen.board.task}>${task.startsWith(GROUP) ? task.slice(GROUP.length) : task}</option>`;
  const alike = boards.filter(board => board.task === chosen.board.task);
  const pick = name => event => choose({ [names[name]]: event.target.value, ...(name === 'task' && { [names.metric]: '', [names.measured]: '' }) });
  return html`
    <label>${label}
      <select name=${names.task} @change=${pick('task')}>${tasks.map(option)}${groups.length ? html`<optgroup label=${t('board.groups')}>${groups.map(option)}</optgroup>` : ''}</select>
    </label>
    <label>${t('board.metric')}
      <select name=${names.metric} @change=${pick('metric')}>${chosen.board.metrics.map(({ metric }) => html`<option value=${metric} .selected=${metric === chosen.metric.metric}>${metric}</option>`)}</select>
    </label>
    ${alike.length > 1
      ? html`<label>${t('board.measured')}
          <select name=${names.measured} @change=${pick('measured')}>${alike.map(board => html`<option value=${measured(board)} .selected=${board === chosen.board}>${measuredText(board)}</option>`)}</select>
        </label>`
      : ''}`;
}

export function direction(metric) {
  const order = { HIGHER: 'board.higher', LOWER: 'board.lower', NEAREST: 'board.nearest' }[metric.direction];
  const chance = metric.chance === null ? '' : ` · ${t('board.chance', { chance: level(metric.chance) })}`;
  return (order ? t(order, { target: metric.target === null ? '' : level(metric.target) }) : '') + chance;
}
