/**
 * The address bar is where a view's choices live: /leaderboard?task=…&metric=…. Whoever has the
 * address has the same view.
 */
export const VIEWS = ['overview', 'leaderboard', 'trajectories', 'scaling', 'continued', 'findings', 'failures', 'sweep'];

const listeners = new Set();

export const viewName = () => VIEWS.find(name => location.pathname === `/${name}`) ?? 'overview';

export const choices = () => Object.fromEntries(new URLSearchParams(location.search));

/** The address of a view with these choices; empty ones are left out. */
export function address(view, chosen = {}) {
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== undefined && value !== null && value !== ''));
  return `/${view}${query.size ? `?${query}` : ''}`;
}

/** Goes to another view, as a link does. */
export function go(target) {
  history.pushState(null, '', target);
  tell(true);
}

/** Changes some choices of this view; the way back skips them. */
export function choose(changed) {
  const target = address(viewName(), { ...choices(), ...changed });
  if (target !== location.pathname + location.search) {
    history.replaceState(null, '', target);
    tell(false);
  }
}

/** listener(moved) after the address has changed; moved when to another place, not only choices. */
export function onAddress(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(moved) {
  listeners.forEach(listener => listener(moved));
}

window.addEventListener('popstate', () => tell(true));

/** Links within the page change the view, not the document. */
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href^="/"]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.hasAttribute('download') || link.target) {
    return;
  }
  const path = new URL(link.href).pathname;
  if (path === '/' || VIEWS.includes(path.slice(1))) {
    event.preventDefault();
    go(link.getAttribute('href'));
  }
});
