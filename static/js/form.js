// One item's form: its rows, what is given, conditions, and what is missing. The server rendered it all.

const META = (name) => name.startsWith("_") || name === "csrfmiddlewaretoken";

export const formOf = (article) => article.querySelector("form.asking");

/** The rows that can be answered now, from top to bottom. */
export function rows(article) {
  return [...formOf(article).querySelectorAll("fieldset:not([disabled]) [data-row]")];
}

/** Pairs of name and value, of the questions that are asked. */
export function given(article) {
  return [...new FormData(formOf(article))].filter(([name]) => !META(name));
}

/** Puts values into the form; widgets hear of it by "filled" on the form. What is off and not named stays as it is. */
export function fill(article, pairs) {
  for (const control of formOf(article).elements) {
    if (!control.name || META(control.name)) continue;
    const values = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
    if (!values.length && control.matches(":disabled")) continue;
    if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
    else control.value = values[0] ?? prefilled(control);
  }
  formOf(article).dispatchEvent(new Event("filled"));
}

/** What the server put into a field; a hidden one does not remember it. */
const prefilled = ({ type, defaultValue }) => (type === "hidden" ? "" : (defaultValue ?? ""));

/** Whether a row holds an answer; an empty text is one where it may be. */
export function isAnswered(row) {
  const own = row.querySelector("input[data-answer]"); // A widget keeps its whole answer here.
  if (own) return own.value !== "";
  const text = row.querySelector("textarea");
  if (text) return text.value.trim() !== "" || text.dataset.min === "0";
  const number = row.querySelector("input[type=number]");
  return number ? number.value !== "" || number.validity.badInput : row.querySelector("input:checked") !== null;
}

function holds(form, when) {
  if (when.answered) return answeredWholly(form.querySelector(`fieldset[data-question="${when.answered}"]`));
  const data = new FormData(form);
  return Object.entries(when.fields).every(([name, wanted]) => {
    const values = data.getAll(name);
    return wanted.every((value) => values.includes(value)) && (!when.exact || values.length === wanted.length);
  });
}

function answeredWholly(question) {
  return !question.disabled && [...question.querySelectorAll("[data-row]")].every(isAnswered);
}

/** Shows the questions whose condition holds; the others are off, and so are their values. */
export function refresh(article) {
  const form = formOf(article);
  for (const question of form.querySelectorAll("fieldset[data-when]")) {
    question.disabled = question.hidden = !holds(form, JSON.parse(question.dataset.when));
  }
  for (const clear of form.querySelectorAll("button.clear")) {
    clear.hidden = !clear.closest("[data-row]").querySelector("input:checked");
  }
  for (const slider of form.querySelectorAll(".slider")) {
    const number = slider.querySelector("input[type=number]");
    slider.classList.toggle("untouched", number.value === "");
    if (number.value !== "") slider.querySelector("input[type=range]").value = number.value;
  }
}

/** Messages by question for what is missing or does not fit; the server looks again. */
export function problems(article) {
  const found = {};
  for (const question of formOf(article).querySelectorAll("fieldset.question:not([disabled])")) {
    const all = [...question.querySelectorAll("[data-row]")];
    const missing = all.filter((row) => !isAnswered(row));
    const wanted = question.dataset.required === "yes" || missing.length < all.length;
    const message = (wanted && missing.length && unanswered(missing)) || all.map(misfit).find(Boolean);
    if (message) found[question.dataset.question] = message;
  }
  return found;
}

function unanswered(missing) {
  const labels = new Set(missing.map((row) => row.querySelector(".about")?.textContent).filter(Boolean));
  return labels.size ? `Not answered yet: ${[...labels].join(", ")}.` : "Not answered yet.";
}

function misfit(row) {
  const own = row.querySelector("input[data-answer]");
  if (own?.dataset.problem) return own.dataset.problem; // What a widget says of its answer.
  const number = row.querySelector("input[type=number]");
  if (number?.validity.customError) return number.validationMessage; // A widget's own.
  if (number && !number.validity.valid) {
    const by = number.step === "1" ? "" : ` in steps of ${number.step}`;
    return `Give a number from ${number.min} to ${number.max}${by}.`;
  }
  const text = row.querySelector("textarea");
  const length = text && [...text.value.trim()].length;
  if (!length || (length >= +text.dataset.min && length <= +text.dataset.max)) return "";
  return `The text has ${length} characters; give ${text.dataset.min} to ${text.dataset.max}.`;
}

/** Shows messages beside the questions they name (none clears all); focuses the first of them. */
export function showProblems(article, found, message = "") {
  focusFirst(article, Object.keys(found)[0]); // Before: a number field that loses the focus says "change".
  const top = formOf(article).querySelector(".form-error");
  top.textContent = message;
  top.hidden = !message;
  for (const question of formOf(article).querySelectorAll("fieldset.question")) {
    setProblem(question, found[question.dataset.question] ?? "");
  }
}

function focusFirst(article, name) {
  const question = name && formOf(article).querySelector(`[data-question="${name}"]`);
  if (!question) return;
  const wrong = [...question.querySelectorAll("[data-row]")].find((row) => !isAnswered(row) || misfit(row));
  focusRow(wrong ?? question);
}

export function setProblem(question, message) {
  const line = question.querySelector(":scope > .error");
  line.textContent = message;
  line.hidden = !message;
}

/** Puts the focus where the row is answered: the chosen option, else the first. */
export function focusRow(row) {
  const controls = "input:not([type=hidden]), textarea";
  const target = row.querySelector("input:checked") ?? row.querySelector(controls);
  target?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}
