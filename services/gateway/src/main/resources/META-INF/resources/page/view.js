import { LitElement } from 'lit';
import { choices, onAddress, viewName } from './address.js';
import { throttled } from './gateway.js';
import { live } from './live.js';
import { onSettings } from './settings.js';

/**
 * What all views do: render into the page itself, again when the choices in the address, the
 * language, or what is watched change, and read what they show with `load`.
 */
export class View extends LitElement {
  #reading = false;

  /** What the view watches beyond what every view does; see live.js. */
  watches() {
    return {};
  }

  /** Reads what the view shows, by its choices. */
  async load() {}

  /** Whether a change that was told concerns what `load` reads. */
  concerns() {
    return false;
  }

  constructor() {
    super();
    this.choices = choices();
    this.problem = null;
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
        if (changed && (changed.has('everything') || this.concerns(changed))) {
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
  }

  #watch() {
    const { topics = [], keys = [], task } = this.watches();
    live.watch({ topics: ['progress', 'sweeps', 'scorers', ...topics], keys, task });
  }

  async #load() {
    if (!this.isConnected) {
      return;
    }
    this.#reading = true;
    try {
      await this.load();
      this.problem = null;
    } catch (error) {
      // A connection that is gone is told by the page; what was read stays.
      this.problem = error.status ? error.message : this.problem;
    }
    this.#reading = false;
    this.loaded = true;
    this.ariaBusy = 'false';
    // Which changes concern a view is known when it has read what it shows. Another view may have
    // taken its place meanwhile.
    if (this.isConnected) {
      this.#watch();
    }
    this.requestUpdate();
  }
}
