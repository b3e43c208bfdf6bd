// What the page says: a quiet live line, and messages that stay until they are closed.

const line = document.getElementById("status");
const notices = document.getElementById("notices");
const SEEN = 3000;
const READ = 1500;
const STANDING = {
  paused: "This campaign has been paused. You can finish what is on the screen; what you type is kept.",
  closed: "This campaign has been closed. You can finish what is on the screen; what you type is kept.",
};

let timer = 0;
let later = 0;
let saidAt = -READ;

/** Said, and after a while no longer seen. */
export function say(text) {
  clearTimeout(timer);
  clearTimeout(later);
  saidAt = performance.now();
  line.classList.remove("trouble", "past");
  line.textContent = text;
  timer = setTimeout(() => line.classList.add("past"), SEEN);
}

/** Said once what was said before has been there long enough to be read; not while there is trouble. */
export function sayLater(text) {
  clearTimeout(later);
  if (line.classList.contains("trouble")) return;
  later = setTimeout(() => say(text), Math.max(0, saidAt + READ - performance.now()));
}

/** After an answer of the server to a submit, a skip or a flag. */
export function done(kind, { outcome, message }, left) {
  const saved = outcome === "revised" ? "Change saved." : "Saved.";
  if (kind !== "submit") say(message);
  else say(left ? `Saved; ${left} more on the way.` : saved);
  if (outcome === "created") count("done", 1);
  if (outcome === "created" || kind === "skip") count("left", -1);
}

/** Whether the campaign goes on: a calm note while it does not. */
export function standing(state) {
  const there = notices.querySelector("[data-standing]");
  if (there?.dataset.standing === state) return;
  there?.remove();
  if (!STANDING[state]) return;
  const note = document.createElement("p");
  note.className = "note";
  note.setAttribute("role", "status");
  note.dataset.standing = state;
  note.textContent = STANDING[state];
  notices.append(note);
}

function count(id, by) {
  const figure = document.getElementById(id);
  if (figure) figure.textContent = Math.max(0, Number(figure.textContent) + by);
}

/** Nothing gets through for now. */
export function stuck(answer, wait, kept, login) {
  const what = kept ? `${kept} answer${kept > 1 ? "s are" : " is"} kept on this device. ` : "";
  const why = answer ? "The server cannot answer now." : "No connection.";
  say(`${answer?.status === 401 ? "You are signed out." : why} ${what}Trying again in ${wait} s.`);
  clearTimeout(timer);
  line.classList.add("trouble");
  if (answer?.status === 401 || answer?.status === 403) signIn(login);
}

function signIn(login) {
  const link = document.createElement("a");
  Object.assign(link, { href: login, target: "_blank", textContent: "Sign in in another tab" });
  line.append(" ", link);
}

/** A message that stays; `action` is a label and what it does. What is said of an item goes when that does. */
export function warn(text, action, item = "") {
  if ([...notices.children].some((note) => note.dataset.text === text && note.dataset.item === String(item))) return;
  const note = document.createElement("div");
  note.className = "note warning row between";
  note.setAttribute("role", "alert");
  Object.assign(note.dataset, { text, item });
  const words = document.createElement("p");
  words.textContent = text;
  note.append(words, button(action ?? ["Close", () => {}], note));
  notices.append(note);
}

/** Takes away what was said of items that are not on the screen any more. */
export function onlyOf(item) {
  for (const note of notices.querySelectorAll("[data-item]")) if (!["", String(item)].includes(note.dataset.item)) note.remove();
}

/** The server refused for good, and said nothing that can be shown. */
export function refusal(status, kind) {
  const what = { submit: "your answer to an item", skip: "your skip", flag: "your flag" }[kind];
  const kept = kind === "submit" ? " What you answered is kept on this device as a draft." : "";
  return `The server could not take ${what} (error ${status}).${kept} Tell the researchers if it happens again.`;
}

function button([label, run], note) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "button small", textContent: label });
  made.addEventListener("click", () => {
    note.remove();
    run();
  });
  return made;
}
