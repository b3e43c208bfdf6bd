// A source text whose offsets count code points; JavaScript's own strings count UTF-16 units.

export class SourceText {
  #starts = null; // The unit at which each code point starts, where some take two.

  constructor(string) {
    this.string = string;
    if (/[\ud800-\udbff]/.test(string)) this.#starts = unitStarts(string);
    this.length = this.#starts ? this.#starts.length - 1 : string.length;
  }

  slice(start, end) {
    return this.string.slice(this.unit(start), this.unit(end));
  }

  /** The UTF-16 unit at which a code point starts. */
  unit(point) {
    return this.#starts ? this.#starts[point] : point;
  }

  /** The code point to which a UTF-16 unit belongs. */
  point(unit) {
    if (!this.#starts) return unit;
    let low = 0;
    for (let high = this.length; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function unitStarts(string) {
  const starts = [];
  for (let unit = 0; unit < string.length; unit += string.codePointAt(unit) > 0xffff ? 2 : 1) starts.push(unit);
  return Uint32Array.from([...starts, string.length]);
}
