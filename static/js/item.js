// An item in hand: its rendered article, and what its attributes say of the lease.

/** The article (or the end of the work) in a server-rendered fragment. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.querySelector("article, section");
}

/** `revision` is set where a finished item is changed; `ends` is when its lease does, on this page's clock. */
export function itemOf(article) {
  const { id, revision, active, until, lease } = article.dataset;
  const ends = revision ? Infinity : performance.now() + lease * 1000;
  return { id: Number(id), article, revision, until, ends, active: Number(active), ready: false };
}
