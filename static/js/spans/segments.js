// Words, sentences and characters of a source text: where marks may begin and end, and where the cursor stops.

const GRANULARITY = { none: "grapheme", word: "word", sentence: "sentence" };
const WORDLIKE = /[\p{L}\p{N}\p{S}\p{M}]/u;

/** The first index of a sorted list whose value is above `value`. */
function above(list, value) {
  let low = 0;
  for (let high = list.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (list[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

export class Segments {
  #edges = {};
  #units = {};

  /** `visible` and `solid` are sorted intervals of code points: what can be seen (null: all), what is never cut. */
  constructor(text, { lang, visible = null, solid = [] } = {}) {
    Object.assign(this, { text, lang: lang || undefined, visible, solid });
    this.seenFrom = visible?.map(([start]) => start);
    this.seenTo = visible?.map(([, end]) => end);
  }

  /** Where segments meet, 0 and the length included; none lies within something solid. */
  edges(mode) {
    return (this.#edges[mode] ??= this.#cut(mode));
  }

  #cut(mode) {
    const { text, solid } = this;
    const segmenter = new Intl.Segmenter(this.lang, { granularity: GRANULARITY[mode] });
    const cuts = [...segmenter.segment(text.string)].map((one) => text.point(one.index));
    const starts = solid.map(([start]) => start);
    const within = (cut) => {
      const [start, end] = solid[above(starts, cut) - 1] ?? [0, 0];
      return cut > start && cut < end;
    };
    const kept = cuts.filter((cut, i) => !within(cut) && cut !== cuts[i - 1]);
    const edges = new Set([0, ...kept, text.length, ...(mode === "sentence" ? [] : solid.flat())]);
    return [...edges].sort((a, b) => a - b);
  }

  #floor(mode, point) {
    const edges = this.edges(mode);
    return edges[Math.max(0, above(edges, point) - 1)];
  }

  #ceil(mode, point) {
    const edges = this.edges(mode);
    return edges[Math.min(edges.length - 1, above(edges, point - 1))];
  }

  /** The smallest run of whole segments around a range, without what is not seen and outer white space; or null. */
  snap(start, end, mode) {
    const whole = this.#trim(this.#floor(mode, start), this.#ceil(mode, end));
    if (!whole) return null;
    const [from, to] = this.#clip(...whole);
    return from < to ? this.#trim(from, to) : null;
  }

  #trim(start, end) {
    const quote = this.text.slice(start, end);
    const left = quote.length - quote.trimStart().length; // White space is never outside the basic plane.
    const right = quote.length - quote.trimEnd().length;
    if (left === quote.length) return null;
    return [Math.max(start, this.#floor("none", start + left)), Math.min(end, this.#ceil("none", end - right))];
  }

  #clip(start, end) {
    if (!this.visible) return [start, end];
    const first = this.visible[above(this.seenTo, start)];
    const last = this.visible[above(this.seenFrom, end - 1) - 1];
    return first && last ? [Math.max(start, first[0]), Math.min(end, last[1])] : [0, 0];
  }

  /** What the cursor moves over: words (or characters, or sentences) without bare punctuation, as ranges. */
  units(mode) {
    return (this.#units[mode] ??= this.#stops(mode));
  }

  #stops(mode) {
    const edges = this.edges(mode);
    const all = edges.slice(1).map((end, i) => this.snap(edges[i], end, mode));
    const some = all.filter((one, i) => one && (!i || one[0] !== all[i - 1]?.[0]));
    const words = some.filter(([start, end]) => WORDLIKE.test(this.text.slice(start, end)) || mode === "none");
    return words.length ? words : some;
  }

  /** The index of the unit at a place, or of the next one after it; the number of units where there is none. */
  at(point, mode) {
    const units = this.units(mode);
    let low = 0;
    for (let high = units.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (units[middle][1] > point) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The edge of a mark, moved by so many units; null where there is nothing more. */
  step(point, edge, by, mode) {
    const units = this.units(mode);
    const side = edge === "start" ? 0 : 1;
    const places = units.map((unit) => unit[side]);
    const index = by > 0 ? above(places, point) : above(places, point - 1) - 1;
    return places[by > 0 ? index + by - 1 : index + by + 1] ?? null;
  }
}
