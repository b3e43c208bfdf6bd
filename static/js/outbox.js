// What was submitted and is not acknowledged yet: kept on this device, sent in order, tried again until it arrives.

import { ask, mayPass } from "./net.js";
import { forget, names, read, write } from "./store.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

export class Outbox {
  #entries = [];
  #sending = false;
  #failures = 0;
  #timer = 0;

  /** `hooks`: `extra(entry)` gives late fields, `sent(entry, answer)` and `stuck(answer, seconds)` hear of it. */
  constructor(campaign, hooks) {
    this.campaign = campaign;
    this.hooks = hooks;
    const kept = names("sent:").map(read);
    this.#entries = kept.filter((entry) => entry?.campaign === campaign).sort((a, b) => a.at - b.at);
  }

  get size() {
    return this.#entries.length;
  }

  has(id) {
    return this.#entries.some((entry) => entry.id === id);
  }

  /** An entry is `{id, url, fields, kind}`. */
  add(entry) {
    const at = Date.now();
    const whole = { ...entry, at, campaign: this.campaign, name: `sent:${entry.id}:${at}` };
    this.#entries.push(whole);
    write(whole.name, whole);
    this.flush();
  }

  async flush() {
    clearTimeout(this.#timer);
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#entries.length && (await this.#sendFirst()));
    } finally {
      this.#sending = false;
    }
  }

  async #sendFirst() {
    const entry = this.#entries[0];
    const answer = await ask(entry.url, [...entry.fields, ...this.hooks.extra(entry)]).catch(() => null);
    if (mayPass(answer)) {
      const wait = Math.min(FIRST_WAIT * 2 ** this.#failures++, LONGEST_WAIT);
      this.#timer = setTimeout(() => this.flush(), wait);
      this.hooks.stuck(answer, Math.round(wait / 1000));
      return false;
    }
    this.#failures = 0;
    this.#entries.shift();
    forget(entry.name);
    this.hooks.sent(entry, answer);
    return true;
  }
}
