/** What a reader chose for this browser: language and look. */
const listeners = new Set();

const stored = name => {
  try {
    return localStorage.getItem(`castalia.${name}`);
  } catch {
    return null;
  }
};

const browserLanguage = () => (navigator.languages ?? [navigator.language]).map(tag => tag.slice(0, 2)).find(tag => ['en', 'ko'].includes(tag)) ?? 'en';

export const settings = {
  language: stored('language') ?? browserLanguage(),
  look: stored('look') ?? 'auto',
};

export function set(name, value) {
  settings[name] = value;
  try {
    localStorage.setItem(`castalia.${name}`, value);
  } catch {
    // A browser that stores nothing keeps the choice until the page is left.
  }
  apply();
  listeners.forEach(listener => listener());
}

export function onSettings(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function apply() {
  document.documentElement.lang = settings.language;
  if (settings.look === 'auto') {
    delete document.documentElement.dataset.look;
  } else {
    document.documentElement.dataset.look = settings.look;
  }
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => listeners.forEach(listener => listener()));
apply();
