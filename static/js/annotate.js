// The annotation page: the item on the screen, the one after it, and what happens between them.

import { chooseByKey, clearRow, followSlider, moveAlong, nextToAnswer, touchSlider } from "./choosing.js";
import { countFor } from "./clock.js";
import { Desk } from "./desk.js";
import * as drafts from "./drafts.js";
import { focusRow, formOf, isAnswered, refresh, rows, setProblem } from "./form.js";
import { describeKeys } from "./keymap.js";
import { listen } from "./keys.js";
import { openStore } from "./store.js";
import { warn } from "./telling.js";
import * as view from "./view.js";

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

/** Opens the item's dialog that asks for a reason to skip or to flag it. */
function asks(what) {
  const dialog = desk.item?.article.querySelector(`dialog[data-asks=${what}]`);
  return dialog ? open(dialog) : false;
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
  skip: () => asks("skip"),
  flag: () => asks("flag"),
  history() {
    location.assign(document.getElementById("mine").href);
    return true;
  },
  suggest() {
    if (!desk.item?.article.querySelector(".suggestions")) return false;
    import("./suggesting.js").then((module) => module.suggest(desk.item));
    return true;
  },
  fold(selector) {
    const details = work.querySelector(selector);
    if (!details) return false;
    details.open = !details.open;
    return true;
  },
  keys() {
    describeKeys(keys.querySelector(".key-maps"), act, desk.item?.article);
    return open(keys);
  },
  view: view.toggle,
  differences: () => view.differences(),
  sync: view.sync,
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
  view: act.view,
  differences: act.differences,
  skip: act.skip,
  flag: act.flag,
  suggest: act.suggest,
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
  else if (event.target.matches("form.flagging")) desk.flag(event.target);
  else return;
  event.preventDefault();
});

for (const kind of ["input", "change"]) {
  work.addEventListener(kind, (event) => {
    const form = event.target.closest("form.asking");
    if (!form || !desk.item?.article.contains(form)) return; // A field taken off the page says "change" then.
    followSlider(event);
    refresh(desk.item.article);
    setProblem(event.target.closest("fieldset.question"), "");
    desk.typed();
  });
}

work.addEventListener("paste", (event) => {
  const text = event.target.closest?.("form.asking") && event.clipboardData?.getData("text/plain");
  if (text) view.pasted([...text].length);
});

work.addEventListener("focusin", (event) => {
  const one = event.target.closest("form.asking [data-row]");
  if (one) mark(one);
});

/** A row that a key answered passes the mark on to the next one to answer. */
work.addEventListener("answered", (event) => {
  const next = nextToAnswer(rows(desk.item.article), event.target, isAnswered);
  if (!next) return;
  mark(next);
  focusRow(next);
});

/** A question with `data-widget` has a module of that name, which makes it work: `attach(fieldset, article)`. */
function attachWidgets(article) {
  article.querySelectorAll("fieldset[data-widget]:not([data-attached])").forEach(async (fieldset) => {
    fieldset.dataset.attached = "";
    const module = await import(`./widgets/${fieldset.dataset.widget}.js`).catch(() => null);
    if (module) {
      module.attach(fieldset, article);
      fieldset.dataset.attached = "yes";
    } else warn("A part of this page did not load.", ["Reload; what you typed is kept", () => location.reload()]);
  });
}

work.addEventListener("shown", () => {
  view.shown(desk.item.article);
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
  view.fit();
}
window.addEventListener("resize", dock);

window.addEventListener("beforeunload", (event) => {
  if (desk.unsent) event.preventDefault();
});
window.addEventListener("pagehide", () => desk.leave());
window.addEventListener("pageshow", (event) => event.persisted && desk.comeBack());
window.addEventListener("online", () => desk.online());
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && drafts.sendLast());

listen(act);
desk.begin();
if (!desk.item) countFor(null);
