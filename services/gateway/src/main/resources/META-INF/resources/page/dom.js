/** An element with attributes and children; text is never taken for markup. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== '') {
      node.setAttribute(name, value);
    }
  }
  node.append(...children);
  return node;
}

/** Makes the options of a select these, and the chosen one chosen if it is among them. */
export function options(select, values, chosen) {
  const now = [...select.options].map(option => option.value);
  if (now.length !== values.length || now.some((value, i) => value !== values[i])) {
    select.replaceChildren(...values.map(value => element('option', { value }, value)));
  }
  select.value = values.includes(chosen) ? chosen : values[0] ?? '';
  return select.value;
}

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export const count = number => COUNT.format(number);
export const short = number => SHORT.format(number);

/** Four digits after the first that counts, at most four decimals. */
export function decimal(number) {
  return Math.abs(number) >= 1000 ? number.toPrecision(6) : number.toFixed(4);
}
