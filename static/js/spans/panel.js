// One text's row in the question: the list of its marks, what each still needs, and "no spans".

import { button, make, swatch } from "./dom.js";
import { brief } from "./list.js";

export class Panel {
  #lines = new Map(); // id -> {mark, chosen, picking, element}

  constructor(marker, row) {
    Object.assign(this, { marker, row });
    this.target = row.dataset.target;
    this.name = row.getAttribute("aria-label");
    this.input = row.querySelector("input[data-answer]");
    this.none = row.querySelector("input[data-none]");
    this.pad = row.querySelector("[data-pad]");
    this.list = row.querySelector(".span-list");
    this.count = row.querySelector(".span-count");
    this.none.addEventListener("change", () => marker.none(this.target, this.none.checked));
    for (const kind of ["focus", "blur"]) this.pad.addEventListener(kind, () => this.#enter(kind === "focus"));
    row.querySelector("[data-do=enter]").addEventListener("click", () => marker.keyboard.enter(this.target));
    for (const whole of row.querySelectorAll("[data-whole]")) {
      whole.addEventListener("click", () => marker.whole(this.target, whole.dataset.whole));
    }
  }

  /** Shows which text has the keyboard. */
  #enter(focused) {
    const seen = focused && this.pad.matches(":focus-visible");
    for (const { root } of Object.values(this.marker.anchors[this.target])) root.classList.toggle("entered", seen);
  }

  /** What the form holds: a list, or null. */
  get given() {
    try {
      return JSON.parse(this.input.value || "null");
    } catch {
      return null;
    }
  }

  /** Brings the row up to date; `write` puts the answer into the form and tells the page. */
  show(write = false) {
    const { marker, target } = this;
    const marks = marker.marks.of(target);
    this.none.checked = marks !== null && !marks.length;
    this.none.disabled = Boolean(marks?.length);
    this.count.textContent = marks?.length ? `${marks.length} mark${marks.length > 1 ? "s" : ""}` : "";
    this.#showLines(marks ?? []);
    const lacking = marks?.find((mark) => marker.lacks(mark));
    this.input.dataset.problem = lacking ? `${marker.describe(lacking)}.` : "";
    if (!write) return;
    this.write();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Puts the answer into the form. */
  write() {
    const answer = this.marker.marks.answer(this.target);
    this.input.value = answer ? JSON.stringify(answer) : "";
  }

  #showLines(marks) {
    const { marker } = this;
    const kept = new Set(marks.map((mark) => mark.id));
    for (const [id, { element }] of this.#lines) {
      if (kept.has(id)) continue;
      element.remove();
      this.#lines.delete(id);
    }
    let before = null;
    for (const mark of marks) {
      const chosen = marker.chosen?.id === mark.id;
      const picking = chosen && marker.picking;
      const old = this.#lines.get(mark.id);
      if (!old || old.mark !== mark || old.chosen !== chosen || old.picking !== picking) this.#renew(old, mark, chosen, picking);
      const { element } = this.#lines.get(mark.id);
      const next = before ? before.nextElementSibling : this.list.firstElementChild;
      if (next !== element) this.list.insertBefore(element, next);
      before = element;
    }
  }

  #renew(old, mark, chosen, picking) {
    const typed = document.activeElement; // The field being typed in stays as it is.
    if (old?.chosen && chosen && old.element.contains(typed) && typed.matches("input")) {
      this.#lines.set(mark.id, { ...old, mark });
      return;
    }
    const element = make("li", { className: chosen ? "span-line chosen" : "span-line" }, ...this.#line(mark, chosen, picking));
    old?.element.replaceWith(element);
    this.#lines.set(mark.id, { mark, chosen, picking, element });
    if (chosen && this.list.scrollHeight > this.list.clientHeight) element.scrollIntoView({ block: "nearest" });
  }

  #line(mark, chosen, picking) {
    const { marker, target } = this;
    const label = marker.labels.get(mark.label);
    const lacks = marker.lacks(mark);
    const what = mark.quote ? brief(mark.quote, chosen ? 200 : 60) : "about the whole";
    const jump = button("", () => marker.jump(target, mark.id), { className: "span-jump", "aria-current": String(chosen) });
    jump.append(swatch(label), make("span", { className: mark.quote ? "span-quote" : "muted", textContent: what, dir: "auto" }));
    if (mark.quote && mark.start === undefined) jump.append(make("small", { className: "muted", textContent: "not found in the text" }));
    const said = [mark.severity, mark.refs?.join(", "), chosen ? null : mark.note].filter(Boolean).join(" · ");
    if (said && !chosen) jump.append(make("small", { className: "muted span-said", textContent: said, dir: "auto" }));
    const remove = button("×", () => this.#remove(mark), { className: "button quiet small", "aria-label": `Delete ${marker.describe(mark)}` });
    const head = make("div", { className: "span-head" }, jump, remove);
    const missing = lacks ? make("p", { className: "span-lacks", textContent: `It ${lacks}.` }) : null;
    return chosen ? [head, ...this.#fields(mark, label, picking), missing] .filter(Boolean) : [head, missing].filter(Boolean);
  }

  #remove(mark) {
    this.marker.choose(this.target, mark.id);
    this.marker.remove();
    this.pad.focus({ preventScroll: true });
  }

  #fields(mark, label, picking) {
    const { marker } = this;
    const { severities, refs, required_note } = marker.settings;
    const buttons = severities.map((name) => {
      const made = button(name, () => marker.severity(name), { className: "button small" });
      made.setAttribute("aria-pressed", name === mark.severity);
      return made;
    });
    const severity = label.severities && severities.length ? make("div", { className: "span-choices", role: "group", "aria-label": "Severity" }, ...buttons) : null;
    const wanted = label.note || required_note ? "Note" : "Note (optional)";
    const note = this.#field(wanted, "note", mark.note ?? "", (value) => marker.set("note", value));
    const pointing = label.refs !== "none" && refs.length ? this.#refs(mark, picking) : null;
    return [severity, note, pointing];
  }

  #refs(mark, picking) {
    const { marker } = this;
    const field = this.#field("Sentences, such as 1.2", "refs", mark.refs?.join(", ") ?? "", (value) => this.#typedRefs(value));
    const pick = button("Pick in the context", () => marker.pick(!marker.picking), { className: "button small" });
    pick.setAttribute("aria-pressed", picking);
    return make("div", { className: "span-refs" }, field, pick);
  }

  #typedRefs(value) {
    const { marker } = this;
    const given = value.split(/[\s,;]+/).filter(Boolean);
    const unknown = given.filter((ref) => !marker.settings.refs.includes(ref));
    this.row.querySelector("[data-field=refs]")?.setCustomValidity(unknown.length ? `There is no sentence ${unknown[0]}.` : "");
    marker.set("refs", marker.settings.refs.filter((ref) => given.includes(ref)));
  }

  /** A labelled text field; Enter goes back to the text, Escape too. */
  #field(label, name, value, changed) {
    const input = make("input", { type: "text", value, dir: "auto", autocomplete: "off", "data-field": name });
    input.addEventListener("input", () => changed(input.value));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape") || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      input.reportValidity?.() ?? true;
      this.pad.focus({ preventScroll: true });
    });
    return make("label", { className: "span-field" }, make("span", { textContent: label }), input);
  }

  /** Puts the cursor into a field of the chosen mark. */
  focus(name) {
    this.row.querySelector(`.chosen [data-field=${name}]`)?.focus();
  }
}
