import { read, throttled } from './api.js';
import { showBoard, showBoardProblem } from './board.js';
import { showTrajectory } from './chart.js';
import { options } from './dom.js';
import { Live } from './live.js';
import { Pace, showProgress } from './progress.js';
import { choices, choose } from './url.js';

const boardForm = document.getElementById('choices').elements;
const chartForm = document.getElementById('chart-choices').elements;
const sweepForm = document.getElementById('sweep-choice').elements;
const connection = document.getElementById('connection');
const chart = document.getElementById('chart');
const progress = document.getElementById('progress');
const pace = new Pace();

let boards = [];
let shown = null;
let watched = null;

const live = new Live(changed, state => {
  connection.className = state;
  connection.textContent = state === 'live' ? 'live' : 'connection lost, trying again';
});

const loadBoards = throttled(async () => {
  try {
    boards = (await read('leaderboards')).leaderboards;
    showChoices();
    watch();
    await loadBoard();
  } catch (problem) {
    showBoardProblem(problem.message);
  }
}, 2000);

const loadBoard = throttled(async () => {
  const { task, metric, model, steps, best, page } = current();
  if (!task) {
    showBoardProblem('Nothing is scored yet. The first score makes the first board.');
    return;
  }
  try {
    shown = await read(`leaderboards/${encodeURIComponent(task)}`, { metric, model, steps, best, page, pageSize: '50' });
    drawBoard();
  } catch (problem) {
    showBoardProblem(problem.message);
  }
});

/** The choices, with what was not chosen in its usual place. */
function current() {
  const chosen = choices();
  const tasks = [...new Set(boards.map(board => board.task))];
  const task = tasks.includes(chosen.task) ? chosen.task : tasks[0] ?? '';
  const metrics = boards.find(board => board.task === task)?.metrics.map(metric => metric.metric) ?? [];
  const metric = metrics.includes(chosen.metric) ? chosen.metric : metrics[0] ?? '';
  return { ...chosen, task, metric, tasks, metrics };
}

function showChoices() {
  const now = current();
  options(boardForm.task, now.tasks, now.task);
  options(boardForm.metric, now.metrics, now.metric);
  boardForm.model.value = now.model;
  boardForm.steps.value = now.steps;
  boardForm.best.checked = now.best === 'true';
  chartForm.scale.value = now.scale;
}

function watch() {
  const { task } = current();
  if (watched !== task) {
    watched = task;
    live.watch({ topics: 'progress,leaderboards,trajectories', task: task || undefined });
  }
}

function changed(topic) {
  if (topic === 'leaderboards') {
    const known = new Set(boards.map(board => board.task));
    const fresh = [...live.rows('leaderboards').values()].some(board => !known.has(board.task));
    fresh ? loadBoards() : loadBoard();
  } else if (topic === 'trajectories') {
    drawChart();
  } else {
    for (const now of live.rows('progress').values()) {
      pace.note(now.sweep, now.done + now.failed);
    }
    drawProgress();
    if (boards.length === 0) {
      loadBoards();
    }
  }
}

function drawBoard() {
  showBoard(shown, chosenRun(), run => {
    choose({ run });
    drawBoard();
    drawChart();
  });
  drawChart();
}

function trajectories() {
  const { metric } = current();
  return [...live.rows('trajectories').values()].filter(
    row => row.metric.metric === metric && row.shots === shown?.shots && row.dtype === shown?.dtype,
  );
}

function chosenRun() {
  return choices().run || shown?.entries[0]?.model || '';
}

const drawChart = frame(() => {
  const all = trajectories().sort((a, b) => a.model.localeCompare(b.model, 'en', { numeric: true }));
  const run = options(chartForm.run, all.map(row => row.model), chosenRun());
  showTrajectory(chart, all.find(row => row.model === run), choices().scale);
});

const drawProgress = frame(() => {
  const rows = [...live.rows('progress').values()].sort((a, b) => (b.updatedAt ?? '').localeCompare(a.updatedAt ?? ''));
  const sweep = options(sweepForm.sweep, rows.map(row => row.sweep), choices().sweep);
  showProgress(progress, rows.find(row => row.sweep === sweep), pace.of(sweep));
});

/** Draws once before the browser paints next, however often it is asked to. */
function frame(draw) {
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        draw();
      });
    }
  };
}

function boardChosen(changes) {
  choose({ page: '1', ...changes });
  showChoices();
  watch();
  loadBoard();
}

boardForm.task.addEventListener('change', () => boardChosen({ task: boardForm.task.value, metric: '' }));
boardForm.metric.addEventListener('change', () => boardChosen({ metric: boardForm.metric.value }));
boardForm.model.addEventListener('change', () => boardChosen({ model: boardForm.model.value.trim() }));
boardForm.steps.addEventListener('change', () => boardChosen({ steps: boardForm.steps.value.trim() }));
boardForm.best.addEventListener('change', () => boardChosen({ best: boardForm.best.checked ? 'true' : '' }));
document.getElementById('previous').addEventListener('click', () => boardChosen({ page: String(shown.page - 1) }));
document.getElementById('next').addEventListener('click', () => boardChosen({ page: String(shown.page + 1) }));
chartForm.run.addEventListener('change', () => {
  choose({ run: chartForm.run.value });
  drawBoard();
});
chartForm.scale.addEventListener('change', () => {
  choose({ scale: chartForm.scale.value });
  drawChart();
});
sweepForm.sweep.addEventListener('change', () => {
  choose({ sweep: sweepForm.sweep.value });
  drawProgress();
});
for (const form of document.forms) {
  form.addEventListener('submit', event => event.preventDefault());
}
addEventListener('popstate', () => {
  showChoices();
  watch();
  loadBoard();
  drawChart();
  drawProgress();
});

loadBoards();
drawProgress();
