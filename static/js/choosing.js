// Answering a row: by an option's key, by moving along a scale, by a slider, and taking an answer back.

const changed = (control) => control.dispatchEvent(new Event("change", { bubbles: true }));

function pick(input, on = true) {
  input.checked = on;
  input.focus({ preventScroll: true });
  changed(input);
}

/** Chooses the option that has this key; choosing it again takes it back where nothing is required. */
export function chooseByKey(row, key) {
  const input = [...row.querySelectorAll("input[data-keys]")].find((one) => one.dataset.keys.split(" ").includes(key));
  if (!input) return startNumber(row, key);
  const optional = input.type === "checkbox" || row.closest("[data-required=no]");
  pick(input, !(input.checked && optional));
  const whole = input.type === "radio" || input.matches("[data-none]"); // One key is the whole answer of the row.
  if (whole && input.checked) row.dispatchEvent(new Event("answered", { bubbles: true }));
  return true;
}

/** A digit on a slider goes into its number. */
function startNumber(row, key) {
  const number = /^[0-9]$/.test(key) && row.querySelector("input[type=number]");
  if (!number) return false;
  number.focus();
  number.select();
  return "typed";
}

/** The next row to answer after one that a key has just answered: what is open below it, else above it.
 *
 * A text is only entered where it must be written: once in it, keys are letters. */
export function nextToAnswer(all, row, isAnswered) {
  const at = all.indexOf(row);
  const open = (one) => !isAnswered(one) && !(one.querySelector("textarea") && one.closest("[data-required=no]"));
  return [...all.slice(at + 1), ...all.slice(0, at)].find(open) ?? null;
}

/** One step along the row's scale; the first step goes to its near end, or beside the middle. */
export function moveAlong(row, by) {
  const scale = row.querySelector("[data-scale]");
  if (!scale) return false;
  const inputs = [...scale.querySelectorAll("input")];
  const at = inputs.findIndex((input) => input.checked);
  pick(inputs[at < 0 ? start(scale, inputs, by) : Math.min(Math.max(at + by, 0), inputs.length - 1)]);
  return true;
}

function start(scale, inputs, by) {
  if (scale.dataset.scale !== "middle") return by > 0 ? 0 : inputs.length - 1;
  const right = Math.ceil(inputs.length / 2);
  return by > 0 ? right : Math.floor(inputs.length / 2) - 1;
}

/** Takes the answer of a row back. */
export function clearRow(row) {
  for (const input of row.querySelectorAll("input:checked")) input.checked = false;
  row.querySelector("input")?.focus({ preventScroll: true });
  changed(row);
}

/** A slider writes its number, which is what is sent; so it has no value before it is touched. */
export function followSlider(event) {
  const slider = event.target.type === "range" && event.target.closest(".slider");
  if (slider) slider.querySelector("input[type=number]").value = event.target.value;
}

/** A click on a slider that stands where it was is an answer too. */
export function touchSlider(event) {
  const range = event.target.closest?.(".slider.untouched input[type=range]");
  if (range) range.dispatchEvent(new Event("input", { bubbles: true }));
}
