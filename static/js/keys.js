// The page's keys. The server gives the registry, with the keys that this person moved; `act` does the work.
// Options carry their own keys (data-keys), and act before the page's in the marked question.

import { chordOf, keyOf } from "./keynames.js";

export const REGISTRY = JSON.parse(document.getElementById("key-registry").textContent);

const RUN = {
  along: (act, key) => act.along(key === "ArrowRight" ? 1 : -1),
  next: (act) => act.step(1),
  previous: (act) => act.step(-1),
  submit_text: (act) => act.submit(),
  prompt: (act) => act.fold(".prompt"),
  guidelines: (act) => act.fold("#guidelines"),
};
const OWN_ENTER = "a, button, summary, select";

/** Whether this page has the action. */
export const has = (act, name) => name in RUN || name in act;

const run = (act, name, key) => (name in RUN ? RUN[name](act, key) : act[name]());

function typingIn(target, key) {
  if (target.type === "number") return /^[0-9.,eE+-]$|^Arrow/.test(key);
  if (target.type === "range") return key === "ArrowLeft" || key === "ArrowRight";
  return target.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button])");
}

function pressed(event, act) {
  if (event.isComposing || event.altKey || event.defaultPrevented) return false;
  const plain = keyOf(event);
  const key = chordOf(event);
  const open = document.querySelector("dialog:modal");
  const typing = typingIn(event.target, key);
  if (open) return !typing && plain === key && act.chooseIn(open, key);
  const shifted = event.shiftKey && /^Ctrl\+\p{L}$/u.test(key); // Another key than the page's, which widgets may have.
  const entry = !shifted && REGISTRY.find((one) => one.keys.includes(key) && has(act, one.name));
  if (typing && !entry?.inText) return false;
  if (key === "Enter" && event.target.closest(OWN_ENTER)) return false;
  if (!typing && act.offer(key, event)) return true;
  const chosen = !typing && plain === key && act.choose(key);
  if (chosen || !entry) return chosen;
  return entry.once && event.repeat ? true : run(act, entry.name, key);
}

/** Listens; an action that returns false leaves the key to the browser. */
export function listen(act) {
  document.addEventListener("keydown", (event) => {
    if (pressed(event, act) === true) event.preventDefault();
  });
}
