import { LitElement, html } from 'lit';
import { choices, onAddress, viewName } from './address.js';
import { isPassing, throttled } from './gateway.js';
import { t } from './language.js';
import { live } from './live.js';
import { onSettings } from './settings.js';

/** In ms, until what could not be read is read again, if it may be answered then. */
const PAUSE = 5000;

/**
 * What all views do: render into the page itself, again when the choices in the address, the
 * language, or what is watched change, and read what they show with `load`.
 */
export class View extends LitElement {
  #reading = false;
  #failed = false;
  #again;

  /** What the view watches, at least one topic; see live.js. */
  watches() {
    throw new Error(`${this.localName} watches nothing`);
  }

  /** Reads what the view shows, by its choices. */
  async load() {}

  /** Whether a change that was told concerns what `load` reads. */
  concerns() {
    return false;
  }

  /** What stands where nothing is shown; why there is nothing is known only if it was read. */
  none(why) {
    return html`<p class="empty">${this.loaded ? why : this.#failed ? t('page.unread') : t('page.loading')}</p>`;
  }

  constructor() {
    super();
    this.choices = choices();
    this.problem = null;
    /** Whether what was asked for last was answered. */
    this.loaded = false;
    this.reload = throttled(() => this.#load());
  }

  /** What is read is painted whole: half of it may be of other choices than the rest. */
  shouldUpdate() {
    return !this.#reading || !this.hasUpdated;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.ariaBusy = 'true';
    this.leave = [
      onAddress(() => {
        if (this.localName !== `castalia-${viewName()}`) {
          return;
        }
        this.ariaBusy = 'true';
        this.choices = choices();
        this.requestUpdate();
        this.reload();
      }),
      onSettings(() => this.requestUpdate()),
      live.listen(changed => {
        // A connection that goes on where it was cut tells nothing of what could not be read meanwhile.
        const isBack = !changed && live.state === 'live' && this.#failed;
        if (isBack || (changed && (changed.has('everything') || this.concerns(changed)))) {
          this.reload();
        }
        this.requestUpdate();
      }),
    ];
    this.reload();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.leave.forEach(stop => stop());
    clearTimeout(this.#again);
  }

  async #load() {
    if (!this.isConnected) {
      return;
    }
    const asked = this.choices;
    this.#reading = true;
    clearTimeout(this.#again);
    try {
      await this.load();
      this.problem = null;
      this.loaded = true;
    } catch (error) {
      this.loaded = false;
      // A connection that is gone is told by the page; what was read stays.
      this.problem = error.status ? error.message : this.problem;
      if (isPassing(error)) {
        this.#again = setTimeout(() => live.state !== 'lost' && this.reload(), PAUSE);
      }
    }
    this.#reading = false;
    this.#failed = !this.loaded;
    // What was chosen meanwhile is read next.
    this.ariaBusy = String(this.choices !== asked);
    // Which changes concern a view is known when it has read what it shows. Another view may have
    // taken its place meanwhile.
    if (this.isConnected) {
      live.watch(this.watches());
    }
    this.requestUpdate();
  }
}
