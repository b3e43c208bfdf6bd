// A correction beside what it changes: below the text field, the words that were taken out and put in.

import { diffArrays } from "../../vendor/jsdiff/diff/array.js";

const PAUSE = 150;
const LONGEST = 2000; // Milliseconds for one comparison.
const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });

const pieces = (text) => [...WORDS.segment(text)].map(({ segment }) => segment);

/** `{value, added, removed}` in order; nothing where the two are too different. */
const compared = (before, after) =>
  diffArrays(pieces(before), pieces(after), { timeout: LONGEST })?.map((part) => ({ ...part, value: part.value.join("") }));

export function attach(fieldset) {
  for (const field of fieldset.querySelectorAll("textarea[data-original]")) {
    const changes = field.closest("[data-row]").querySelector(".changes");
    let timer = 0;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => show(field, changes), PAUSE);
    };
    field.addEventListener("input", later);
    field.form.addEventListener("filled", later);
    show(field, changes);
  }
}

function show(field, changes) {
  const { original } = field.dataset;
  const parts = field.value === original ? [] : compared(original, field.value);
  const said = changes.querySelector(".changes-said");
  const text = changes.querySelector(".difference");
  said.textContent = parts ? summary(parts) : "Changed nearly everywhere.";
  text.hidden = !parts?.length;
  text.replaceChildren(...(parts ?? []).map(element));
}

function summary(parts) {
  if (!parts.length) return "No changes yet. If nothing is wrong, leave it as it is.";
  const words = (kind) => parts.filter((part) => part[kind]).reduce((sum, { value }) => sum + count(value), 0);
  return `Your changes: ${plural(words("removed"))} taken out, ${plural(words("added"))} put in.`;
}

const count = (text) => text.split(/\s+/).filter(Boolean).length;
const plural = (n) => (n === 1 ? "1 word" : `${n} words`);

function element({ value, added, removed }) {
  if (!added && !removed) return document.createTextNode(value);
  const made = document.createElement(added ? "ins" : "del");
  made.textContent = value.trim() ? value : value.replaceAll("\n", "↵\n").replaceAll(" ", "␣");
  return made;
}
