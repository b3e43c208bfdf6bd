// How the page is shown: the view panel and its settings, differences on demand, scrolling together.
// What of it helped with an item goes along with its answers (`_aids`).

import { formOf } from "./form.js";
import { ask } from "./net.js";
import { say } from "./telling.js";

const root = document.documentElement;
const panel = document.getElementById("view");
const settings = panel.querySelector("form.settings");
const comparing = panel.querySelector("form.comparing");
const opener = document.querySelector("[data-action=view][aria-controls]");
const button = comparing.querySelector("[data-action=differences]");

const MOST_COUNTED = 1_000_000;

let article = null;
let used = {};
let loaded = null;
let before = 0;

const responses = () => [...(article?.querySelectorAll(".response") ?? [])];
const several = () => responses().length > 1;
const bodyOf = (response) => response.querySelector(":scope > .said-by");
const nameOf = (response) => response.querySelector("h2").textContent;

/** An item came on the screen. */
export function shown(one) {
  article = one;
  used = JSON.parse(formOf(one).elements._aids?.value || "{}"); // It may have been here before.
  showDifferences(false);
  for (const part of panel.querySelectorAll("[data-several]")) part.hidden = !several();
  offerPairs();
  note();
}

function offerPairs() {
  const options = () => responses().map((response, i) => new Option(nameOf(response), i));
  for (const select of comparing.querySelectorAll("select")) select.replaceChildren(...options());
  comparing.elements.second.selectedIndex = Math.min(1, responses().length - 1);
  for (const label of comparing.querySelectorAll(".only-many")) label.hidden = responses().length < 3;
}

/** Writes down what helps with this item. */
function note() {
  if (several() && root.dataset.layout === "stacked") used.layout = "stacked";
  if (several() && root.dataset.sync === "on") used.sync = true;
  const form = article && formOf(article);
  if (!form) return;
  form.elements._aids ?? form.prepend(Object.assign(document.createElement("input"), { type: "hidden", name: "_aids" }));
  form.elements._aids.value = Object.keys(used).length ? JSON.stringify(used) : "";
}

/** So many characters of an answer were pasted: from where is not known, but written they were not. */
export function pasted(characters) {
  used.pasted = Math.min((used.pasted ?? 0) + characters, MOST_COUNTED);
  note();
}

/** Opens or closes the panel; closing leads back to where one was. */
export function toggle() {
  panel.hidden = !panel.hidden;
  opener.setAttribute("aria-expanded", !panel.hidden);
  if (panel.hidden) {
    window.scrollTo(0, before);
    opener.focus({ preventScroll: true });
  } else {
    before = window.scrollY;
    window.scrollTo(0, 0);
    (settings.querySelector("input:checked") ?? settings.querySelector("input")).focus({ preventScroll: true });
  }
  return true;
}

export const isOpen = () => !panel.hidden;

/** Shows or takes away what differs between two responses; each showing counts. */
export function differences() {
  if (!several()) return false;
  if (button.getAttribute("aria-pressed") === "true") showDifferences(false);
  else compare();
  return true;
}

async function compare() {
  const [one, other] = [comparing.elements.first, comparing.elements.second].map((select) => responses()[select.value]);
  if (one === other) return say("Choose two different responses to compare.");
  const here = article;
  loaded ??= await import("./differences.js").catch(() => null);
  if (!loaded) return say("The comparison did not load. Try again when the connection is back.");
  if (here !== article) return undefined;
  const counts = loaded.show(...[one, other].map(bodyOf));
  if (!counts) return say("These two are too different to be compared word by word.");
  const [first, second] = counts;
  const words = (count) => `${count} word${count === 1 ? "" : "s"}`;
  say(first + second ? `Highlighted: ${words(first)} only in ${nameOf(one)}, ${words(second)} only in ${nameOf(other)}.` : "They have the same words.");
  button.setAttribute("aria-pressed", "true");
  used.differences = (used.differences ?? 0) + 1;
  return note();
}

function showDifferences(on) {
  button.setAttribute("aria-pressed", on);
  if (!on) loaded?.clear();
}

/** Each response scrolls by itself, and the others follow; or all go with the page. */
export function sync() {
  if (!several()) return false;
  const wanted = root.dataset.sync === "on" ? "off" : "on";
  settings.querySelector(`[name=sync][value=${wanted}]`).checked = true;
  change("sync", wanted);
  say(wanted === "on" ? "The responses scroll together." : "The responses go with the page.");
  return true;
}

function scrollTogether() {
  const on = several() && root.dataset.sync === "on";
  for (const response of responses()) reach(bodyOf(response), on, nameOf(response));
  if (on) article.style.setProperty("--room", `${room()}px`);
}

/** What the window leaves to the responses between the prompt and a form at its foot, less bars and gaps. */
function room() {
  const docked = article.classList.contains("docked");
  const above = docked ? article.querySelector(".prompt").offsetHeight + formOf(article).offsetHeight : window.innerHeight / 3;
  return window.innerHeight - above - 9 * parseFloat(getComputedStyle(root).fontSize);
}

/** What scrolls by itself can be reached by keyboard. */
function reach(area, on, name) {
  for (const [attribute, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", name]]) {
    if (on) area.setAttribute(attribute, value);
    else area.removeAttribute(attribute);
  }
}

/** Sizes have changed: a new item, another window, another text size. */
export function fit() {
  if (!article) return;
  for (const area of article.querySelectorAll("details > .said-by")) {
    reach(area, area.scrollHeight > area.clientHeight, area.closest("details").querySelector("h2").textContent);
  }
  scrollTogether();
}

const following = new WeakSet();

/** Where one area is scrolled to a part of its length, the others go there too. */
function follow(area) {
  if (following.delete(area)) return;
  const part = area.scrollTop / (area.scrollHeight - area.clientHeight || 1);
  for (const response of responses()) {
    const other = bodyOf(response);
    const top = Math.round(part * (other.scrollHeight - other.clientHeight));
    if (other === area || Math.abs(other.scrollTop - top) < 1) continue;
    following.add(other);
    other.scrollTop = top;
  }
}

document.addEventListener(
  "scroll",
  ({ target }) => {
    if (root.dataset.sync === "on" && target.matches?.(".response > .said-by")) follow(target);
  },
  { capture: true, passive: true },
);

function change(name, value) {
  root.dataset[name] = value;
  window.dispatchEvent(new Event("resize")); // The form may have to dock anew, and all has another size.
  note();
  save();
}

let saving = Promise.resolve();

/** One after the other, so that the last choice is the one kept. */
function save() {
  const pairs = [...new FormData(settings)];
  saving = saving.then(() => ask(panel.dataset.url, pairs).catch(() => say("No connection: this setting lasts until you reload.")));
}

document.addEventListener("toggle", fit, true); // A folded prompt leaves more room.
settings.addEventListener("change", ({ target }) => change(target.name, target.value));
comparing.addEventListener("change", () => button.getAttribute("aria-pressed") === "true" && compare());
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") toggle();
  if (event.key.length > 1 || /\d/.test(event.key)) event.stopPropagation(); // They are the panel's own here.
});
