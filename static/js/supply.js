// Getting items: the one after those in hand, and one that was submitted before.

import { ask } from "./net.js";

const ASK_AGAIN = 3000;

export class Supply {
  #asking = false;
  #timer = 0;

  /** `desk` has `wants`, `holding`, `item`, `heard(body)`, `got(payload, when)` and `nothing(answer, seconds)`. */
  constructor(url, desk) {
    this.url = url;
    this.desk = desk;
  }

  /** Fetches until the item on the screen has one behind it; while there is none, again and again. */
  async fill() {
    clearTimeout(this.#timer);
    if (this.#asking || !this.desk.wants) return;
    this.#asking = true;
    const when = performance.now();
    const answer = await ask(`${this.url}?holding=${this.desk.holding.join(",")}`).catch(() => null);
    this.#asking = false;
    if (answer?.body) this.desk.heard(answer.body);
    if (answer?.status === 200 && answer.body.id) this.desk.got(answer.body, when);
    else if (!this.desk.item) this.desk.nothing(answer, ASK_AGAIN / 1000);
    if (!this.desk.item && answer?.status !== 200) this.#timer = setTimeout(() => this.fill(), ASK_AGAIN);
  }

  /** A finished item, to be changed: an id, "last", or "before:" and an id. */
  again(which) {
    return ask(`${this.url}?again=${which}`).catch(() => null);
  }
}
