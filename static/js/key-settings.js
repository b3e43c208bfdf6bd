// The page where keys are moved: a field takes the key that is pressed in it.

import { chordOf, faceOf } from "./keynames.js";

document.documentElement.classList.add("scripted");
const form = document.getElementById("key-settings");
const said = document.getElementById("key-said");
const fields = [...form.querySelectorAll("input.key")];
const LEFT_ALONE = ["Tab", "Enter", "Shift", "Control", "Alt", "AltGraph", "Meta", "Unidentified", "Process", "Dead"];

const nameOf = (field) => form.querySelector(`label[for="${field.id}"]`).textContent;

function take(field, key) {
  field.value = key;
  field.select();
  const others = fields.filter((one) => one !== field && one.value === key && key);
  const clash = others.length ? ` It is the key of “${nameOf(others[0])}” too: give that another.` : "";
  said.textContent = key ? `${faceOf(key)} is “${nameOf(field)}”.${clash}` : `“${nameOf(field)}” gets the page's own key.`;
}

form.addEventListener("focusin", (event) => event.target.matches("input.key") && event.target.select());

form.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches("input.key") || event.isComposing || LEFT_ALONE.includes(event.key)) return;
  if (event.altKey && !event.getModifierState("AltGraph")) return;
  event.preventDefault();
  if (event.key === "Escape") take(field, field.defaultValue);
  else if (["Backspace", "Delete"].includes(event.key)) take(field, "");
  else if (event.key.length === 1) take(field, chordOf(event));
  else said.textContent = `${faceOf(event.key)} cannot be taken: press a letter, a sign, or Ctrl and a letter.`;
});
