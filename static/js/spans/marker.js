// A span question at work: what is selected, which mark is chosen, and every action on them.
// The mouse, the keyboard, the palette and the list of marks all end here.

import { Anchor } from "./anchor.js";
import { Cursor } from "./cursor.js";
import { Marks, brief } from "./list.js";
import { Painter } from "./paint.js";
import { Palette } from "./palette.js";
import { Panel } from "./panel.js";
import { Segments } from "./segments.js";
import { SourceText } from "./text.js";

export class Marker {
  selected = null; // {target, part, start, end}: about to be marked.
  chosen = null; // {target, id}: the mark that is being worked on.
  armed = null; // The label that the next selection gets at once.
  picking = false; // Whether a click on a sentence of the context points the chosen mark at it.
  #segments = new Map();

  constructor(fieldset, article) {
    Object.assign(this, { fieldset, article });
    this.settings = JSON.parse(fieldset.querySelector("script[type='application/json']").textContent);
    const { labels, texts, overlap, snap } = this.settings;
    this.labels = new Map(labels.map((label) => [label.key, label]));
    this.texts = Object.fromEntries(Object.entries(texts).map(([target, parts]) => [target, parts.map((part) => new SourceText(part))]));
    this.anchors = Object.fromEntries(Object.keys(texts).map((target) => [target, this.#anchorsOf(target)]));
    this.marks = new Marks(this.texts, {
      labels,
      overlap,
      snap: (target, part, start, end) => this.segments(target, part)?.snap(start, end, snap),
      step: (target, part, point, edge, by) => this.segments(target, part)?.step(point, edge, by, snap) ?? null,
    });
    this.cursor = new Cursor((target) => this.texts[target].length, (target, part) => this.segments(target, part), snap);
    this.painter = new Painter(this.anchors, new Map(labels.map(({ key, colour }) => [key, colour])));
    this.live = fieldset.querySelector("[data-live]");
    this.palette = new Palette(this);
    this.panels = new Map([...fieldset.querySelectorAll("[data-row]")].map((row) => [row.dataset.target, new Panel(this, row)]));
    this.load();
  }

  #anchorsOf(target) {
    const found = {};
    for (const root of this.article.querySelectorAll(`[data-source="${CSS.escape(target)}"]`)) {
      const text = this.texts[target][root.dataset.part];
      if (!text || root.dataset.part in found) continue;
      found[root.dataset.part] = new Anchor(root, text);
      root.classList.add("span-text");
    }
    return found;
  }

  segments(target, part) {
    const anchor = this.anchors[target]?.[part];
    if (!anchor) return null;
    const name = `${target}/${part}`;
    if (!this.#segments.has(name)) {
      const { visible, solid, text, root } = anchor;
      this.#segments.set(name, new Segments(text, { lang: root.lang, visible, solid }));
    }
    return this.#segments.get(name);
  }

  /** The chosen mark itself. */
  get mark() {
    return this.chosen && this.marks.find(this.chosen.target, this.chosen.id);
  }

  name(target) {
    return this.panels.get(target).name;
  }

  /** Takes what the form holds: at the start, and when a draft is put back. */
  load() {
    const less = this.marks.load(Object.fromEntries([...this.panels].map(([target, panel]) => [target, panel.given])));
    this.rest();
    for (const target of this.panels.keys()) this.show(target);
    for (const target of less) this.panels.get(target).write();
  }

  /** Shows a target's marks; `write` puts them into the form too. */
  show(target, write = false) {
    this.painter.marks(target, this.marks.of(target));
    this.panels.get(target).show(write);
    this.#showChosen();
  }

  /** Off the screen, with nothing in hand. */
  away() {
    this.rest();
    this.painter.clear();
  }

  repaint() {
    this.painter.clear();
    for (const target of this.panels.keys()) this.show(target);
  }

  #showChosen() {
    const { mark, chosen, selected } = this;
    this.painter.extra("chosen", chosen?.target, mark?.start === undefined ? null : mark);
    this.painter.extra("pending", selected?.target, selected);
    const refs = new Set(mark?.refs ?? []);
    for (const sentence of this.article.querySelectorAll("[data-ref]")) {
      sentence.classList.toggle("span-ref", refs.has(sentence.dataset.ref));
      sentence.classList.toggle("span-pick", this.picking && this.settings.refs.includes(sentence.dataset.ref));
    }
    for (const label of this.fieldset.querySelectorAll("button[data-label]")) {
      label.setAttribute("aria-pressed", label.dataset.label === (this.armed ?? mark?.label));
    }
  }

  say(text) {
    this.live.textContent = text;
  }

  /** Selects a range as it snaps; `how` is mouse, touch or keyboard. */
  select({ target, part, start, end }, how = "mouse") {
    const range = start < end && this.segments(target, part)?.snap(start, end, how === "keyboard" ? "none" : this.settings.snap);
    if (!range) return this.rest();
    this.selected = { target, part, start: range[0], end: range[1] };
    this.leaveMark();
    if (how !== "keyboard") this.cursor.to(this.selected);
    this.#showChosen();
    if (this.armed) return this.label(this.armed);
    return this.palette.open(how);
  }

  leaveMark() {
    const { chosen } = this;
    this.chosen = null;
    this.picking = false;
    if (chosen) this.panels.get(chosen.target).show();
  }

  /** Nothing is selected and no mark chosen. */
  rest() {
    this.selected = null;
    this.leaveMark();
    this.palette.close();
    this.#showChosen();
  }

  choose(target, id, how = "mouse") {
    const mark = this.marks.find(target, id);
    if (!mark) return;
    if (this.chosen && this.chosen.id !== id) this.leaveMark();
    this.selected = null;
    this.chosen = { target, id };
    if (mark.start !== undefined) this.cursor.to({ target, ...mark });
    this.panels.get(target).show();
    this.#showChosen();
    this.palette.open(how);
    this.say(this.describe(mark));
  }

  describe(mark) {
    const label = this.labels.get(mark.label);
    const what = mark.quote ? `“${brief(mark.quote)}”` : "about the whole";
    return [`${label.text}: ${what}`, mark.severity, this.lacks(mark)].filter(Boolean).join(", ");
  }

  /** What a mark still needs, in words; empty where it is complete. */
  lacks(mark) {
    const label = this.labels.get(mark.label);
    const lacking = [
      this.settings.severities.length && label.severities && !mark.severity && "a severity",
      (label.note || this.settings.required_note) && !mark.note?.trim() && "a note",
      label.refs === "required" && !mark.refs?.length && "a sentence of the context",
    ].filter(Boolean);
    return lacking.length ? `needs ${lacking.join(" and ")}` : "";
  }

  /** Gives a label to what is selected, or to the chosen mark; else the next selection gets it. */
  label(key, how = this.palette.how) {
    const { selected, mark, chosen } = this;
    if (selected) return this.#made(selected.target, this.marks.add(selected.target, { ...selected, label: key }), how);
    if (mark) return this.#made(chosen.target, this.marks.relabel(chosen.target, mark.id, key), how);
    this.armed = this.armed === key ? null : key;
    this.#showChosen();
    return this.say(this.armed ? `${this.labels.get(key).text}: select text to mark it.` : "No label is in hand.");
  }

  /** A mark about the whole text. */
  whole(target, key, how = "mouse") {
    this.#made(target, this.marks.addWhole(target, key), how);
  }

  #made(target, mark, how) {
    if (!mark) return this.refused();
    this.selected = null;
    this.chosen = null;
    this.show(target, true);
    this.choose(target, mark.id, how);
    const { refs, text } = this.labels.get(mark.label);
    this.say(`Marked as ${text}${this.lacks(mark) ? `; it ${this.lacks(mark)}` : ""}`);
    if (refs === "required" && !mark.refs) this.pick(true);
    this.goOn();
    return mark;
  }

