// The desk: items in hand (the first is on the screen), sending them off, and getting the next.

import { countFor, seconds } from "./clock.js";
import * as drafts from "./drafts.js";
import { formOf, given, problems, refresh, showProblems } from "./form.js";
import { itemOf, parse } from "./item.js";
import { Leases } from "./leases.js";
import { leave, mayPass } from "./net.js";
import { Outbox } from "./outbox.js";
import { Supply } from "./supply.js";
import { Tabs } from "./tabs.js";
import * as tell from "./telling.js";

const IN_HAND = 2;

export class Desk {
  #queue = [];
  #away = new Map();
  #handedIn = new Map(); // When the server took what was submitted or skipped here.
  #submitted = [];

  constructor(work) {
    this.work = work;
    this.stage = work.querySelector("#stage");
    this.outbox = new Outbox(work.dataset.campaign, {
      extra: (entry) => this.#lateFields(entry),
      sent: (entry, answer) => this.#sent(entry, answer),
      stuck: (answer, wait) => tell.stuck(answer, wait, this.outbox.size, this.work.dataset.login),
    });
    const { user, campaign } = work.dataset;
    this.supply = new Supply(work.dataset.url, this);
    this.tabs = new Tabs(`crosscheck:${user}:${campaign}`, (id) => this.#taken(id));
    this.leases = new Leases(this);
  }

  /** The item on the screen, where there is one. */
  get item() {
    return this.#queue[0] ?? null;
  }

  get unsent() {
    return this.outbox.size > 0;
  }

  /** Starts with what the server rendered; what an earlier page could not send goes first. */
  begin() {
    const article = this.stage.querySelector("article.work");
    if (article) this.#queue.push(itemOf(article));
    const { back } = this.work.dataset; // Where in the history a finished item was opened.
    if (back && this.item?.revision) Object.assign(this.item, { back });
    if (this.item && this.outbox.has(this.item.id)) this.#queue.shift();
    if (this.item || article) this.#show(true);
    this.outbox.flush();
    this.leases.begin();
    if (article) this.supply.fill();
  }

  typed() {
    const { item } = this;
    drafts.changed(item, (...news) => this.draftNews(item, ...news));
  }

  /** What is known only when an entry is sent: what is in hand by then, and which of it is on the screen. */
  #lateFields({ kind }) {
    if (kind === "flag") return [];
    const showing = this.item && !this.item.revision ? [["_showing", this.item.id]] : [];
    return kind === "submit" ? [["_holding", this.holding.join(",")], ...showing] : showing;
  }

  /** Sends the answers off and shows the next item at once. */
  submit() {
    const { item } = this;
    if (!item) return false;
    const found = problems(item.article);
    const empty = !Object.keys(found).length && !given(item.article).some(([, value]) => value.trim());
    showProblems(item.article, found, empty ? "Answer at least one question." : "");
    if (empty || Object.keys(found).length) return true;
    const fields = [...new FormData(formOf(item.article))].filter(([name]) => name !== "csrfmiddlewaretoken");
    drafts.keepHere(item.id, given(item.article));
    this.#submitted.push(item.id);
    this.#sendOff(item, "submit", formOf(item.article).action, [...withUsed(fields, item), ["_active_seconds", seconds(item)]]);
    return true;
  }

  skip(form) {
    const fields = reasonIn(form);
    return fields && this.#sendOff(this.item, "skip", form.action, fields);
  }

  /** Calls the researchers to the item on the screen, which stays there. */
  flag(form) {
    const fields = reasonIn(form);
    if (!fields) return;
    tell.say("Flagging…");
    this.outbox.add({ id: `flag:${this.item.id}`, kind: "flag", url: form.action, fields });
    form.reset();
  }

