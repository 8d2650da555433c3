/**
 * The latest rows of some topics, kept up over one EventSource. The browser reconnects by itself
 * and says how far it had come; the gateway then sends what was missed, or a reset and everything.
 */
export class Live {
  #source;
  #rows = new Map();
  #onChange;
  #onState;

  /** onChange(topic) after rows of a topic have changed; onState('live' | 'lost'). */
  constructor(onChange, onState) {
    this.#onChange = onChange;
    this.#onState = onState;
  }

  /** The rows of a topic by key. */
  rows(topic) {
    return this.#rows.get(topic) ?? new Map();
  }

  watch(parameters) {
    this.#source?.close();
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
    const source = new EventSource(`/api/v1/events?${query}`);
    source.addEventListener('reset', () => {
      const topics = [...this.#rows.keys()];
      this.#rows.clear();
      topics.forEach(this.#onChange);
    });
    source.addEventListener('snapshot', event => this.#take(event));
    source.addEventListener('change', event => this.#take(event));
    source.addEventListener('ready', () => this.#onState('live'));
    source.addEventListener('error', () => {
      this.#onState('lost');
      // A refusal is final for the browser; the gateway may only be starting.
      if (source.readyState === EventSource.CLOSED && source === this.#source) {
        setTimeout(() => source === this.#source && this.watch(parameters), 2000);
      }
    });
    this.#source = source;
  }

  #take(event) {
    const { topic, rows } = JSON.parse(event.data);
    const known = this.#rows.get(topic) ?? new Map();
    this.#rows.set(topic, known);
    for (const { key, value, deleted } of rows) {
      deleted ? known.delete(key) : known.set(key, value);
    }
    this.#onChange(topic);
  }
}
