// The marks of a question, and every edit of them. Nothing here knows the page: offsets are code points.

const EXTRA = ["severity", "note", "refs", "attributes"];

/** By part, start, end and label; marks without a place come last, as they were made. */
function before(one, other) {
  const away = (one.start === undefined) - (other.start === undefined);
  if (away || one.start === undefined) return away || one.id - other.id;
  const by = one.part - other.part || one.start - other.start || one.end - other.end;
  return by || (one.label < other.label ? -1 : Number(one.label > other.label));
}

export class Marks {
  #state = {};
  #past = [];
  #future = [];
  #ids = 0;
  /** Why the last edit was not made. */
  refusal = "";

  /** `texts` gives the parts of each target; `snap(target, part, start, end)` a range or null; `step` moves an edge. */
  constructor(texts, { labels, overlap = true, snap, step }) {
    Object.assign(this, { texts, overlap, snap, step });
    this.labels = new Map(labels.map((label) => [label.key, label]));
    for (const target of Object.keys(texts)) this.#state[target] = null;
  }

  /** Takes answers, a list or null for each target, and forgets what was done before; returns where marks were dropped. */
  load(answers) {
    this.#past = [];
    this.#future = [];
    for (const target of Object.keys(this.texts)) {
      const given = answers[target];
      const marks = Array.isArray(given) ? given.map((mark) => this.#read(target, mark)).filter(Boolean).sort(before) : null;
      this.#state[target] = marks?.length || !given?.length ? marks : null; // All dropped is not "there are none".
    }
    return Object.keys(this.texts).filter((target) => (answers[target]?.length ?? 0) > (this.of(target)?.length ?? 0));
  }

  #read(target, given) {
    const label = given && this.labels.has(given.label) ? given.label : null;
    if (!label) return null;
    const extra = Object.fromEntries(EXTRA.filter((key) => given[key] != null).map((key) => [key, given[key]]));
    const part = Number.isInteger(given.part) ? given.part : 0;
    const text = this.texts[target][part];
    const { start, end } = given;
    const placed = text && Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length;
    const quote = placed ? { part, start, end, quote: text.slice(start, end) } : given.quote ? { quote: given.quote } : {};
    return Object.freeze({ id: ++this.#ids, label, ...quote, ...extra });
  }

  /** The marks of a target in order; null where nothing was said yet. */
  of(target) {
    return this.#state[target];
  }

  find(target, id) {
    return this.#state[target]?.find((mark) => mark.id === id);
  }

  /** The answer for a target, as it is sent; null where nothing was said. */
  answer(target) {
    const several = this.texts[target].length > 1;
    const plain = ({ id, part, ...mark }) => (several && part !== undefined ? { ...mark, part } : mark);
    return this.#state[target]?.map(plain) ?? null;
  }

  #refuse(why) {
    this.refusal = why;
    return null;
  }

  /** Puts `marks` in the place of a target's; edits of one kind in a row count as one (`joined`). */
  #commit(target, marks, joined = null) {
    const last = this.#past.at(-1);
    if (!joined || last?.joined !== joined) this.#past.push({ target, marks: this.#state[target], joined });
    this.#future = [];
    this.#state[target] = marks && [...marks].sort(before);
  }

  /** Marks a range; where the same is marked so already, that mark is returned. */
  add(target, { part = 0, start, end, label }) {
    const range = this.#range(target, part, start, end);
    if (!range) return null;
    const same = this.of(target)?.find((mark) => mark.label === label && mark.part === part && mark.start === range.start && mark.end === range.end);
    return same ?? this.#put(target, { label, ...range });
  }

  /** A mark about the whole. */
  addWhole(target, label) {
    return this.#put(target, { label });
  }

  #put(target, fields) {
    const mark = Object.freeze({ id: ++this.#ids, ...fields });
    this.#commit(target, [...(this.of(target) ?? []), mark]);
    return mark;
  }

  #range(target, part, start, end, id = null) {
    const text = this.texts[target][part];
    const [from, to] = (start < end && this.snap(target, part, start, end)) || [0, 0];
    if (!text || from >= to) return this.#refuse("There is nothing to mark.");
    const meets = (mark) => mark.id !== id && mark.part === part && mark.start < to && from < mark.end;
    const other = !this.overlap && this.of(target)?.find(meets);
    if (other) return this.#refuse(`Marks may not overlap here: “${brief(other.quote)}” is marked already.`);
    return { part, start: from, end: to, quote: text.slice(from, to) };
  }

