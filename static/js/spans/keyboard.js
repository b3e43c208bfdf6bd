// Marking by keyboard alone. A row's pad takes the keys while one is in its text.

import { brief } from "./list.js";

/** What the list of keys says of this question. */
export const HELP = [
  { keys: ["e"], does: "into the text, to mark it" },
  { keys: ["w"], does: "mark about the whole" },
  { keys: ["ArrowLeft", "ArrowRight"], does: "in the text: word by word; with Shift: select more or less" },
  { keys: ["ArrowUp", "ArrowDown"], does: "in the text: sentence by sentence; with Shift: select" },
  { keys: ["n", "]"], does: "next mark (Shift N or [: the one before)" },
  { keys: ["x"], does: "change the other end of the mark" },
  { keys: ["c"], does: "note of the mark" },
  { keys: ["r"], does: "sentences of the mark" },
  { keys: ["Shift+1"], does: "first severity of the mark, and so on" },
  { keys: ["Delete"], does: "delete the mark" },
  { keys: ["Ctrl+z"], does: "take the last edit back (with Shift: do it again)" },
  { keys: ["Escape"], does: "out of the text" },
];
const SENTENCE = { ArrowUp: -1, ArrowDown: 1 };
const WORD = { ArrowLeft: -1, ArrowRight: 1 };

export class Keyboard {
  #edge = "end"; // Which end of the chosen mark moves.

  constructor(marker) {
    this.marker = marker;
    marker.fieldset.addEventListener("rowkey", (event) => {
      const row = event.target.closest("[data-row]");
      const { key, original } = event.detail;
      if (row && this.#press(row.dataset.target, key, original)) event.preventDefault();
    });
  }

  /** Into the text of a target: to the chosen mark, to where one was, or to its first word. */
  enter(target) {
    const { marker } = this;
    const { pad } = marker.panels.get(target);
    pad.focus({ preventScroll: true });
    if (marker.cursor.range?.target !== target && !marker.cursor.enter(target)) return marker.say("There is no text here to mark.");
    if (marker.mark && marker.chosen.target === target) return marker.reveal({ target, ...marker.mark });
    return this.#moved();
  }

  /** True where the key was for us. */
  #press(target, key, original) {
    const { marker } = this;
    const { row, pad } = marker.panels.get(target);
    const inText = document.activeElement === pad;
    const here = inText || row.contains(document.activeElement);
    if (here && (key === "Ctrl+z" || key === "Ctrl+y")) return this.#undo(key === "Ctrl+y" || original.shiftKey, inText);
    if (key === "e" && !inText) return this.#did(() => this.enter(target));
    if (key === "w") return this.#whole(target);
    if (!inText) return key === "Delete" && here && marker.chosen?.target === target ? this.#did(() => marker.remove()) : false;
    return this.#move(key, original.shiftKey) || this.#act(target, key, original);
  }

  #did(act) {
    act();
    return true;
  }

  /** Where there is nothing to take back, the key is the page's own, but not in the text. */
  #undo(again, inText) {
    if (this.marker.undo(again)) return true;
    if (inText) this.marker.say(again ? "Nothing to do again." : "Nothing to take back.");
    return inText;
  }

  #whole(target) {
    const { marker } = this;
    const labels = [...marker.labels.values()].filter(({ whole }) => whole !== "none");
    if (!labels.length) return false;
    const { row } = marker.panels.get(target);
    if (labels.length === 1) marker.whole(target, labels[0].key, "keyboard");
    else {
      row.querySelector("details.span-whole").open = true;
      row.querySelector("[data-whole]").focus();
    }
    return true;
  }

  #move(key, shift) {
    const { marker } = this;
    const { cursor, settings } = marker;
    const plain = key.replace("Ctrl+", "");
    const by = WORD[plain] ?? SENTENCE[plain];
    if (!by && plain !== "Home" && plain !== "End") return false;
    if (!cursor.place) return true;
    if (marker.mark?.start !== undefined && shift && by && plain in WORD) return this.#did(() => marker.stretch(this.#edge, by));
    const fine = settings.snap === "sentence" ? "sentence" : key.startsWith("Ctrl+") && settings.snap === "none" ? "word" : settings.snap;
    const moved = by ? cursor.move(by, plain in SENTENCE ? "sentence" : fine, shift) : cursor.edge(plain === "Home" ? -1 : 1, shift);
    return this.#did(() => (moved ? this.#moved() : marker.say(by < 0 ? "This is the beginning." : "This is the end.")));
  }

  #moved() {
    const { marker } = this;
    const { range } = marker.cursor;
    const armed = marker.armed;
    marker.armed = null; // A label in hand is for the mouse; here Space gives it.
    this.#edge = "end";
    marker.select(range, "keyboard");
    marker.armed = armed;
    marker.reveal(range);
    const quote = marker.texts[range.target][range.part].slice(range.start, range.end);
    const words = marker.segments(range.target, range.part);
    const count = words.at(range.end - 1, "word") - words.at(range.start, "word") + 1;
    const marked = (marker.marks.of(range.target) ?? []).filter((mark) => mark.part === range.part && mark.start <= range.start && range.end <= mark.end);
    const as = marked.map((mark) => `, marked as ${marker.labels.get(mark.label).text}`).join("");
    marker.say(`“${brief(quote)}”${count > 1 ? `, ${count} words selected` : ""}${as}`);
  }

  #act(target, key, original) {
    const { marker } = this;
    const digit = original.code?.match(/^Digit([1-9])$/)?.[1];
    const severity = marker.settings.severities[(original.shiftKey ? digit : marker.palette.asks ? key : 0) - 1];
    if (severity && marker.mark) return this.#did(() => marker.severity(severity));
    const label = !original.shiftKey && this.#labelOf(key);
    if (label) return this.#did(() => marker.label(label, "keyboard"));
    return this.#command(target, key, original.shiftKey);
  }

  #labelOf(key) {
    const { labels, armed } = this.marker;
    const all = [...labels.values()];
    if (key === " ") return armed ?? (all.length === 1 ? all[0].key : null);
    return all.find(({ shortcut }) => shortcut === key)?.key;
  }

  #command(target, key, shift) {
    const { marker } = this;
    const panel = marker.panels.get(target);
    const own = {
      n: () => marker.step(target, shift ? -1 : 1),
      "]": () => marker.step(target, 1),
      "[": () => marker.step(target, -1),
      x: () => this.#other(),
      c: () => panel.focus("note"),
      r: () => panel.focus("refs"),
      0: () => marker.none(target, !panel.none.checked),
      Delete: () => marker.remove(),
      Backspace: () => marker.say("Delete removes a mark."),
      Escape: () => this.#leave(panel),
      " ": () => marker.say("Choose a label by its key."),
    }[key];
    return own ? this.#did(own) : false;
  }

  #other() {
    this.#edge = this.#edge === "end" ? "start" : "end";
    this.marker.say(`Shift with the arrows now moves the ${this.#edge} of the mark.`);
  }

  /** First from the mark back to the cursor, then out of the text. */
  #leave(panel) {
    const { marker } = this;
    if (marker.picking) return marker.pick(false);
    if (marker.mark) return this.#moved();
    marker.rest();
    panel.row.querySelector("[data-do=enter]").focus();
    return marker.say("Out of the text.");
  }
}
