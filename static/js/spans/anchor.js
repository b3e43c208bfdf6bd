// From places in the rendered text to offsets of its source, and back.
//
// Elements with data-s hold the source from that offset on, character by character; with data-e too they stand for
// source[s…e] whatever they show. Offsets are code points; only `SourceText` knows how they lie in strings.

export class Anchor {
  #pieces = []; // In the order of the page: {node, start, end, solid}, in UTF-16 units of the source.
  #of = new Map();
  #sorted;

  constructor(root, text) {
    this.root = root;
    this.text = text;
    this.#read(root, new Map());
    this.#sorted = [...this.#pieces].sort((a, b) => a.start - b.start);
  }

  #read(root, spent) {
    const inSolid = (node) => node.parentNode !== root && node.parentNode.dataset?.e !== undefined;
    const accept = (node) => (inSolid(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, accept);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) this.#readText(node, spent);
      else if (node.dataset?.e !== undefined) {
        const [start, end] = [this.text.unit(+node.dataset.s), this.text.unit(+node.dataset.e)];
        this.#add({ node, start, end, solid: true });
        this.#spend(node.parentElement, end - start, spent);
      }
    }
  }

  #readText(node, spent) {
    const owner = node.parentElement.closest("[data-s]");
    if (!owner || !this.root.contains(owner) || !node.data) return;
    const start = this.text.unit(+owner.dataset.s) + (spent.get(owner) ?? 0);
    this.#spend(owner, node.data.length, spent);
    const isSource = this.text.string.startsWith(node.data, start);
    if (isSource) this.#add({ node, start, end: start + node.data.length, solid: false });
  }

  #spend(element, units, spent) {
    for (let owner = element?.closest("[data-s]"); owner && this.root.contains(owner); owner = owner.parentElement?.closest("[data-s]")) {
      spent.set(owner, (spent.get(owner) ?? 0) + units);
    }
  }

  #add(piece) {
    if (!(piece.start < piece.end)) return;
    this.#pieces.push(piece);
    this.#of.set(piece.node, piece);
  }

  /** What can be seen, as sorted and merged intervals of code points. */
  get visible() {
    const merged = [];
    for (const { start, end } of this.#sorted) {
      if (merged.length && start <= merged.at(-1)[1]) merged.at(-1)[1] = Math.max(end, merged.at(-1)[1]);
      else merged.push([start, end]);
    }
    return merged.map(([start, end]) => [this.text.point(start), this.text.point(end)]);
  }

  /** What is shown as one thing, such as a formula. */
  get solid() {
    return this.#sorted.filter((piece) => piece.solid).map(({ start, end }) => [this.text.point(start), this.text.point(end)]);
  }

  /** The elements of solid things that a range touches. */
  solids(start, end) {
    const [from, to] = [this.text.unit(start), this.text.unit(end)];
    return this.#sorted.filter((piece) => piece.solid && piece.start < to && from < piece.end).map((piece) => piece.node);
  }

  /** The offset of a place in the page; `after` looks backwards from places outside the text, as the end of a range does. */
  offset(node, at, after = false) {
    const piece = this.#of.get(node);
    if (piece && !piece.solid) return this.text.point(piece.start + at);
    const solid = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-e]");
    if (solid && this.#of.has(solid)) return this.text.point(after ? this.#of.get(solid).end : this.#of.get(solid).start);
    return this.#near(node, at, after);
  }

  #near(node, at, after) {
    const here = document.createRange();
    here.setStart(node, at);
    const behind = this.#pieces.findIndex(({ node: one }) => {
      const [parent, index] = one.nodeType === Node.TEXT_NODE ? [one, 0] : [one.parentNode, indexOf(one)];
      return here.comparePoint(parent, index) >= 0;
    });
    if (after) {
      const last = behind < 0 ? this.#pieces.at(-1) : this.#pieces[behind - 1];
      return last ? this.text.point(last.end) : null;
    }
    return behind < 0 ? null : this.text.point(this.#pieces[behind].start);
  }

  /** A range of the page for a range of the source, from seen character to seen character; null where none is seen. */
  range(start, end) {
    const [from, to] = [this.text.unit(start), this.text.unit(end)];
    const first = this.#sorted[this.#index((piece) => piece.end > from)];
    const last = this.#sorted[this.#index((piece) => piece.start >= to) - 1];
    if (!first || !last || first.start >= to || last.end <= from) return null;
    const [startContainer, startOffset] = spot(first, Math.max(0, from - first.start), false);
    const [endContainer, endOffset] = spot(last, Math.min(to, last.end) - last.start, true);
    return { startContainer, startOffset, endContainer, endOffset };
  }

  #index(holds) {
    let low = 0;
    for (let high = this.#sorted.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (holds(this.#sorted[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The rectangles of a range on the screen. */
  boxes(start, end) {
    const range = this.live(start, end);
    return range ? [...range.getClientRects()].filter((box) => box.width && box.height) : [];
  }

  /** A range as the page's own object, such as a selection takes. */
  live(start, end) {
    const found = this.range(start, end);
    if (!found) return null;
    const range = document.createRange();
    range.setStart(found.startContainer, found.startOffset);
    range.setEnd(found.endContainer, found.endOffset);
    return range;
  }

  /** The offset under a point of the screen, or null. */
  under(x, y) {
    const place = document.caretPositionFromPoint?.(x, y);
    const [node, at] = place ? [place.offsetNode, place.offset] : older(x, y);
    return node && this.root.contains(node) ? this.offset(node, at) : null;
  }
}

function older(x, y) {
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? [range.startContainer, range.startOffset] : [null, 0];
}

const indexOf = (node) => [...node.parentNode.childNodes].indexOf(node);

function spot(piece, units, after) {
  return piece.solid ? [piece.node.parentNode, indexOf(piece.node) + Number(after)] : [piece.node, units];
}
