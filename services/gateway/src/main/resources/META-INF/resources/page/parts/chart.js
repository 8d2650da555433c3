import { LitElement, html, svg } from 'lit';
import { save } from '../csv.js';
import { count, short, t } from '../language.js';
import { onSettings } from '../settings.js';
import { colour } from './colours.js';
import { echarts } from './echarts.js';

const TABLE_ROWS = 200;
const PAINT = 250;
const MOST_RUNS = 12;

/**
 * A plot with what belongs to it: a legend that works by keyboard, its data as CSV and as a table.
 *
 * - `option(isShown)` gives ECharts its options; called anew when data, language or look change, or
 *   what of the legend is shown
 * - `label` says what is to be seen
 * - `rows` are the data, the first row being the names
 * - `legend` lists {name, colour, dash, point} of what can be hidden; `point` where no line is drawn
 */
class Chart extends LitElement {
  static properties = {
    option: { attribute: false },
    label: { attribute: false },
    rows: { attribute: false },
    legend: { attribute: false },
    file: { attribute: false },
    small: { type: Boolean },
  };

  #chart;
  #size;
  #painted = 0;
  #timer;
  #hidden = new Set();
  #leave;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#leave = onSettings(() => requestAnimationFrame(() => this.#schedule()));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#leave();
    clearTimeout(this.#timer);
    this.#size?.disconnect();
    this.#chart?.dispose();
    this.#chart = undefined;
  }

  render() {
    const [names = [], ...rows] = this.rows ?? [];
    return html`
      ${this.#hasLegend() ? html`<ul class="legend" aria-label=${t('chart.legend')}>${this.legend.map(entry => this.#key(entry))}</ul>` : ''}
      <div class="plot ${this.small ? 'small' : ''}" role="img" aria-label=${this.label}></div>
      <div class="chart-foot">
        <button type="button" @click=${() => save(this.file, this.rows)}>${t('chart.csv')}</button>
        <details @toggle=${() => this.requestUpdate()}>
          <summary>${t('chart.table', { rows: rows.length })}</summary>
          ${this.querySelector('details')?.open
            ? html`<div class="scroll" tabindex="0" role="group" aria-label=${t('chart.data')}>
                <table>
                  <thead><tr>${names.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
                  <tbody>${rows.slice(0, TABLE_ROWS).map(row => html`<tr>${row.map(value => html`<td>${value ?? ''}</td>`)}</tr>`)}</tbody>
                </table>
                ${rows.length > TABLE_ROWS ? html`<p class="note">${t('chart.more', { rows: rows.length - TABLE_ROWS })}</p>` : ''}
              </div>`
            : ''}
        </details>
      </div>
    `;
  }

  /** Without one, nothing can be hidden, nor shown again. */
  #hasLegend() {
    return this.legend?.length > 1;
  }

  #key({ name, colour: drawn, dash, point }) {
    const shown = !this.#hidden.has(name);
    return html`<li><button type="button" aria-pressed=${shown} @click=${() => this.#toggle(name)}>
      <svg viewBox="0 0 26 10" aria-hidden="true">${point ? svg`<circle cx="13" cy="5" r="5" fill=${drawn()}></circle>` : svg`<line x1="0" y1="5" x2="26" y2="5" stroke=${drawn()} stroke-width="2.5" stroke-dasharray=${dash ? '5 3' : '0'}></line>`}</svg>${name}
    </button></li>`;
  }

  #toggle(name) {
    if (!this.#hidden.delete(name)) {
      this.#hidden.add(name);
    }
    this.requestUpdate();
  }

  updated() {
    this.#schedule();
  }

  #schedule() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#paint();
    }, Math.max(0, this.#painted + PAINT - performance.now()));
  }

  async #paint() {
    const { init } = await echarts();
    const place = this.querySelector('.plot');
    if (!this.isConnected || !place || !this.option) {
      return;
    }
    this.#painted = performance.now();
    if (!this.#chart) {
      this.#chart = init(place, null, { renderer: 'canvas' });
      this.#size = new ResizeObserver(() => this.#fit(place));
      this.#size.observe(place);
    }
    const isShown = name => !this.#hasLegend() || !this.#hidden.has(name);
    const option = this.option(isShown);
    const shown = option.series.filter(series => isShown(series.owner ?? series.name));
    this.#chart.setOption({ ...base(), ...option, series: shown }, { notMerge: true });
    this.dispatchEvent(new CustomEvent('painted'));
  }

  /** An observer tells the size that a plot begins with, too: there is nothing to draw anew. */
  #fit(place) {
    if (this.#chart && (this.#chart.getWidth() !== place.clientWidth || this.#chart.getHeight() !== place.clientHeight)) {
      this.#chart.resize();
    }
  }
}

function base() {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { color: colour('text'), fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 64, right: 24, top: 18, bottom: 48 },
  };
}

/** What is told of scores, each with its model, that have no place in a plot; nothing where there are none. */
export function notFinite(scores) {
  const models = [...new Set(scores.map(score => score.model))];
  return models.length ? html`<p class="note">${t('chart.notFinite', { scores: count(scores.length), runs: [...models.slice(0, MOST_RUNS), ...(models.length > MOST_RUNS ? ['…'] : [])].join(', ') })}</p>` : '';
}

/** Numbers at an axis; names are as they are. */
const tick = value => (Math.abs(value) >= 1e5 ? short(value) : String(Number(value.toPrecision(9))).replace('-', '−'));

/** How an axis looks. */
export function axis(name, more = {}) {
  return {
    name,
    nameLocation: 'middle',
    nameGap: 30,
    nameTextStyle: { color: colour('soft') },
    axisLine: { show: true, lineStyle: { color: colour('reference') } },
    axisLabel: { color: colour('soft'), hideOverlap: true, formatter: tick },
    splitLine: { lineStyle: { color: colour('line') } },
    ...more,
  };
}

/** A tooltip of elements: text is never taken for markup, and no style is inline. */
export function tooltip(content, more = {}) {
  return {
    confine: true,
    backgroundColor: colour('surface'),
    borderColor: colour('line'),
    textStyle: { color: colour('text') },
    formatter: parameters => {
      const { title, entries } = content(parameters);
      const tip = document.createElement('div');
      tip.className = 'tip';
      const head = document.createElement('b');
      head.textContent = title;
      tip.append(head);
      for (const [name, value, dot] of entries) {
        const line = document.createElement('div');
        line.className = 'entry';
        if (dot) {
          const mark = document.createElement('i');
          mark.style.backgroundColor = dot;
          line.append(mark);
        }
        for (const text of [name, value]) {
          const span = document.createElement('span');
          span.textContent = text;
          line.append(span);
        }
        tip.append(line);
      }
      return tip;
    },
    ...more,
  };
}

customElements.define('castalia-chart', Chart);
