/** Colours as the style sheet has them now, for what is drawn on a canvas. */
const probe = document.createElement('span');
probe.hidden = true;

export function colour(name) {
  if (!probe.isConnected) {
    document.body.append(probe);
  }
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

export const SERIES = 10;

export const series = index => colour(`series-${(index % SERIES) + 1}`);

/** The same colour, so transparent. */
export const faint = (rgb, alpha) => rgb.replace(/^rgb\(/, 'rgba(').replace(/\)$/, `, ${alpha})`);
