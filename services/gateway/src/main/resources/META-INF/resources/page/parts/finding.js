import { html } from 'lit';
import { address } from '../address.js';
import { ago, decimal, percent, signed, t, word } from '../language.js';

const GOOD = new Set(['helps', 'pays']);
const NOTHING = /^(not enough data|no )/;

/** Where a finding's plot is: by its kind, and what it is about. */
export function plotOf({ kind, evidence = [], subject }) {
  const [checkpoint = '', task = '', ...rest] = (evidence[0] ?? '').split('|');
  const run = checkpoint.split('@')[0];
  const runs = [...new Set(evidence.map(key => key.split('@')[0]))].slice(0, 12).join(',');
  const measured = rest.join('|');
  const metric = subject.split('|').find(part => /^(acc|pct_|likelihood|word_|byte_|bits_|perplexity|exact|f1|mc)/.test(part));
  if (!run) {
    return undefined;
  }
  if (/scal|gain|emerg/.test(kind)) {
    return address('scaling', { task, metric, measured });
  }
  if (/continu/.test(kind)) {
    return address('continued');
  }
  return address('trajectories', { task, metric, measured, runs });
}

/** One finding: its verdict, how sure, on what. */
export function finding(it, heading = 'h2') {
  const tone = NOTHING.test(it.verdict) ? '' : GOOD.has(it.verdict) ? 'good' : 'accent';
  const plot = plotOf(it);
  const title = it.subject.replaceAll('|', ' · ');
  return html`<article class="finding" id=${it.finding}>
    <header>
      ${heading === 'h2' ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
      <span class="tag ${tone}">${word('verdict', it.verdict)}</span>
      <span class="soft">${word('finding', it.kind)}</span>
    </header>
    <dl class="facts">
      ${it.effect === null || it.effect === undefined ? '' : html`<div><dt>${t('finding.effect')}</dt><dd>${signed(it.effect)}${it.low === null || it.low === undefined ? '' : ` [${decimal(it.low)}, ${decimal(it.high)}]${it.confidence ? `, ${percent(it.confidence)}` : ''}`}</dd></div>`}
      <div><dt>${t('finding.evidence')}</dt><dd>${t('finding.of', { found: (it.evidence ?? []).length, expected: it.expected })}</dd></div>
      <div><dt>${t('finding.method')}</dt><dd>${it.method}</dd></div>
      <div><dt>${t('finding.computed')}</dt><dd>${ago(it.computedAt)}</dd></div>
      ${plot ? html`<div><a href=${plot} aria-label=${t('finding.plotOf', { subject: title })}>${t('finding.plot')}</a></div>` : ''}
    </dl>
  </article>`;
}
