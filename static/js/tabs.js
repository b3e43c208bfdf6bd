// Tabs of one annotator tell each other what they have on the screen, so that no two show the same item.

export class Tabs {
  #others = new Map();
  #me = crypto.randomUUID?.() ?? `${Math.random()}`;
  #shown = null;

  /** `taken(id, since)` is called when another tab shows an item that this one may have. */
  constructor(name, taken) {
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
    this.channel?.addEventListener("message", ({ data }) => this.#hear(data, taken));
  }

  /** What the other tabs show. */
  get others() {
    return [...this.#others.values()].filter(Boolean);
  }

  /** Tells what this tab shows since when; `ask` wants the others to tell too. */
  show(id, ask = false) {
    this.#shown = { id, since: this.#shown?.id === id ? this.#shown.since : Date.now() };
    this.#tell(ask);
  }

  gone() {
    this.channel?.postMessage({ tab: this.#me, gone: true });
  }

  #tell(ask = false) {
    this.channel?.postMessage({ tab: this.#me, ask, ...this.#shown });
  }

  #hear(told, taken) {
    if (told.gone) return this.#others.delete(told.tab);
    this.#others.set(told.tab, told.id);
    const mine = this.#shown;
    const clash = told.id && told.id === mine?.id;
    const yields = clash && (told.since < mine.since || (told.since === mine.since && told.tab < this.#me));
    if (told.ask || (clash && !yields)) this.#tell();
    if (told.id && (!clash || yields)) taken(told.id);
    return undefined;
  }
}
