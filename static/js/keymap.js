// The list that `?` opens: the keys of the page, and those of the questions on the screen.

import { faceOf } from "./keynames.js";
import { REGISTRY, has } from "./keys.js";

const SEVERAL = 3;
const NEEDED = { suggest: ".suggestions", differences: ".response + .response", sync: ".response + .response" };

/** Fills the list. `article` is the item on the screen; nothing where there is none. */
export function describeKeys(list, act, article) {
  const questions = article ? [...article.querySelectorAll("fieldset.question:not([disabled])")].map(ofQuestion) : [];
  const page = REGISTRY.filter((one) => has(act, one.name) && here(one.name, article)).map((one) => ofPage(one, questions));
  const parts = [questions.filter((one) => one.entries.length), [{ title: "The page", entries: page }]];
  list.replaceChildren(...parts.filter((sections) => sections.length).map(column));
}

/** Whether an action has something to do on this screen. */
function here(name, article) {
  return !(name in NEEDED) || Boolean(article?.querySelector(NEEDED[name]));
}

function ofPage({ keys, does }, questions) {
  for (const { title, entries } of questions) {
    const other = entries.find((entry) => entry.keys.some((key) => keys.includes(key)));
    if (other) return { keys, does: `${does} (in “${title}”: ${other.does})` };
  }
  return { keys, does };
}

/** Keys of a question: those of its options, and what its widget says of itself in `fieldset.keyHelp`. */
function ofQuestion(fieldset) {
  const title = fieldset.querySelector("legend").firstChild.textContent.trim();
  const options = new Map();
  for (const input of fieldset.querySelectorAll("input[data-keys]")) {
    const keys = input.dataset.keys.split(" ").filter(Boolean);
    if (keys.length) options.set(keys.join(" "), { keys, does: textOf(input) });
  }
  const entries = shortened([...options.values()]);
  if (fieldset.querySelector(".slider input[type=number]")) entries.push({ keys: ["0…9"], does: "type the number" });
  return { title, entries: [...entries, ...(fieldset.keyHelp ?? [])] };
}

function textOf(input) {
  const text = input.closest("label").querySelector(".option-text");
  return text ? text.textContent.trim() : "";
}

/** A scale whose keys are its values is one line. */
function shortened(entries) {
  const plain = entries.filter(({ keys, does }) => keys.length === 1 && does.endsWith(keys[0]));
  if (plain.length < SEVERAL) return entries;
  const [first, last] = [plain[0].keys[0], plain.at(-1).keys[0]];
  return [{ keys: [`${first}…${last}`], does: "that value" }, ...entries.filter((one) => !plain.includes(one))];
}

function column(sections) {
  const box = document.createElement("div");
  box.append(...sections.map(section));
  return box;
}

function section({ title, entries }) {
  const part = document.createElement("section");
  const heading = Object.assign(document.createElement("h3"), { textContent: title, dir: "auto" });
  const terms = Object.assign(document.createElement("dl"), { className: "key-map" });
  for (const { keys, does } of entries) {
    const term = document.createElement("dt");
    for (const key of keys) term.append(Object.assign(document.createElement("kbd"), { textContent: faceOf(key) }), " ");
    terms.append(term, Object.assign(document.createElement("dd"), { textContent: does, dir: "auto" }));
  }
  part.append(heading, terms);
  return part;
}
