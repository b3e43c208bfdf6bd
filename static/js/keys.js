// The registry of keys: what a key does, where. Options carry their own keys (data-keys), which `choose` looks up.

const REGISTRY = [
  { names: ["1…9", "0"], does: "Choose in the marked question", says: "option" },
  { names: ["t", "b"], does: "Tie, both bad in the marked comparison", says: "option" },
  { names: ["ArrowLeft", "ArrowRight"], does: "Move along the scale", run: (act, key) => act.along(key === "ArrowRight" ? 1 : -1) },
  { names: ["j", "ArrowDown"], does: "Next question", run: (act) => act.step(1) },
  { names: ["k", "ArrowUp"], does: "Question before", run: (act) => act.step(-1) },
  { names: ["Enter"], does: "Submit", once: true, run: (act) => act.submit() },
  { names: ["Ctrl+Enter"], does: "Submit from a text", once: true, inText: true, run: (act) => act.submit() },
  { names: ["Ctrl+z"], does: "Back to what you submitted last", once: true, run: (act) => act.undo() },
  { names: ["s"], does: "Skip this item", once: true, run: (act) => act.skip() },
  { names: ["p"], does: "Fold or unfold the prompt", run: (act) => act.fold(".prompt") },
  { names: ["g"], does: "Guidelines", run: (act) => act.fold("#guidelines") },
  { names: ["?"], does: "This list", once: true, run: (act) => act.keys() },
  { names: ["Escape"], does: "Leave a text, close a window", inText: true, run: (act) => act.escape() },
];

const FACES = { ArrowLeft: "←", ArrowRight: "→", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
const OWN_ENTER = "a, button, summary, select";

/** Fills the list that `?` opens. */
export function describeKeys(list) {
  for (const entry of REGISTRY) {
    const term = document.createElement("dt");
    for (const name of entry.names) {
      const key = document.createElement("kbd");
      key.textContent = FACES[name] ?? (name.length === 1 ? name.toUpperCase() : name.replace("+z", " Z").replace("+", " "));
      term.append(key, " ");
    }
    const text = document.createElement("dd");
    text.textContent = entry.does;
    list.append(term, text);
  }
}

/** Letters and digits by their place on the keyboard where the layout has none (Cyrillic, Arabic, AZERTY digits). */
function keyOf(event) {
  let key = event.key;
  if (/^Key[A-Z]$/.test(event.code) && key.length === 1 && key > "\x7f") key = event.code[3];
  if (/^Digit\d$/.test(event.code) && !event.shiftKey && !/^[\x20-\x7e]$/.test(key)) key = event.code[5];
  return key.length === 1 ? key.toLowerCase() : key;
}

function typingIn(target, key) {
  if (target.type === "number") return /^[0-9.,eE+-]$|^Arrow/.test(key);
  if (target.type === "range") return key === "ArrowLeft" || key === "ArrowRight";
  return target.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button])");
}

function pressed(event, act) {
  if (event.isComposing || event.altKey || event.defaultPrevented) return false;
  const plain = keyOf(event);
  const key = event.ctrlKey || event.metaKey ? `Ctrl+${plain}` : plain;
  const open = document.querySelector("dialog:modal");
  const typing = typingIn(event.target, key);
  if (open) return !typing && plain === key && act.chooseIn(open, key);
  const entry = REGISTRY.find((one) => one.run && one.names.includes(key));
  if (typing && !entry?.inText) return false;
  if (key === "Enter" && event.target.closest(OWN_ENTER)) return false;
  if (!typing && act.offer(key, event)) return true;
  if (!entry) return plain === key && act.choose(key);
  return entry.once && event.repeat ? true : entry.run(act, key);
}

/** Listens; an action that returns false leaves the key to the browser. */
export function listen(act) {
  document.addEventListener("keydown", (event) => {
    if (pressed(event, act) === true) event.preventDefault();
  });
}
