/** Reads from the gateway; a refusal becomes an error with the problem's own words. */
export async function read(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  const response = await fetch(`/api/v1/${path}${query.size ? `?${query}` : ''}`, { headers: { Accept: 'application/json' } });
  const body = await response.json();
  if (!response.ok) {
    throw new Error(body.detail ?? `status ${response.status}`);
  }
  return body;
}

/** At most one run of `work` at a time and one a pause; asked for meanwhile, it runs once more. */
export function throttled(work, pause = 500) {
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
