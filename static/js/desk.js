// The desk: items in hand (the first is on the screen), sending them off, and getting the next.

import { countFor, seconds, wasActive } from "./clock.js";
import * as drafts from "./drafts.js";
import { formOf, given, problems, refresh, showProblems } from "./form.js";
import { itemOf, parse } from "./item.js";
import { leave, mayPass } from "./net.js";
import { Outbox } from "./outbox.js";
import { Supply } from "./supply.js";
import { Tabs } from "./tabs.js";
import * as tell from "./telling.js";

const IN_HAND = 2;

export class Desk {
  #queue = [];
  #away = new Map();
  #submitted = [];

  constructor(work) {
    this.work = work;
    this.stage = work.querySelector("#stage");
    this.outbox = new Outbox(work.dataset.campaign, {
      extra: (entry) => (entry.kind === "submit" ? [["_holding", this.holding.join(",")]] : []),
      sent: (entry, answer) => this.#sent(entry, answer),
      stuck: (answer, wait) => tell.stuck(answer, wait, this.outbox.size, this.work.dataset.login),
    });
    const { user, campaign } = work.dataset;
    this.supply = new Supply(work.dataset.url, this);
    this.tabs = new Tabs(`crosscheck:${user}:${campaign}`, (id) => this.#taken(id));
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
    if (this.item && this.outbox.has(this.item.id)) this.#queue.shift();
    if (this.item || article) this.#show(true);
    this.outbox.flush();
    setInterval(() => this.item && wasActive() && drafts.renew(this.item, (news) => this.#draftNews(news)), 20000);
    if (article) this.supply.fill();
  }

  typed() {
    const { item } = this;
    drafts.changed(item, (news) => this.item === item && this.#draftNews(news));
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
    this.#sendOff(item, "submit", formOf(item.article).action, [...fields, ["_active_seconds", seconds(item)]]);
    return true;
  }

  skip(form) {
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    if (form.elements.reason.value === "other" && !form.elements.note.value.trim()) return form.elements.note.focus();
    form.closest("dialog").close();
    return this.#sendOff(this.item, "skip", form.action, fields);
  }

  #sendOff(item, kind, url, fields) {
    drafts.stop();
    this.#away.set(item.id, item);
    this.#queue.shift();
    tell.say(kind === "skip" ? "Skipping…" : "Saving…");
    this.outbox.add({ id: item.id, kind, url, fields });
    this.#show();
  }

  #sent(entry, { status, body }) {
    const item = this.#away.get(entry.id);
    this.#away.delete(entry.id);
    if (status === 200) {
      if (entry.kind === "submit") drafts.done(entry.id);
      tell.done(entry.kind, body.outcome, this.outbox.size);
    } else this.#refused(entry, item, body);
    this.got(body.next);
    this.supply.fill();
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

  /** Back to what was submitted last, as the server has it. */
  undo() {
    if (this.item?.revision) return true;
    this.#again();
    return true;
  }

  async #again() {
    if (this.outbox.size) return tell.say("Your last answer is still on its way; try again in a moment.");
    const which = this.#submitted.at(-1) ?? "last";
    const answer = await this.supply.again(which);
    if (answer?.status !== 200) return tell.say(answer?.body?.message ?? "No connection: this needs the server.");
    this.#submitted.pop();
    this.#queue.unshift(itemOf(parse(answer.body.html)));
    return this.#show();
  }

  /** Takes the item off the screen without sending it. */
  drop() {
    const item = this.#queue.shift();
    drafts.stop();
    if (item?.revision) drafts.done(item.id);
    this.#show();
    this.supply.fill();
  }

  got(payload) {
    if (!payload?.id || this.#queue.some((item) => item.id === payload.id) || this.outbox.has(payload.id)) return;
    this.#queue.push(itemOf(parse(payload.html)));
    if (this.#queue.length === 1) this.#show();
  }

  #show(first = false) {
    while (this.item && this.item.ends < performance.now()) this.#queue.shift();
    countFor(this.item);
    this.tabs.show(this.item?.id ?? null, first);
    if (!this.item) return this.#wait();
    if (!this.item.article.isConnected) this.stage.replaceChildren(this.item.article);
    if (!this.item.ready && drafts.restore(this.item)) tell.say("What you typed before is back.");
    this.item.ready = true;
    refresh(this.item.article);
    this.work.dispatchEvent(new Event("shown"));
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
      const ended = this.stage.querySelector(".work-end") !== null;
      this.stage.replaceChildren(parse(answer.body.html));
      if (!ended) this.stage.querySelector("h1").focus();
    } else if (answer?.body?.code === "too_many_held") tell.say("Your other tabs have the items that you hold; go on there.");
    else if (mayPass(answer)) tell.stuck(answer, wait, 0, this.work.dataset.login);
    else tell.say(answer.body.message);
  }

  #mine = () => this.#queue.filter((item) => !item.revision);

  /** Whether another item is to be fetched; not while the server may still miss a submit. */
  get wants() {
    return !this.outbox.size && this.#mine().length < (this.tabs.others.length ? 1 : IN_HAND);
  }

  get holding() {
    return [...this.#mine().map((item) => item.id), ...this.tabs.others];
  }

  /** Another tab shows an item that waits here, or showed this one first. */
  #taken(id) {
    const at = this.#queue.findIndex((item) => item.id === id && !item.revision);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    if (at === 0) this.#show();
  }

  #draftNews(news) {
    if (news === "saved") tell.say("Draft saved.");
    else if (news === "kept") tell.say("No connection. What you typed is kept on this device.");
    else tell.warn(news.message, ["Go to the next item", () => this.drop()]);
  }

  online() {
    this.outbox.flush();
    if (this.item) drafts.renew(this.item, (news) => this.#draftNews(news));
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
