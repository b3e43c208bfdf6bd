// Judges' suggestions: asked for by the annotator, and after his own answer where the campaign says so.

import { fill, formOf, given, problems, showProblems } from "./form.js";
import { ask } from "./net.js";
import { say } from "./telling.js";

/** Shows what judges answered to the item, with a button each that copies it. */
export async function suggest(item) {
  const section = item.article.querySelector(".suggestions");
  if (!section) return say("No judge has answered this item.");
  const missing = section.dataset.mode === "after" && !item.revision ? problems(item.article) : {};
  if (Object.keys(missing).length) {
    showProblems(item.article, missing);
    return say("Yours first: answer everything asked, then you see what a judge suggests.");
  }
  const answer = await ask(section.dataset.url, given(item.article)).catch(() => null);
  if (answer?.status === 200) return show(section.querySelector(".suggested"), item, answer.body.suggestions);
  if (answer?.body?.fields) showProblems(item.article, answer.body.fields);
  return say(answer?.body?.message ?? "No connection: suggestions need the server.");
}

function show(list, item, suggestions) {
  list.replaceChildren(...suggestions.map((one) => lineOf(one, item)));
  if (!suggestions.length) say("No judge has answered this item.");
  list.closest(".suggestions").querySelector(".hint")?.remove();
}

function lineOf(suggestion, item) {
  const line = document.createElement("div");
  line.className = "row";
  const text = document.createElement("p");
  const words = document.createElement("strong");
  words.textContent = suggestion.words;
  const about = document.createElement("span");
  about.className = "muted";
  about.textContent = ` · ${suggestion.title}`;
  text.append(`Judge ${suggestion.judge} suggests: `, words, about);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: "Use it" });
  button.setAttribute("aria-label", `Use it: ${suggestion.title}, ${suggestion.words}`);
  button.addEventListener("click", () => use(suggestion, item));
  line.append(text, button);
  return line;
}

function use({ question, fields, title }, item) {
  const fieldset = formOf(item.article).querySelector(`fieldset[data-question="${CSS.escape(question)}"]`);
  const own = new Set([...fieldset.elements].map((control) => control.name));
  const suggested = Object.entries(fields).flatMap(([name, values]) => values.map((value) => [name, value]));
  fill(item.article, [...given(item.article).filter(([name]) => !own.has(name)), ...suggested]);
  (item.used ??= new Set()).add(question);
  fieldset.dispatchEvent(new Event("change", { bubbles: true }));
  say(`Copied into “${title}”. It is yours to change.`);
}
