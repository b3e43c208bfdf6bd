// The palette: what can be done with the selection or the chosen mark, beside it, or at the foot of a small screen.

import { button, key, make, swatch } from "./dom.js";

const NARROW = 700;
const GAP = 8;
const HANDLE = 16;

export class Palette {
  how = "mouse";
  #refusal = "";

  constructor(marker) {
    this.marker = marker;
    this.element = make("div", { className: "span-palette", hidden: true, role: "group", "aria-label": "What to do with the selected text" });
    this.handles = ["start", "end"].map((edge) => make("span", { className: "span-handle", hidden: true, "data-edge": edge, "aria-hidden": "true" }));
    this.element.addEventListener("mousedown", (event) => event.preventDefault()); // The text keeps the keyboard.
    marker.article.append(this.element, ...this.handles);
  }

  /** Whether a severity is asked for now; its keys are digits then. */
  get asks() {
    const { mark, labels, settings } = this.marker;
    return Boolean(mark && settings.severities.length && labels.get(mark.label).severities && !mark.severity);
  }

  open(how = this.how) {
    this.how = how;
    this.#refusal = "";
    this.#fill();
    this.element.hidden = false;
    this.#place();
  }

  close() {
    this.element.hidden = true;
    this.marker.article.classList.remove("span-foot");
    for (const handle of this.handles) handle.hidden = true;
  }

  /** Says why something was not done. */
  tell(text) {
    this.#refusal = text;
    if (!this.element.hidden) this.#fill();
  }

  /** The page has scrolled or has another size. */
  follow() {
    if (!this.element.hidden) requestAnimationFrame(() => !this.element.hidden && this.#place());
  }

  #fill() {
    const { marker } = this;
    const { mark } = marker;
    const placed = mark ? mark.start !== undefined : true;
    const fits = [...marker.labels.values()].filter(({ whole }) => (placed ? whole !== "required" : whole !== "none"));
    const labels = fits.map((label) => this.#label(label, mark));
    const asks = this.asks;
    const severities = mark && marker.labels.get(mark.label).severities ? this.#severities(mark, asks) : [];
    const tools = mark ? this.#tools() : [];
    const close = button("×", () => marker.rest(), { className: "button quiet small", "aria-label": "Close" });
    const rows = asks ? [severities, [...tools, close]] : mark ? [severities, labels, [...tools, close]] : [[...labels, close]];
    const held = this.element.contains(document.activeElement);
    const said = this.#refusal ? [make("p", { className: "error", textContent: this.#refusal })] : [];
    const lines = rows.filter((row) => row.length).map((row) => make("div", { className: "span-choices" }, ...row));
    this.element.replaceChildren(...said, ...lines);
    if (held) this.element.querySelector("button").focus({ preventScroll: true });
  }

  #label(label, mark) {
    const made = button("", () => this.marker.label(label.key), { className: "button small span-label", title: label.hint });
    made.setAttribute("aria-pressed", label.key === mark?.label);
    made.append(swatch(label), key(label.shortcut) ?? "");
    return made;
  }

  #severities(mark, asks) {
    return this.marker.settings.severities.map((name, i) => {
      const made = button(name, () => this.marker.severity(name), { className: "button small" });
      made.setAttribute("aria-pressed", name === mark.severity);
      if (i < 9) made.append(key(asks ? `${i + 1}` : `⇧${i + 1}`));
      return made;
    });
  }

  #tools() {
    const { marker } = this;
    const note = button("Note", () => marker.panels.get(marker.chosen.target).focus("note"), { className: "button quiet small" });
    const gone = button("Delete", () => marker.remove(), { className: "button quiet small" });
    note.append(key("c"));
    gone.append(key("Del"));
    return [note, gone];
  }

  /** Below the text it is about, above it where there is no room; at the foot of small screens. */
  #place() {
    const { selected, mark, chosen, anchors } = this.marker;
    const about = selected ?? (mark?.start === undefined ? null : { ...mark, target: chosen.target });
    const boxes = about ? (anchors[about.target]?.[about.part]?.boxes(about.start, about.end) ?? []) : [];
    const foot = this.how === "touch" || window.innerWidth < NARROW;
    this.element.classList.toggle("foot", foot);
    const needless = this.how === "keyboard" && selected && !this.#refusal && isSeen(this.marker.fieldset.querySelector(".span-labels"));
    this.element.classList.toggle("nowhere", needless || (!foot && !boxes.length)); // The question has all that is needed.
    this.marker.article.classList.toggle("span-foot", foot);
    const { style } = this.element;
    if (foot) style.left = style.top = "";
    else if (boxes.length) {
      const { offsetWidth: width, offsetHeight: height } = this.element;
      const [first, last] = [boxes[0], boxes.at(-1)];
      const gap = selected ? GAP : HANDLE;
      const below = last.bottom + gap + height < window.innerHeight;
      style.left = `${Math.max(GAP, Math.min(last.right - width / 2, window.innerWidth - width - GAP))}px`;
      style.top = `${below ? last.bottom + gap : Math.max(GAP, first.top - height - gap)}px`;
    }
    this.#placeHandles(mark && !selected && chosen ? about : null);
  }

  #placeHandles(mark) {
    for (const handle of this.handles) {
      const box = mark && this.#edge(mark, handle.dataset.edge);
      handle.hidden = !box;
      if (!box) continue;
      handle.style.left = `${box.x}px`;
      handle.style.top = `${box.top}px`;
      handle.style.height = `${box.bottom - box.top}px`;
    }
  }

  /** Where an edge of a mark lies on the screen, whichever way its text runs. */
  #edge({ target, part, start, end }, edge) {
    const anchor = this.marker.anchors[target][part];
    const boxes = anchor.boxes(...(edge === "start" ? [start, Math.min(start + 1, end)] : [Math.max(end - 1, start), end]));
    const box = edge === "start" ? boxes[0] : boxes.at(-1);
    const range = box && anchor.live(start, end);
    if (!range) return null;
    const node = edge === "start" ? range.startContainer : range.endContainer;
    const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(anchor.text.slice(...(edge === "start" ? [start, start + 1] : [end - 1, end])));
    const frame = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".said-by")?.getBoundingClientRect();
    if (frame && (box.bottom < frame.top || box.top > frame.bottom)) return null;
    return { x: (edge === "start") === rightToLeft ? box.right : box.left, top: box.top, bottom: box.bottom };
  }
}

function isSeen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= window.innerHeight;
}
