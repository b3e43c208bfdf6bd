// Marks over the rendered text by the CSS Custom Highlight API: the text itself is never touched.
// A label has a colour and a line of its own; marks that overlap have their lines one below the other.

const LEVELS = 3;
export const canPaint = typeof Highlight === "function" && CSS.highlights !== undefined;

function layer(name) {
  if (!CSS.highlights.has(name)) CSS.highlights.set(name, Object.assign(new Highlight(), { priority: name.startsWith("span-mark") ? 0 : 1 }));
  return CSS.highlights.get(name);
}

/** How deep each mark's line lies: the lowest that no earlier mark under it has. */
export function levels(marks) {
  const open = [];
  return marks.map(({ start, end }) => {
    let level = 0;
    while (open[level] > start) level += 1;
    open[level] = end;
    return level % LEVELS;
  });
}

export class Painter {
  #shown = new Map(); // key -> {name, start, end, ranges, solids}

  /** `anchors` gives the anchor of a target's part; `colours` the colour of each label, 0 to 7. */
  constructor(anchors, colours) {
    Object.assign(this, { anchors, colours });
  }

  /** Shows the marks of a target. */
  marks(target, marks) {
    const wanted = new Map();
    for (const part of Object.keys(this.anchors[target] ?? {})) {
      const here = (marks ?? []).filter((mark) => mark.start !== undefined && mark.part === Number(part));
      const depth = levels(here);
      here.forEach((mark, i) => wanted.set(`${target}/${mark.id}`, [`span-mark-${this.colours.get(mark.label)}-${depth[i]}`, target, mark]));
    }
    for (const key of this.#shown.keys()) if (key.startsWith(`${target}/`) && !wanted.has(key)) this.#drop(key);
    for (const [key, [name, of, mark]] of wanted) this.#show(key, name, of, mark);
  }

  /** Shows one more thing (the selection, the chosen mark), or with null nothing. */
  extra(name, target, range) {
    if (range) this.#show(name, `span-${name}`, target, range);
    else this.#drop(name);
  }

  #show(key, name, target, { part, start, end }) {
    const old = this.#shown.get(key);
    if (old?.name === name && old.target === target && old.part === part && old.start === start && old.end === end) return;
    this.#drop(key);
    const anchor = this.anchors[target]?.[part];
    const found = anchor?.range(start, end);
    if (!found) return;
    const range = new StaticRange(found);
    if (canPaint) layer(name).add(range);
    const solids = anchor.solids(start, end);
    for (const element of solids) element.classList.add(name);
    this.#shown.set(key, { name, target, part, start, end, range, solids });
  }

  #drop(key) {
    const old = this.#shown.get(key);
    if (!old) return;
    this.#shown.delete(key);
    if (canPaint) layer(old.name).delete(old.range);
    const still = [...this.#shown.values()].filter((one) => one.name === old.name).flatMap((one) => one.solids);
    for (const element of old.solids) if (!still.includes(element)) element.classList.remove(old.name);
  }

  clear() {
    for (const key of [...this.#shown.keys()]) this.#drop(key);
  }
}
