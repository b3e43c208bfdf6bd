// What the page says: a quiet live line, and messages that stay until they are closed.

const line = document.getElementById("status");
const SEEN = 3000;
let timer = 0;
const notices = document.getElementById("notices");

/** Said, and after a while no longer seen. */
export function say(text) {
  clearTimeout(timer);
  line.classList.remove("trouble", "past");
  line.textContent = text;
  timer = setTimeout(() => line.classList.add("past"), SEEN);
}

/** After an answer of the server to a submit or a skip. */
export function done(kind, outcome, left) {
  say(left ? `Saved; ${left} more on the way.` : kind === "skip" ? "Skipped." : outcome === "revised" ? "Change saved." : "Saved.");
  if (outcome === "created") count("done", 1);
  if (outcome === "created" || kind === "skip") count("left", -1);
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

/** A message that stays; `action` is a label and what it does. */
export function warn(text, action) {
  if ([...notices.children].some((note) => note.dataset.text === text)) return;
  const note = document.createElement("div");
  note.className = "note warning row between";
  note.setAttribute("role", "alert");
  note.dataset.text = text;
  const words = document.createElement("p");
  words.textContent = text;
  note.append(words, button(action ?? ["Close", () => {}], note));
  notices.append(note);
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
