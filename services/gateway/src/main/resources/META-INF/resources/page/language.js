import { settings } from './settings.js';
import { en } from './messages/en.js';
import { ko } from './messages/ko.js';

const CATALOGUES = { en, ko };

/** The message of that key in the reader's language, {name} replaced by values. */
export function t(key, values = {}) {
  const message = CATALOGUES[settings.language][key] ?? en[key];
  if (message === undefined) {
    throw new Error(`there is no message ${key}`);
  }
  return message.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The message of a word of the gateway's, or the word itself where it is a new one. */
export const word = (prefix, value) => CATALOGUES[settings.language][`${prefix}.${value}`] ?? String(value);

const formats = new Map();

function format(options, language = settings.language) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(language, options));
  }
  return formats.get(key);
}

export const count = number => format({ maximumFractionDigits: 0 }).format(number);

/** Three digits that count, with K, M, B: sizes of models are read so in every language. */
export const short = number => format({ notation: 'compact', maximumSignificantDigits: 3 }, 'en').format(number);

/** Of operations: the same with k, M, G, T, P, E, as speeds of computers are told. */
export const operations = number => {
  const power = Math.min(6, Math.max(0, Math.floor(Math.log10(Math.max(1, number)) / 3)));
  return `${format({ maximumSignificantDigits: 3 }, 'en').format(number / 1000 ** power)} ${['', 'k', 'M', 'G', 'T', 'P', 'E'][power]}FLOP`;
};

/** All of it only where it is all. */
export const percent = share => format({ style: 'percent', maximumFractionDigits: 0 }).format(share < 1 ? Math.min(share, 0.99) : share);

/** What values are compared with, such as chance: as it is, but for digits that nobody reads. */
export const level = number => format({ maximumFractionDigits: 4, maximumSignificantDigits: 4, roundingPriority: 'morePrecision' }).format(number);

/** Four decimals, fewer for large numbers. */
export function decimal(number) {
  if (number === null || number === undefined) {
    return '–';
  }
  const size = Math.abs(number);
  return format({ minimumFractionDigits: size >= 100 ? 1 : 4, maximumFractionDigits: size >= 100 ? 1 : 4 }).format(number).replace('-', '−');
}

/** With a sign, for differences. */
export const signed = number => (number > 0 ? '+' : number < 0 ? '−' : '±') + decimal(Math.abs(number));

/** A span of time in its two largest parts. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (seconds > 0 && seconds < 1) {
    return t('time.underASecond');
  }
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']]
    .map(([size, unit], i, all) => [Math.floor((i ? whole % all[i - 1][0] : whole) / size), unit])
    .filter(([amount]) => amount > 0)
    .slice(0, 2);
  return parts.length ? parts.map(([amount, unit]) => t(`time.${unit}`, { amount: count(amount) })).join(' ') : t('time.s', { amount: 0 });
}

export function ago(instant) {
  const seconds = (Date.now() - Date.parse(instant)) / 1000;
  return seconds < 3 ? t('time.now') : t('time.ago', { span: duration(seconds < 3600 ? seconds : Math.round(seconds / 60) * 60) });
}

export const moment = instant => new Intl.DateTimeFormat(settings.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));
