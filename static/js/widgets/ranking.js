// Ranking: a rank is typed on the marked card, stepped by arrows or buttons, or comes from dragging. Nothing is preset,
// and the cards stay where they are until the list is asked to put itself in order.

import { makeDraggable } from "../dragging.js";
import { dropped, inOrder, ordinal, stepped } from "../ranks.js";

const PAUSE = 1500;
const SORT = "o";

export function attach(fieldset) {
  new Ranking(fieldset).begin();
}

class Ranking {
  #typed = { card: null, digits: "", at: 0 };

  constructor(fieldset) {
    this.fieldset = fieldset;
    this.list = fieldset.querySelector(".cards");
    this.line = fieldset.querySelector(".unranked");
    this.voice = fieldset.querySelector("[aria-live]");
    this.ties = this.list.dataset.ties === "yes";
  }

  begin() {
    this.fieldset.keyHelp = [
      { keys: ["0…9"], does: "the rank of the marked response; 0 takes it away" },
      { keys: ["ArrowUp", "ArrowDown"], does: "one rank up or down" },
      { keys: [SORT], does: "put in order" },
    ];
    this.fieldset.addEventListener("rowkey", (event) => {
      const { key } = event.detail;
      if (this.#key(event.target, key)) event.preventDefault();
    });
    this.fieldset.addEventListener("keydown", (event) => {
      if (event.target.type !== "number" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^\d$|^Arrow(Up|Down)$/.test(event.key) && this.#key(event.target.closest("[data-row]"), event.key)) {
        event.preventDefault();
      }
    });
    this.fieldset.addEventListener("click", (event) => this.#click(event.target.closest("button")));
    this.fieldset.addEventListener("focusin", (event) => event.target.type === "number" && event.target.select());
    this.fieldset.addEventListener("input", () => this.#check());
    this.fieldset.form.addEventListener("filled", () => this.#check());
    makeDraggable(this.list, {
      pick: () => this.#sort(),
      drop: (card, above) => this.#drop(card, above),
    });
    this.#check();
  }

  get #cards() {
    return [...this.list.querySelectorAll("[data-row]")];
  }

  /** Card → rank; what is no rank yet counts as none. */
  get #ranks() {
    return new Map(this.#cards.map((card) => [card, numberOf(card).valueAsNumber >= 1 ? numberOf(card).valueAsNumber : null]));
  }

  #key(card, key) {
    if (/^\d$/.test(key)) this.#type(card, key);
    else if (key === "ArrowUp" || key === "ArrowDown") this.#step(card, key === "ArrowUp" ? -1 : 1);
    else if (key === SORT) this.#sort();
    else return false;
    return true;
  }

  /** A digit is a rank; where there are ten cards or more, two digits in a row may be one. 0 takes the rank away. */
  #type(card, digit) {
    const now = performance.now();
    const goesOn = this.#typed.card === card && now - this.#typed.at < PAUSE;
    const digits = (goesOn ? this.#typed.digits : "") + digit;
    const most = this.#cards.length;
    const rank = Number(digits) <= most ? Number(digits) : Number(digit);
    if (rank > most) return this.#say(`Ranks go from 1 to ${most}.`);
    this.#typed = { card, digits: String(rank), at: now };
    this.#give(card, new Map(this.#ranks).set(card, rank || null));
    if (rank && rank * 10 > most) card.dispatchEvent(new Event("answered", { bubbles: true }));
    return undefined;
  }

  #step(card, by) {
    this.#give(card, stepped(this.#ranks, card, by));
  }

  #click(button) {
    if (button?.dataset.step) this.#step(button.closest("[data-row]"), Number(button.dataset.step));
    else if (button?.matches(".sort")) this.#sort();
    else if (button?.matches(".unrank")) this.#give(null, new Map(this.#cards.map((card) => [card, null])));
  }

  /** `above` are the children of the list over the dropped card; the line parts ranked from unranked. */
  #drop(card, above) {
    const before = above.includes(this.line) ? null : above.length;
    this.#give(card, dropped(this.#ranks, card, before));
    this.#sort();
  }

  #give(card, ranks) {
    for (const [one, rank] of ranks) numberOf(one).value = rank ?? "";
    this.#check();
    (card ?? this.list).dispatchEvent(new Event("change", { bubbles: true }));
    this.#tell(card, ranks);
  }

  #tell(card, ranks) {
    const rank = card && ranks.get(card);
    if (!rank) return this.#say(card ? `${nameOf(card)} has no rank.` : "No response has a rank.");
    const with_ = [...ranks].filter(([one, its]) => one !== card && its === rank).map(([one]) => nameOf(one));
    const tied = with_.length ? `, tied with ${with_.join(" and ")}` : "";
    return this.#say(`${nameOf(card)} is now ${ordinal(rank)} of ${ranks.size}${tied}.`);
  }

  #say(text) {
    this.voice.textContent = text;
  }

  /** Puts the list in order; the focus stays on the card where it is. */
  #sort() {
    const focused = document.activeElement;
    const ranks = this.#ranks;
    const cards = inOrder(ranks);
    const ranked = cards.filter((card) => ranks.get(card) !== null);
    this.list.append(...ranked, this.line, ...cards.slice(ranked.length));
    if (this.list.contains(focused)) focused.focus({ preventScroll: true });
    this.#check();
  }

  /** Shows what follows from the ranks: whether the list is in order, and which ranks are shared but may not be. */
  #check() {
    const ranks = this.#ranks;
    const sorted = inOrder(ranks).every((card, n) => card === this.#cards[n]);
    const ranked = [...ranks.values()].filter((rank) => rank !== null).length;
    const at = [...this.list.children].indexOf(this.line);
    this.line.classList.toggle("off", !sorted || at !== ranked || ranked === ranks.size);
    this.fieldset.querySelector(".sort").disabled = sorted;
    this.fieldset.querySelector(".unrank").disabled = !ranked;
    for (const [card, rank] of ranks) {
      const others = [...ranks].filter(([one, its]) => one !== card && rank !== null && its === rank);
      const shared = !this.ties && others.length;
      const names = [card, ...others.map(([one]) => one)].map(nameOf);
      numberOf(card).setCustomValidity(shared ? `${names.join(" and ")} share rank ${rank}; give each its own.` : "");
    }
  }
}

const numberOf = (card) => card.querySelector("input[type=number]");
const nameOf = (card) => card.querySelector(".about").textContent;