  /** On to what the chosen mark still needs: first a severity, which has keys, then a note. */
  goOn() {
    const { mark, chosen } = this;
    const label = this.labels.get(mark.label);
    this.palette.open(this.palette.how);
    if (this.palette.asks) return;
    if ((label.note || this.settings.required_note) && !mark.note) this.panels.get(chosen.target).focus("note");
    else if (!this.lacks(mark) && this.palette.how !== "keyboard") this.palette.close();
  }

  refused() {
    this.say(this.marks.refusal);
    this.palette.tell(this.marks.refusal);
  }

  /** Sets the severity, note or refs of the chosen mark. */
  set(name, value, write = true) {
    const { chosen } = this;
    if (!chosen || !this.marks.set(chosen.target, chosen.id, name, value)) return;
    this.show(chosen.target, write);
  }

  severity(value) {
    const { mark } = this;
    if (!mark || !this.labels.get(mark.label).severities) return;
    this.set("severity", value);
    this.say(`${value}${this.lacks(this.mark) ? `; it ${this.lacks(this.mark)}` : ""}`);
    this.goOn();
  }

  pick(on) {
    this.picking = on && this.settings.refs.length > 0;
    this.#showChosen();
    if (this.chosen) this.panels.get(this.chosen.target).show();
  }

  toggleRef(id) {
    const refs = this.mark?.refs ?? [];
    const next = refs.includes(id) ? refs.filter((one) => one !== id) : [...refs, id];
    this.set("refs", this.settings.refs.filter((one) => next.includes(one)));
    this.say(`${refs.includes(id) ? "No longer points" : "Points"} at sentence ${id}`);
    if (!this.lacks(this.mark)) this.goOn();
  }