  #change(target, id, change, joined) {
    const old = this.find(target, id);
    if (!old) return this.#refuse("That mark is gone.");
    const mark = Object.freeze({ ...old, ...change });
    this.#commit(target, this.of(target).map((one) => (one === old ? mark : one)), joined);
    return mark;
  }

  /** Gives a mark another range: a longer or shorter one, or elsewhere. */
  place(target, id, start, end, part = this.find(target, id)?.part) {
    const range = this.find(target, id) && this.#range(target, part, start, end, id);
    if (!range) return null;
    const { id: _, ...old } = this.find(target, id);
    const same = Object.entries(range).every(([key, value]) => old[key] === value);
    if (same) return this.find(target, id);
    const { attributes: { anchor, original, score, ...attributes } = {} } = old; // It is where somebody put it now.
    return this.#change(target, id, { ...range, attributes: Object.keys(attributes).length ? attributes : undefined }, `place ${id}`);
  }

  /** Moves the start or the end of a mark by so many words (or what marks snap to). */
  stretch(target, id, edge, by) {
    const mark = this.find(target, id);
    if (mark?.start === undefined) return this.#refuse("This mark has no place in the text.");
    const to = this.step(target, mark.part, mark[edge], edge, by);
    const [start, end] = edge === "start" ? [to, mark.end] : [mark.start, to];
    if (to === null || start >= end) return this.#refuse("No further.");
    return this.place(target, id, start, end);
  }

  relabel(target, id, key) {
    const label = this.labels.get(key);
    const mark = this.find(target, id);
    const placed = mark?.start !== undefined;
    if (!label || !mark || (placed ? label.whole === "required" : label.whole === "none" && !mark.quote)) {
      return this.#refuse(placed ? "That label is about the whole." : "That label needs a place in the text.");
    }
    const change = { label: key };
    if (!label.severities) change.severity = undefined;
    if (label.refs === "none") change.refs = undefined;
    return this.#change(target, id, change);
  }

  /** Sets `severity`, `note` or `refs`; an empty value takes it away. */
  set(target, id, name, value) {
    const label = this.labels.get(this.find(target, id)?.label);
    if ((name === "severity" && !label?.severities) || (name === "refs" && label?.refs === "none")) {
      return this.#refuse(`This label has no ${name}.`);
    }
    const empty = value === "" || value === null || value?.length === 0;
    return this.#change(target, id, { [name]: empty ? undefined : value }, name === "note" ? `note ${id}` : null);
  }

  /** Without its last mark a target is not answered: that there are none is said apart. */
  remove(target, id) {
    const left = this.of(target)?.filter((mark) => mark.id !== id) ?? [];
    if (left.length === this.of(target)?.length) return this.#refuse("That mark is gone.");
    this.#commit(target, left.length ? left : null);
    return true;
  }

  /** Says that there is nothing to mark, or takes it back. */
  none(target, on) {
    if (this.of(target)?.length) return this.#refuse("There are marks already.");
    this.#commit(target, on ? [] : null);
    return true;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Takes the last edit back; returns the target that it was made in. */
  undo() {
    return this.#swap(this.#past, this.#future);
  }

  redo() {
    return this.#swap(this.#future, this.#past);
  }

  #swap(from, to) {
    const step = from.pop();
    if (!step) return null;
    to.push({ target: step.target, marks: this.#state[step.target], joined: null });
    this.#state[step.target] = step.marks;
    return step.target;
  }
}

/** A quote as messages and lists show it. */
export function brief(quote, most = 60) {
  const flat = quote.replace(/\s+/g, " ");
  const points = [...flat];
  return points.length <= most ? flat : `${points.slice(0, most / 2).join("")}…${points.slice(-most / 3).join("")}`;
}
