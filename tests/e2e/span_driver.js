// What tests/e2e/test_span_edits.py calls in the browser.

import { Anchor } from "/static/js/spans/anchor.js";
import { Marks } from "/static/js/spans/list.js";
import { Segments } from "/static/js/spans/segments.js";
import { SourceText } from "/static/js/spans/text.js";

function act(marks, [what, ...more]) {
  const all = marks.of("a") ?? [];
  const mark = all[more[0] % (all.length || 1)];
  if (what === "add") marks.add("a", { start: Math.min(more[0], more[1]), end: Math.max(more[0], more[1]), label: more[2] });
  else if (what === "whole") marks.addWhole("a", "whole");
  else if (what === "none") marks.none("a", marks.of("a") === null);
  else if (what === "undo") marks.undo();
  else if (what === "redo") marks.redo();
  else if (!mark) return;
  else if (what === "extend") marks.stretch("a", mark.id, more[1], more[1] === "end" ? more[2] : -more[2]);
  else if (what === "shrink") marks.stretch("a", mark.id, more[1], more[1] === "end" ? -more[2] : more[2]);
  else if (what === "place") marks.place("a", mark.id, Math.min(more[1], more[2]), Math.max(more[1], more[2]));
  else if (what === "relabel") marks.relabel("a", mark.id, more[1]);
  else if (what === "remove") marks.remove("a", mark.id);
  else marks.set("a", mark.id, what, more[1]);
}

window.edit = ({ text, snap, overlap, edits }, labels) => {
  const source = new SourceText(text);
  const segments = new Segments(source);
  const cut = (target, part, start, end) => segments.snap(Math.min(start, source.length), Math.min(end, source.length), snap);
  const step = (target, part, point, edge, by) => segments.step(point, edge, by, snap);
  const marks = new Marks({ a: [source] }, { labels, overlap, snap: cut, step });
  const now = () => JSON.stringify(marks.answer("a"));
  const states = [now()];
  const wrong = [];
  for (const one of edits) {
    const before = now();
    act(marks, one);
    states.push(now());
    if (["undo", "redo"].includes(one[0]) || before === now() || ["note", "place", "extend", "shrink"].includes(one[0])) continue;
    const after = now();
    marks.undo();
    if (now() !== before) wrong.push(["undo", one, before, now()]);
    marks.redo();
    if (now() !== after) wrong.push(["redo", one, after, now()]);
  }
  const last = now();
  while (marks.undo());
  if (now() !== states[0]) wrong.push(["to the start", now()]);
  while (marks.redo());
  if (!edits.some(([what]) => what === "undo") && now() !== last) wrong.push(["to the end", last, now()]);
  const loose = (marks.of("a") ?? []).filter((m) => m.start !== undefined && String(cut("a", 0, m.start, m.end)) !== `${m.start},${m.end}`);
  const graphemes = segments.edges("none");
  return { states: states.map((s) => JSON.parse(s)), wrong, loose, graphemes };
};

window.anchor = ({ text, html }) => {
  const root = document.createElement("div");
  root.innerHTML = html;
  document.body.replaceChildren(root);
  const source = new SourceText(text);
  const anchor = new Anchor(root, source);
  const { visible, solid } = anchor;
  const points = visible.flatMap(([start, end]) => Array.from({ length: end - start }, (_, i) => start + i));
  const inSolid = (point) => solid.some(([start, end]) => start < point && point < end);
  const wrong = [];
  for (const point of points) {
    if (inSolid(point)) continue;
    const range = anchor.live(point, point + 1);
    const start = anchor.offset(range.startContainer, range.startOffset);
    const end = anchor.offset(range.endContainer, range.endOffset, true);
    const single = !solid.some(([from]) => from === point);
    if (start !== point || (single && end !== point + 1)) wrong.push([point, start, end]);
    if (single && range.toString() !== source.slice(point, point + 1)) wrong.push([point, range.toString()]);
  }
  return { wrong, visible, solid };
};
window.loaded = true;
