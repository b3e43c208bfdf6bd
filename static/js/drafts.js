// Drafts: at once on this device, a moment later on the server; what the server has is forgotten here.

import { fill, formOf, given } from "./form.js";
import { ask, leave } from "./net.js";
import { forget, read, write } from "./store.js";

const PAUSE = 800;
const RENEW = 5 * 60 * 1000;

let timer = 0;
let waiting = null;
let lastSent = performance.now();

const nameOf = (id) => `draft:${id}`;

/** Puts back what was typed here and never reached the server. */
export function restore(item) {
  const kept = read(nameOf(item.id));
  if (kept) fill(item.article, kept);
  return kept !== null;
}

export function keepHere(id, pairs) {
  write(nameOf(id), pairs);
}

/** Whether something typed here waits for the server. */
export const isKept = (id) => read(nameOf(id)) !== null;

export function done(id) {
  forget(nameOf(id));
}

/** No draft is sent any more of what waits: it was submitted, or goes away. */
export function stop() {
  clearTimeout(timer);
  waiting = null;
}

/** Call at every change. `tell` hears what became of it: "kept", "saved", or the server's refusal. */
export function changed(item, tell) {
  keepHere(item.id, given(item.article));
  if (item.revision) return;
  stop();
  waiting = item;
  timer = setTimeout(() => send(item, tell), PAUSE);
}

async function send(item, tell) {
  stop();
  lastSent = performance.now();
  const pairs = given(item.article);
  const answer = await ask(formOf(item.article).dataset.draft, pairs).catch(() => null);
  if (answer?.status === 200) {
    if (JSON.stringify(read(nameOf(item.id))) === JSON.stringify(pairs)) forget(nameOf(item.id));
    tell("saved", answer.body);
  } else if (answer?.body?.code === "lease_lost") {
    forget(nameOf(item.id));
    tell(answer.body);
  } else tell("kept");
}

/** Sends what still waits, while the page goes away. */
export function sendLast() {
  if (waiting) leave(formOf(waiting.article).dataset.draft, given(waiting.article));
  stop();
}

/** Keeps the lease of somebody who reads for long; only a lost one is news. */
export function renew(item, tell) {
  if (item.revision || performance.now() - lastSent < RENEW) return;
  send(item, (news, body) => (news.code || body) && tell(news.code ? news : "renewed", body));
}