  /** Moves one edge of the chosen mark. */
  stretch(edge, by) {
    const { target, id } = this.chosen;
    const mark = this.marks.stretch(target, id, edge, by);
    if (!mark) return this.refused();
    this.show(target, true);
    this.cursor.to({ target, ...mark });
    this.palette.open(this.palette.how);
    return this.say(`“${brief(mark.quote)}”`);
  }

  /** Gives the chosen mark another range. */
  place(start, end) {
    const { target, id } = this.chosen;
    if (!this.marks.place(target, id, start, end)) return this.refused();
    return this.show(target, true);
  }

  remove() {
    const { chosen, mark } = this;
    if (!mark) return;
    this.marks.remove(chosen.target, chosen.id);
    this.rest();
    this.show(chosen.target, true);
    this.say(`Mark deleted: ${this.labels.get(mark.label).text}. Ctrl Z brings it back.`);
  }

  /** Takes the last edit back, or does it again. False where there is none. */
  undo(again = false) {
    const target = again ? this.marks.redo() : this.marks.undo();
    if (!target) return false;
    this.rest();
    this.show(target, true);
    this.say(again ? "Done again." : "Taken back.");
    return true;
  }

  none(target, on) {
    if (!this.marks.none(target, on)) this.refused();
    else this.say(on ? `${this.name(target)}: nothing to mark.` : "");
    this.show(target, true);
  }

  /** The mark after (before) the chosen one, or after the cursor. */
  step(target, by) {
    const all = this.marks.of(target) ?? [];
    const at = all.findIndex((mark) => mark.id === this.chosen?.id);
    const { part, start } = this.cursor.range ?? { part: 0, start: 0 };
    const behind = (mark) => mark.part > part || (mark.part === part && mark.start >= start) || mark.start === undefined;
    const first = by > 0 ? all.findIndex(behind) : all.findLastIndex((mark) => !behind(mark));
    const to = at < 0 ? first : at + by;
    const mark = all[(to + all.length) % (all.length || 1)];
    if (mark) this.jump(target, mark.id, "keyboard");
    else this.say("There are no marks yet.");
  }

  /** Chooses a mark and brings it into sight. */
  jump(target, id, how = "mouse") {
    this.choose(target, id, how);
    const mark = this.marks.find(target, id);
    if (mark?.start !== undefined) this.reveal({ target, ...mark });
  }

  /** Scrolls a range into sight. */
  reveal({ target, part, start, end }) {
    const [box] = this.anchors[target]?.[part]?.boxes(start, end) ?? [];
    if (!box || (box.top > 120 && box.bottom < window.innerHeight - 160)) return;
    const element = this.anchors[target][part].live(start, end).startContainer.parentElement;
    for (const details of this.article.querySelectorAll("details:not([open])")) if (details.contains(element)) details.open = true;
    scrollTo(element, box);
  }
}

/** Brings a box of the element to the middle of what scrolls it. */
function scrollTo(element, box) {
  for (let holder = element; holder; holder = holder.parentElement) {
    if (holder.scrollHeight <= holder.clientHeight + 1 || !/auto|scroll/.test(getComputedStyle(holder).overflowY)) continue;
    if (holder === document.body || holder === document.documentElement) break;
    const frame = holder.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) holder.scrollTop += box.top - frame.top - frame.height / 3;
  }
  if (box.top < 120 || box.bottom > window.innerHeight - 160) window.scrollBy(0, box.top - window.innerHeight / 3);
}
