import { LitElement, html, nothing } from 'lit';
import { VIEWS, address, onAddress, viewName } from './address.js';
import { t } from './language.js';
import { live } from './live.js';
import { onSettings, set, settings } from './settings.js';

const ELEMENTS = {
  overview: () => html`<castalia-overview></castalia-overview>`,
  leaderboard: () => html`<castalia-leaderboard></castalia-leaderboard>`,
  trajectories: () => html`<castalia-trajectories></castalia-trajectories>`,
  scaling: () => html`<castalia-scaling></castalia-scaling>`,
  continued: () => html`<castalia-continued></castalia-continued>`,
  findings: () => html`<castalia-findings></castalia-findings>`,
  failures: () => html`<castalia-failures></castalia-failures>`,
  sweep: () => html`<castalia-sweep></castalia-sweep>`,
};

/** The frame around the views. */
class Page extends LitElement {
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    onSettings(() => this.requestUpdate());
    onAddress(moved => {
      this.requestUpdate();
      if (moved) {
        this.updateComplete.then(() => this.querySelector('main').focus({ preventScroll: true }));
        scrollTo(0, 0);
      }
    });
    live.listen(changed => changed ?? this.requestUpdate());
  }

  /** Where the views do not fit side by side, this one is in sight. */
  updated() {
    const strip = this.querySelector('.views');
    const here = strip.querySelector('[aria-current]');
    strip.scrollLeft = Math.max(0, here.offsetLeft + here.offsetWidth - strip.offsetLeft - strip.clientWidth + 24);
  }

  render() {
    const now = viewName();
    document.title = `${t(`view.${now}`)} · Castalia`;
    return html`
      <a class="skip" href="#main">${t('page.skip')}</a>
      <header class="masthead">
        <a class="brand" href="/"><img src="/page/icon.svg" alt=""> Castalia</a>
        <nav class="views" aria-label=${t('page.views')}>
          <ul>
            ${VIEWS.map(view => html`<li><a href=${address(view)} aria-current=${view === now ? 'page' : nothing}>${t(`view.${view}`)}</a></li>`)}
          </ul>
        </nav>
        <div class="settings">
          <span class="state ${live.state}" role="status">${t(`state.${live.state}`)}</span>
          <select aria-label=${t('page.language')} @change=${event => set('language', event.target.value)}>
            <option value="en" lang="en" .selected=${settings.language === 'en'}>English</option>
            <option value="ko" lang="ko" .selected=${settings.language === 'ko'}>한국어</option>
          </select>
          <select aria-label=${t('page.look')} @change=${event => set('look', event.target.value)}>
            ${['auto', 'light', 'dark'].map(look => html`<option value=${look} .selected=${settings.look === look}>${t(`look.${look}`)}</option>`)}
          </select>
        </div>
      </header>
      ${live.state === 'lost' ? html`<div class="cut" role="alert">${t('state.cut', { since: live.lostAt.toLocaleTimeString(settings.language) })}</div>` : ''}
      <main id="main" tabindex="-1">${ELEMENTS[now]()}</main>
      <footer>
        <a href="/q/openapi">${t('page.api')}</a>
      </footer>
    `;
  }
}

customElements.define('castalia-page', Page);
