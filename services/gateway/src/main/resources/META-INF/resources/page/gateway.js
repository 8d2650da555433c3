/** In ms: longer than the gateway takes to give up on a write. */
const MOST_PATIENCE = 45_000;

/** Asks the gateway; a refusal becomes an error with the problem's own words. */
async function ask(path, { parameters = {}, ...options } = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== ''));
  const response = await fetch(`/api/v1/${path}${query.size ? `?${query}` : ''}`, { ...options, headers: { Accept: 'application/json', ...options.headers }, signal: AbortSignal.timeout(MOST_PATIENCE) });
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    const error = new Error(body.detail ?? `${response.status} ${response.statusText}`);
    error.status = response.status;
    throw error;
  }
  return response.json();
}

/** Whether the same may be answered later: nothing answered, or a gateway that is starting or asked too much, or a proxy without one. */
export const isPassing = error => [undefined, 429, 502, 503, 504].includes(error.status);

export const read = (path, parameters) => ask(path, { parameters });

export const send = (path, body, parameters) =>
  ask(path, { method: 'POST', parameters, body: body === undefined ? undefined : JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });

export const remove = path => ask(path, { method: 'DELETE' });

/** A name as one part of a path; slashes in it stay. */
export const part = name => encodeURIComponent(name).replaceAll('%2F', '/');

/** A page of a list; the last one where the list has become shorter than that. */
export async function readPage(path, parameters) {
  const answer = await read(path, parameters);
  const last = Math.max(1, Math.ceil(answer.total / answer.pageSize));
  return answer.page > last ? read(path, { ...parameters, page: last }) : answer;
}

/** Every page of a list. */
export async function readAll(path, parameters, field, most = 20000) {
  const first = await read(path, { ...parameters, page: 1, pageSize: 1000 });
  const all = first[field];
  for (let page = 2; all.length < Math.min(first.total, most); page++) {
    const next = (await read(path, { ...parameters, page, pageSize: 1000 }))[field];
    if (next.length === 0) {
      break;
    }
    all.push(...next);
  }
  return { ...first, [field]: all };
}

/** How often a list is read whose rows keep changing places. */
const MOST_READS = 3;

/** Every page of a list whose rows may change places meanwhile: each row, told by its key, once; read anew where one was missed. */
export async function readRanking(path, parameters, field, key, most) {
  for (let reads = 1; ; reads++) {
    const answer = await readAll(path, parameters, field, most);
    const rows = new Map(answer[field].map(row => [key(row), row]));
    // A row that skipped a page pushed another one into two, or changed how many there are.
    const isWhole = rows.size === answer[field].length && rows.size === Math.min(answer.total, most);
    if (isWhole || reads === MOST_READS) {
      return { ...answer, [field]: [...rows.values()] };
    }
  }
}

/** At most one run of the work at a time, and a pause after each; asked for meanwhile, once more. */
export function throttled(work, pause = 300) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    again = false;
    try {
      await work();
    } finally {
      setTimeout(() => {
        running = false;
        if (again) {
          run();
        }
      }, pause);
    }
  };
}
