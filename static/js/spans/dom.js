// Small helpers to make elements.

/** An element with properties, attributes (`aria-…`, `data-…`) and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** A button that does not submit. */
export function button(text, act, properties = {}) {
  const made = make("button", { type: "button", textContent: text, ...properties });
  made.addEventListener("click", act);
  return made;
}

export const key = (name) => (name ? make("kbd", { textContent: name.toUpperCase() }) : null);

/** A label as it looks in the text: its name over its line. */
export function swatch({ text, colour }) {
  return make("span", { className: `span-name span-mark-${colour}-0`, textContent: text, dir: "auto" });
}
