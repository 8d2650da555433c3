import { count, decimal, element, short } from './dom.js';

const ORDER = {
  HIGHER: () => 'higher is better',
  LOWER: () => 'lower is better',
  NEAREST: metric => `nearest to ${metric.target} is best`,
};

/** Shows a page of a leaderboard. onRun(model) when a run is picked. */
export function showBoard(board, chosenRun, onRun) {
  const order = (ORDER[board.metric.direction] ?? (() => ''))(board.metric);
  const chance = board.metric.chance === null ? '' : `, chance is ${board.metric.chance}`;
  const note = document.getElementById('board-note');
  note.classList.remove('bad');
  note.textContent =
    `${board.task} by ${board.metric.metric}: ${order}${chance}; ${board.shots}-shot, ${board.dtype}; ` +
    `${count(board.total)} ${board.total === 1 ? 'entry' : 'entries'}` +
    (board.version ? `; version ${board.version.slice(0, 12)}` : '');
  document.getElementById('value-head').textContent = board.metric.metric;
  document.getElementById('entries').replaceChildren(...board.entries.map(entry => row(entry, chosenRun, onRun)));
  const pages = Math.max(1, Math.ceil(board.total / board.pageSize));
  document.getElementById('page').textContent = `page ${board.page} of ${pages}`;
  document.getElementById('previous').disabled = board.page <= 1;
  document.getElementById('next').disabled = board.page >= pages;
  document.getElementById('pages').hidden = pages === 1 && board.page === 1;
}

export function showBoardProblem(message) {
  const note = document.getElementById('board-note');
  note.classList.add('bad');
  note.textContent = message;
  document.getElementById('entries').replaceChildren();
  document.getElementById('pages').hidden = true;
}

function row(entry, chosenRun, onRun) {
  const run = element('button', { type: 'button', title: `Trajectory of ${entry.model}` }, entry.model);
  run.addEventListener('click', () => onRun(entry.model));
  const complete = entry.documents === entry.ofDocuments;
  return element(
    'tr',
    { class: entry.model === chosenRun ? 'chosen' : undefined },
    element('td', { class: 'number' }, String(entry.rank)),
    element('td', { class: 'run' }, run),
    element('td', { class: 'number', title: entry.revision }, count(entry.step)),
    element('td', { class: 'number', title: count(entry.parameters) }, short(entry.parameters)),
    value(entry),
    element(
      'td',
      { class: complete ? 'number' : 'number bad', title: complete ? 'complete' : 'not complete' },
      complete ? count(entry.documents) : `${count(entry.documents)} of ${count(entry.ofDocuments)}`,
    ),
  );
}

function value(entry) {
  if (entry.value === null) {
    return element('td', { class: 'number bad', title: 'The weights give values that are not finite' }, entry.notFinite);
  }
  const error = entry.stderr === null ? '' : ` ± ${decimal(entry.stderr)}`;
  return element('td', { class: 'number' }, decimal(entry.value), element('span', { class: 'soft' }, error));
}
