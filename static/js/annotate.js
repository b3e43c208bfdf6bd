// The annotation page: the item on the screen, the one after it, and what happens between them.

import { chooseByKey, clearRow, followSlider, moveAlong, touchSlider } from "./choosing.js";
import { countFor } from "./clock.js";
import { Desk } from "./desk.js";
import * as drafts from "./drafts.js";
import { focusRow, formOf, refresh, rows, setProblem } from "./form.js";
import { describeKeys, listen } from "./keys.js";
import { openStore } from "./store.js";

document.documentElement.classList.add("scripted");
const work = document.getElementById("work");
openStore(work.dataset.user);
const desk = new Desk(work);
const keys = document.getElementById("keys");
let marked = null;

/** The row that keys act on: where the focus is, else the one last marked, else the first. */
function row() {
  const all = desk.item ? rows(desk.item.article) : [];
  return all.find((one) => one.contains(document.activeElement)) ?? all.find((one) => one === marked) ?? all[0];
}

function mark(one) {
  marked?.classList.remove("marked");
  marked = one;
  marked?.classList.toggle("marked", rows(desk.item.article).length > 1);
}

function open(dialog) {
  dialog.showModal();
  return true;
}

const act = {
  /** Offers a key to the marked row's widget first; it takes it by `preventDefault()`. */
  offer(key, original) {
    const here = row();
    if (!here) return false;
    return !here.dispatchEvent(new CustomEvent("rowkey", { detail: { key, original }, bubbles: true, cancelable: true }));
  },
  choose(key) {
    const here = row();
    return here ? chooseByKey(here, key) : false;
  },
  chooseIn(dialog, key) {
    const list = dialog.querySelector("[data-row]");
    return list ? chooseByKey(list, key) : false;
  },
  along: (by) => (row() ? moveAlong(row(), by) : false),
  step(by) {
    const all = desk.item ? rows(desk.item.article) : [];
    const next = all[all.indexOf(row()) + by];
    if (!next) return false;
    mark(next);
    focusRow(next);
    return true;
  },
  submit: () => desk.submit(),
  undo: () => desk.undo(),
  skip: () => (desk.item && !desk.item.revision ? open(desk.item.article.querySelector("dialog")) : false),
  fold(selector) {
    const details = work.querySelector(selector);
    if (!details) return false;
    details.open = !details.open;
    return true;
  },
  keys: () => open(keys),
  escape() {
    const field = document.activeElement?.matches("textarea, input[type=number]") && document.activeElement;
    if (!field) return false;
    const own = field.closest("[data-row]");
    field.blur();
    if (own) mark(own);
    return true;
  },
};

const BUTTONS = {
  undo: act.undo,
  keys: act.keys,
  skip: act.skip,
  close: (button) => button.closest("dialog").close(),
  clear: (button) => clearRow(button.closest("[data-row]")),
  "leave-again": () => desk.drop(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  touchSlider(event);
  if (!button) return;
  event.preventDefault();
  BUTTONS[button.dataset.action](button);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("form.asking")) desk.submit();
  else if (event.target.matches("form.skipping")) desk.skip(event.target);
  else return;
  event.preventDefault();
});

for (const kind of ["input", "change"]) {
  work.addEventListener(kind, (event) => {
    const form = event.target.closest("form.asking");
    if (!form || !desk.item) return;
    followSlider(event);
    refresh(desk.item.article);
    setProblem(event.target.closest("fieldset.question"), "");
    desk.typed();
  });
}

work.addEventListener("focusin", (event) => {
  const one = event.target.closest("form.asking [data-row]");
  if (one) mark(one);
});

/** A question with `data-widget` has a module of that name, which makes it work: `attach(fieldset, article)`. */
async function attachWidgets(article) {
  for (const fieldset of article.querySelectorAll("fieldset[data-widget]:not([data-attached])")) {
    fieldset.dataset.attached = "";
    const module = await import(`./widgets/${fieldset.dataset.widget}.js`);
    module.attach(fieldset, article);
  }
}

work.addEventListener("shown", () => {
  attachWidgets(desk.item.article);
  marked = null;
  const all = rows(desk.item.article);
  if (all.length > 1) mark(all[0]);
  dock();
  const prompt = desk.item.article.querySelector(".prompt .said-by");
  prompt.scrollTop = prompt.scrollHeight; // The last turn is what is answered.
});

/** Short questions stay at the foot of the screen, under responses that are longer than it. */
function dock() {
  const { article } = desk.item ?? {};
  if (!article) return;
  article.classList.remove("docked");
  article.classList.toggle("docked", formOf(article).offsetHeight < window.innerHeight * 0.36);
}
window.addEventListener("resize", dock);

window.addEventListener("beforeunload", (event) => {
  if (desk.unsent) event.preventDefault();
});
window.addEventListener("pagehide", () => desk.leave());
window.addEventListener("pageshow", (event) => event.persisted && desk.comeBack());
window.addEventListener("online", () => desk.online());
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && drafts.sendLast());

describeKeys(keys.querySelector(".key-map"));
listen(act);
desk.begin();
if (!desk.item) countFor(null);
