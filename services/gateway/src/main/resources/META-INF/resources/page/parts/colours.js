import { onSettings } from '../settings.js';

/** Colours as the style sheet has them now, for what is drawn on a canvas. */
const known = new Map();
const probe = document.createElement('span');
probe.hidden = true;

onSettings(() => known.clear());

export function colour(name) {
  if (!known.has(name)) {
    if (!probe.isConnected) {
      document.body.append(probe);
    }
    probe.style.color = `var(--${name})`;
    known.set(name, getComputedStyle(probe).color);
  }
  return known.get(name);
}

export const SERIES = 10;

export const series = index => colour(`series-${(index % SERIES) + 1}`);

/** The same colour, so transparent. */
export const faint = (rgb, alpha) => rgb.replace(/^rgb\(/, 'rgba(').replace(/\)$/, `, ${alpha})`);
