/**
 * The page's one connection for events. Topics come with their rows; of others only the keys of
 * what changed are told, and the view reads again what it shows of them. The browser reconnects by
 * itself and says how far it had come; the gateway then sends what was missed, or everything.
 */
const PAINT = 250;
const SILENCE = 40_000;

class Live {
  #source;
  #query;
  #topics = [];
  #rows = new Map();
  #listeners = new Set();
  #changed = new Map();
  #timer;
  #heard = 0;
  state = 'connecting';

  /** Whether all rows of what is watched have come once. */
  isRead = false;
  lostAt = null;

  constructor() {
    setInterval(() => this.#watchdog(), 5000);
    addEventListener('offline', () => this.#say('lost'));
    addEventListener('online', () => this.#open());
  }

  /** Rows of a topic by key. */
  rows(topic) {
    return this.#rows.get(topic) ?? new Map();
  }

  values(topic) {
    return [...this.rows(topic).values()];
  }

  /** listener(changed) at most four times a second; changed has the keys by topic, or is null when the state of the connection changed. */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Watches these topics with rows, and those by key, from now on. */
  watch({ topics = [], keys = [], task = '' }) {
    const query = new URLSearchParams({ topics: [...topics, ...keys].join(','), ...(keys.length && { keys: keys.join(',') }), ...(task && { task }) }).toString();
    if (query !== this.#query) {
      this.#query = query;
      this.isRead &&= topics.every(topic => this.#topics.includes(topic));
      this.#topics = topics;
      for (const topic of this.#rows.keys()) {
        if (!topics.includes(topic)) {
          this.#rows.delete(topic);
        }
      }
      this.#open();
    }
  }

  #open() {
    this.#source?.close();
    if (!this.#query) {
      return;
    }
    const source = new EventSource(`/api/v1/events?${this.#query}`);
    this.#source = source;
    this.#heard = Date.now();
    let fresh = null;
    const heard = work => event => {
      this.#heard = Date.now();
      work(event);
    };
    // What was cut short is told anew from its reset on, or not at all.
    source.addEventListener('open', heard(() => {
      fresh = null;
    }));
    source.addEventListener('reset', heard(() => {
      fresh = new Map();
    }));
    source.addEventListener('snapshot', heard(event => this.#take(JSON.parse(event.data), fresh ?? this.#rows)));
    source.addEventListener('ready', heard(() => {
      if (fresh) {
        this.#rows = fresh;
        fresh = null;
        this.isRead = true;
        this.#touch('everything', '');
      }
      this.#say('live');
    }));
    // Without a network the connection may go on all the same: the gateway may be on this machine.
    source.addEventListener('heartbeat', heard(() => this.#say('live')));
    source.addEventListener('change', heard(event => {
      this.#take(JSON.parse(event.data), this.#rows);
      this.#say('live');
    }));
    source.addEventListener('error', () => {
      this.#say('lost');
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => this.#source === source && this.#open(), 2000);
      }
    });
  }

  /** A connection that is dead without an error is opened anew. */
  #watchdog() {
    if (this.#source && Date.now() - this.#heard > SILENCE && document.visibilityState === 'visible') {
      this.#open();
    }
  }

  #take({ topic, rows }, into) {
    const known = into.get(topic) ?? new Map();
    into.set(topic, known);
    for (const { key, value, deleted } of rows) {
      if (deleted) {
        known.delete(key);
      } else if (value !== undefined) {
        known.set(key, value);
      }
      this.#touch(topic, key);
    }
  }

  #touch(topic, key) {
    if (!this.#changed.has(topic)) {
      this.#changed.set(topic, new Set());
    }
    this.#changed.get(topic).add(key);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changed = this.#changed;
      this.#changed = new Map();
      this.#listeners.forEach(listener => listener(changed));
    }, PAINT);
  }

  #say(state) {
    if (this.state !== state) {
      this.lostAt = state === 'lost' ? new Date() : null;
      this.state = state;
      this.#listeners.forEach(listener => listener(null));
    }
  }
}

export const live = new Live();
