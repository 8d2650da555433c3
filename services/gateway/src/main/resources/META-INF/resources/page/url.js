/** The choices a visitor makes, kept in the page's address so that a link shows the same. */

const DEFAULTS = { task: '', metric: '', model: '', steps: '', best: '', page: '1', run: '', scale: 'log', sweep: '' };

export function choices() {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, usual]) => [name, given.get(name) ?? usual]));
}

/** Puts changed choices into the address. `replace` leaves no step to go back to. */
export function choose(changes, { replace = false } = {}) {
  const all = { ...choices(), ...changes };
  const query = new URLSearchParams(Object.entries(all).filter(([name, value]) => value && value !== DEFAULTS[name]));
  const address = query.size ? `?${query}` : location.pathname;
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
}
