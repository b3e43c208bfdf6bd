// Leases: a full one for the item on the screen, short ones for what waits behind it, and only while somebody works.

import { wasActive } from "./clock.js";
import * as drafts from "./drafts.js";
import { formOf } from "./form.js";
import { ask } from "./net.js";

const LOOK = 15000;
const SHORT = 185 * 1000; // A little over what the server gives to an item that waits.
const RENEW = { shown: 90 * 1000, waiting: 120 * 1000 };

export class Leases {
  #asking = new Set();

  /** `desk` has `item`, `mine`, `heard(body)`, `draftNews(item, news, body)` and `passedOn(item)`. */
  constructor(desk) {
    this.desk = desk;
  }

  begin() {
    setInterval(() => wasActive() && this.#look(), LOOK);
  }

  /** An item that waited is on the screen now. */
  shown(item) {
    if (!item.revision && item.ends - performance.now() < SHORT) this.#keep(item, false);
  }

  /** How long the server says that an item is held. */
  until(item, { until, seconds }) {
    Object.assign(item, { until, ends: performance.now() + seconds * 1000 });
  }

  #look() {
    const { item, mine } = this.desk;
    if (item) drafts.renew(item, (...news) => this.desk.draftNews(item, ...news));
    for (const one of mine) {
      const waiting = one !== item;
      if (one.ends - performance.now() < RENEW[waiting ? "waiting" : "shown"]) this.#keep(one, waiting);
    }
  }

  async #keep(item, waiting) {
    if (this.#asking.has(item.id)) return;
    this.#asking.add(item.id);
    const answer = await ask(formOf(item.article).dataset.keep, [["waiting", waiting ? 1 : 0]]).catch(() => null);
    this.#asking.delete(item.id);
    if (answer?.status === 200) this.desk.heard(answer.body);
    else if (answer?.body?.code === "lease_lost" && item !== this.desk.item) this.desk.passedOn(item);
    else if (answer?.body?.code === "lease_lost") this.desk.draftNews(item, answer.body);
  }
}
