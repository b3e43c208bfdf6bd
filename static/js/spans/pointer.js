// Marking by mouse and by touch.
//
// Mouse: what is dragged over is selected; a click chooses a mark. Touch: a long press selects as everywhere on the
// device; a tap takes a word, and a tap on another word selects up to there.

const SETTLED = 300;
const NEAR = 6;

export class Pointer {
  #down = null;
  #timer = 0;

  constructor(marker, isActive) {
    Object.assign(this, { marker, isActive });
    const { article } = marker;
    article.addEventListener("pointerdown", (event) => this.#press(event));
    article.addEventListener("click", (event) => this.#click(event));
    for (const handle of marker.palette.handles) this.#drag(handle);
    for (const button of marker.fieldset.querySelectorAll(".span-labels button[data-label]")) {
      button.addEventListener("click", () => marker.label(button.dataset.label));
    }
  }

  get #works() {
    return this.isActive() && this.marker.article.isConnected && !this.marker.fieldset.disabled;
  }

  #press(event) {
    this.#down = { type: event.pointerType, inText: this.#rootOf(event.target) !== null };
    const own = event.target.closest(".span-palette, .span-handle, form, dialog, [data-ref]");
    if (!own && !this.#down.inText && this.#works) this.marker.rest();
  }

  /** The element of ours that holds a node, with its target and part; null elsewhere. */
  #rootOf(node) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const root = element?.closest("[data-source]");
    const { source: target, part } = root?.dataset ?? {};
    return this.marker.anchors[target]?.[part]?.root === root ? { target, part: Number(part), anchor: this.marker.anchors[target][part] } : null;
  }

  /** The button of the mouse was let go, wherever that was. */
  release(event) {
    const down = this.#down;
    if (!down?.inText || down.type === "touch" || event.button !== 0 || !this.#works) return;
    const range = this.#selection();
    if (!range) return;
    down.dragged = true;
    getSelection().removeAllRanges();
    this.marker.select(range, "mouse");
    this.#focus(range.target);
  }

  #focus(target) {
    const { activeElement } = document;
    const { pad, row } = this.marker.panels.get(target);
    if (!activeElement?.matches("[data-field]") || !row.contains(activeElement)) pad.focus({ preventScroll: true });
  }

  /** What is selected in the browser's own way, kept within the text in which it began. */
  #selection() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const here = this.#rootOf(selection.anchorNode) ?? this.#rootOf(range.startContainer) ?? this.#rootOf(range.endContainer);
    if (!here) return null;
    const { root } = here.anchor;
    const whole = document.createRange();
    whole.selectNodeContents(root);
    const first = range.compareBoundaryPoints(Range.START_TO_START, whole) < 0 ? whole : range;
    const last = range.compareBoundaryPoints(Range.END_TO_END, whole) > 0 ? whole : range;
    const start = here.anchor.offset(first.startContainer, first.startOffset);
    const end = here.anchor.offset(last.endContainer, last.endOffset, true);
    return start !== null && end !== null && start < end ? { target: here.target, part: here.part, start, end } : null;
  }

  #click(event) {
    if (!this.#works) return;
    const { marker } = this;
    const sentence = event.target.closest("[data-ref]");
    if (marker.picking && sentence && marker.settings.refs.includes(sentence.dataset.ref)) return marker.toggleRef(sentence.dataset.ref);
    const here = this.#rootOf(event.target);
    if (!here || event.target.closest("a, summary, button") || this.#down?.dragged) return undefined;
    if (!getSelection().isCollapsed) return undefined;
    const point = here.anchor.under(event.clientX, event.clientY);
    return point === null ? undefined : this.#at(here, point, event);
  }

  #at({ target, part, anchor }, point, event) {
    const { marker } = this;
    const touch = this.#down?.type === "touch";
    const hits = ({ start, end }) => anchor.boxes(start, end).some((box) => near(box, event));
    const word = this.#wordAt(target, part, point, hits);
    const { selected } = marker;
    const goesOn = selected?.target === target && selected.part === part && (event.shiftKey || touch);
    if (goesOn && word && !hits(selected)) {
      return marker.select({ ...selected, start: Math.min(selected.start, word.start), end: Math.max(selected.end, word.end) }, touch ? "touch" : "mouse");
    }
    const mark = this.#markAt(target, part, point, hits);
    if (mark) marker.choose(target, mark.id, touch ? "touch" : "mouse");
    else if (touch && word && !(selected && hits(selected))) marker.select({ target, part, ...word }, "touch");
    else marker.rest();
    if (!touch) {
      if (!mark && word) marker.cursor.to({ target, part, ...word });
      this.#focus(target);
    }
    return undefined;
  }

  #wordAt(target, part, point, hits) {
    const { marker } = this;
    const segments = marker.segments(target, part);
    const { length } = anchorText(marker, target, part);
    for (const at of [point, point - 1]) {
      const range = at >= 0 && at < length && segments.snap(at, at + 1, "word");
      if (range && hits({ start: range[0], end: range[1] })) return { start: range[0], end: range[1] };
    }
    return null;
  }

  /** The shortest mark there; one after the other where several lie on one place. */
  #markAt(target, part, point, hits) {
    const here = (this.marker.marks.of(target) ?? [])
      .filter((mark) => mark.part === part && mark.start <= point && point <= mark.end && hits(mark))
      .sort((a, b) => a.end - a.start - (b.end - b.start));
    const at = here.findIndex((mark) => mark.id === this.marker.chosen?.id);
    return here.length ? here[(at + 1) % here.length] : null;
  }

  /** On touch the device's own selection, once it rests, is what is selected. */
  native() {
    clearTimeout(this.#timer);
    if (this.#down?.type !== "touch" || !this.#works) return;
    this.#timer = setTimeout(() => {
      const range = this.#selection();
      if (range) this.marker.select(range, "touch");
    }, SETTLED);
  }

  /** The handles at both ends of the chosen mark. */
  #drag(handle) {
    const { marker } = this;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      handle.classList.add("held");
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const point = this.#under(event);
      const { mark } = marker;
      if (point === null || !mark) return;
      const [start, end] = handle.dataset.edge === "start" ? [point, mark.end] : [mark.start, point];
      if (start < end) marker.place(start, end);
      marker.palette.open();
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      handle.addEventListener(kind, () => handle.classList.remove("held"));
    }
  }

  #under(event) {
    const { chosen, mark, anchors, palette } = this.marker;
    const anchor = chosen && mark && anchors[chosen.target]?.[mark.part];
    for (const handle of palette.handles) handle.classList.add("away"); // So that the text under it is found.
    const point = anchor ? anchor.under(event.clientX, event.clientY) : null;
    for (const handle of palette.handles) handle.classList.remove("away");
    return point;
  }
}

const anchorText = (marker, target, part) => marker.anchors[target][part].text;

function near(box, { clientX: x, clientY: y }) {
  return x >= box.left - NEAR && x <= box.right + NEAR && y >= box.top - 2 && y <= box.bottom + 2;
}
