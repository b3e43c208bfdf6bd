// The keyboard's cursor: a word (or sentence, or character) of a text, or a run from one to another.

export class Cursor {
  place = null; // {target, part, anchor, focus}: the units at both ends, as ranges of code points.

  /** `segments(target, part)` gives a part's segments, or null where it is not on the page. */
  constructor(parts, segments, mode) {
    Object.assign(this, { parts, segments, mode });
  }

  get range() {
    if (!this.place) return null;
    const { target, part, anchor, focus } = this.place;
    return { target, part, start: Math.min(anchor[0], focus[0]), end: Math.max(anchor[1], focus[1]) };
  }

  /** Into a text, to its first unit. */
  enter(target) {
    this.place = this.#first(target, 0, 1);
    return this.range;
  }

  /** To a range. */
  to({ target, part, start, end }) {
    this.place = { target, part, anchor: [start, end], focus: [start, end] };
  }

  /** The first unit (the last, going backwards) of the nearest part that has one. */
  #first(target, part, by) {
    for (let at = part; at >= 0 && at < this.parts(target); at += by) {
      const unit = this.segments(target, at)?.units(this.mode).at(by > 0 ? 0 : -1);
      if (unit) return { target, part: at, anchor: unit, focus: unit };
    }
    return null;
  }

  /** One step, over units of `over`; `extend` keeps the other end where it is. False where there is nothing more. */
  move(by, over, extend) {
    const { target, part, anchor, focus } = this.place;
    const segments = this.segments(target, part);
    const found = next(segments.units(over), focus, by, extend);
    if (!found) {
      const beyond = extend ? null : this.#first(target, part + by, by);
      if (beyond) this.place = beyond;
      return Boolean(beyond);
    }
    if (extend) this.place = { target, part, anchor, focus: by > 0 ? [focus[0], found[1]] : [found[0], focus[1]] };
    else this.#land(segments, found);
    if (extend) this.#turn(segments, by, found);
    return true;
  }

  #land(segments, [start, end]) {
    const units = segments.units(this.mode);
    const unit = units[segments.at(start, this.mode)] ?? [start, end];
    Object.assign(this.place, { anchor: unit, focus: unit });
  }

  /** The moving end is one unit long, so that it can turn back over the other end. */
  #turn(segments, by, [start, end]) {
    const units = segments.units(this.mode);
    if (by > 0) {
      const last = units[segments.at(end, this.mode) - 1] ?? [start, end];
      this.place.focus = [Math.max(last[0], start), end];
    } else {
      const first = units[segments.at(start, this.mode)] ?? [start, end];
      this.place.focus = [start, Math.min(first[1], end)];
    }
  }

  /** To the first or the last unit of the part. */
  edge(by, extend) {
    const end = this.#first(this.place.target, this.place.part, -by);
    if (!end) return false;
    this.place = extend ? { ...this.place, focus: end.focus } : end;
    return true;
  }
}

function next(units, [start, end], by, extend) {
  if (by < 0) return units.findLast((unit) => unit[0] < start);
  return units.find((unit) => (extend ? unit[1] > end : unit[0] >= end));
}