  #sendOff(item, kind, url, fields) {
    drafts.stop();
    this.#away.set(item.id, item);
    this.#queue.shift();
    tell.say(kind === "skip" ? "Skipping…" : "Saving…");
    this.outbox.add({ id: item.id, kind, url, fields });
    this.#show();
  }

  #sent(entry, { status, body: told }) {
    const body = told ?? { message: tell.refusal(status, entry.kind) };
    const item = this.#away.get(entry.id);
    this.#away.delete(entry.id);
    if (status === 200) {
      if (entry.kind === "submit") drafts.done(entry.id);
      if (entry.kind !== "flag") this.#handedIn.set(entry.id, performance.now());
      tell.done(entry.kind, body, this.outbox.size);
      this.heard(body);
    } else this.#refused(entry, item, body);
    if (status === 200 && item?.back) return location.assign(item.back);
    this.got(body.next);
    if (this.item && !this.outbox.size) this.leases.shown(this.item); // It may have come while this was on its way.
    return this.supply.fill();
  }

  /** What the server says by the way: how long an item is held, and whether the campaign goes on. */
  heard({ lease, state }) {
    const item = lease && this.#queue.find((one) => one.id === lease.id);
    if (item) this.leases.until(item, lease);
    if (state && this.item) tell.standing(state);
  }

  /** The server would not have it: back on the screen where it can be mended, else a message. */
  #refused(entry, item, error) {
    this.#submitted = this.#submitted.filter((id) => id !== entry.id);
    if (item && ["invalid", "not_running", "revision_conflict"].includes(error.code)) {
      this.#queue.unshift(item);
      this.#show();
      showProblems(item.article, error.fields, error.message);
    } else tell.warn(error.message);
  }

  /** Back to what was submitted last, and from there to what was submitted before it, as the server has it. */
  undo() {
    if ("revisable" in this.work.dataset) this.#again();
    else tell.say("Answers here cannot be changed once they are submitted.");
    return true;
  }

  async #again() {
    if (this.outbox.size) return tell.say("Your last answer is still on its way; try again in a moment.");
    const here = this.item;
    const which = here?.revision ? `before:${here.id}` : (this.#submitted.at(-1) ?? "last");
    const answer = await this.supply.again(which);
    if (answer?.status !== 200) return tell.say(answer?.body?.message ?? "No connection: this needs the server.");
    if (this.item !== here) return undefined;
    if (here?.revision && !drafts.isKept(here.id)) this.#queue.shift(); // Looked at, and left as it is.
    const at = this.#queue.findIndex((item) => item.id === answer.body.id);
    this.#queue.unshift(at < 0 ? itemOf(parse(answer.body.html)) : this.#queue.splice(at, 1)[0]);
    return this.#show();
  }

  /** Takes the item off the screen without sending it. */
  drop() {
    const item = this.#queue.shift();
    drafts.stop();
    if (item?.revision) drafts.done(item.id);
    if (item?.back) return location.assign(item.back);
    this.#show();
    return this.supply.fill();
  }

  /** Somebody else has an item that waited here. */
  passedOn(item) {
    if (item === this.item) return;
    this.#queue = this.#queue.filter((one) => one !== item);
    this.supply.fill();
  }

  /** An item for the queue, asked for `when`; one that was handed in since then comes too late. */
  got(payload, when = performance.now()) {
    if (!payload?.id || this.#queue.some((item) => item.id === payload.id) || this.outbox.has(payload.id)) return;
    if (this.#handedIn.get(payload.id) >= when) return void this.supply.fill();
    this.#queue.push(itemOf(parse(payload.html)));
    if (this.#queue.length === 1) this.#show();
  }

  #show(first = false) {
    while (this.item && this.item.ends < performance.now()) this.#queue.shift();
    countFor(this.item);
    this.tabs.show(this.item?.id ?? null, first);
    tell.onlyOf(this.item?.id);
    if (!this.item) return this.#wait();
    if (!this.item.ready && drafts.restore(this.item)) tell.say("What you typed before is back.");
    if (!this.item.article.isConnected) this.stage.replaceChildren(this.item.article);
    this.item.ready = true;
    refresh(this.item.article);
    this.work.dispatchEvent(new Event("shown"));
    if (!this.outbox.size) this.leases.shown(this.item); // Else what is sent tells what is on the screen.
    if (first) return undefined;
    window.scrollTo(0, 0);
    return this.item.article.querySelector("h1").focus({ preventScroll: true });
  }

  #wait() {
    this.stage.replaceChildren(document.getElementById("waiting").content.cloneNode(true));
    this.supply.fill();
  }

  /** What the supply says where there is no item. */
  nothing(answer, wait) {
    if (this.outbox.size) return;
    if (answer?.status === 200) {
      tell.standing("running"); // What comes instead says it itself.
      const ended = this.stage.querySelector(".work-end") !== null;
      this.stage.replaceChildren(parse(answer.body.html));
      if (!ended) this.stage.querySelector("h1").focus();
    } else if (answer?.body?.code === "too_many_held") tell.say("Your other tabs have the items that you hold; go on there.");
    else if (mayPass(answer)) tell.stuck(answer, wait, 0, this.work.dataset.login);
    else tell.say(answer.body?.message ?? `The server has no item for you (error ${answer.status}). Reload the page.`);
  }

  /** The items held; finished ones are not. */
  get mine() {
    return this.#queue.filter((item) => !item.revision);
  }

  /** Whether another item is to be fetched; not while the server may still miss a submit. */
  get wants() {
    return !this.outbox.size && this.mine.length < (this.tabs.others.length ? 1 : IN_HAND);
  }

  get holding() {
    return [...this.mine.map((item) => item.id), ...this.tabs.others];
  }

  /** Another tab shows an item that waits here, or showed this one first. */
  #taken(id) {
    const at = this.#queue.findIndex((item) => item.id === id && !item.revision);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    if (at === 0) this.#show();
  }

  /** What became of an item's draft or lease; no news where that is not on the screen any more. */
  draftNews(item, news, body) {
    if (body) this.heard(body);
    if (item !== this.item) return;
    if (news === "saved") tell.sayLater("Draft saved.");
    else if (news === "kept") tell.say("No connection. What you typed is kept on this device.");
    else if (news.message) tell.warn(news.message, ["Go to the next item", () => item === this.item && this.drop()], item.id);
  }

  online() {
    this.outbox.flush();
    if (this.item) drafts.renew(this.item, this.draftNews.bind(this, this.item));
    this.supply.fill();
  }

  /** The page goes: the waiting item is given back untouched, and the draft goes along. */
  leave() {
    drafts.sendLast();
    this.tabs.gone();
    for (const item of this.#queue.slice(1)) {
      if (!item.revision && !item.ready) leave(formOf(item.article).dataset.release, [["_until", item.until]]);
    }
    this.#queue.splice(1, this.#queue.length, ...this.#queue.slice(1).filter((item) => item.revision || item.ready));
  }

  comeBack() {
    this.tabs.show(this.item?.id ?? null, true);
    this.supply.fill();
  }
}

/** The reason and note in a dialog that asks for them, which closes; nothing where a note is still wanted. */
function reasonIn(form) {
  const { reason, note } = form.elements;
  if (reason.value === "other" && !note.value.trim()) return void note.focus();
  form.closest("dialog").close();
  return [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
}

/** The fields with the suggestions that were copied, beside the other aids. */
function withUsed(fields, { used }) {
  if (!used) return fields;
  const aids = JSON.parse(fields.find(([name, value]) => name === "_aids" && value)?.[1] ?? "{}");
  const told = JSON.stringify({ ...aids, suggestions: { used: [...used] } });
  return [...fields.filter(([name]) => name !== "_aids"), ["_aids", told]];
}
