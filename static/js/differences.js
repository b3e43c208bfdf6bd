// The words by which two responses differ, highlighted over the rendered text, which stays as it is.

import { diffArrays } from "../vendor/jsdiff/diff/array.js";

const NAME = "differs";
const PATIENCE = 2000;
const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });

/** Where text stands: text nodes, and formulas or pictures as a whole. */
function* places(node) {
  if (node.nodeType === Node.TEXT_NODE || node.matches?.("[data-e]")) yield node;
  else for (const child of node.childNodes) yield* places(child);
}

/** Words and signs in reading order: `{text, node, start, end}`. */
function tokens(response) {
  const found = [];
  for (const node of places(response)) {
    if (node.nodeType === Node.ELEMENT_NODE) {
      found.push({ text: node.textContent, node, start: 0, end: node.childNodes.length, isWord: true });
      continue;
    }
    for (const { segment, index, isWordLike } of WORDS.segment(node.data)) {
      if (segment.trim()) found.push({ text: segment, node, start: index, end: index + segment.length, isWord: isWordLike });
    }
  }
  return found;
}

function rangeOf(run) {
  const range = new Range();
  range.setStart(run[0].node, run[0].start);
  range.setEnd(run.at(-1).node, run.at(-1).end);
  return range;
}

/** Ranges over the tokens, a range for each stretch within one text node. */
function* ranges(all) {
  let run = [];
  for (const token of all) {
    if (run.length && run.at(-1).node !== token.node) {
      yield rangeOf(run);
      run = [];
    }
    run.push(token);
  }
  if (run.length) yield rangeOf(run);
}

export function clear() {
  CSS.highlights?.delete(NAME);
}

/** Highlights them; returns how many words differ in each, or null where there is no telling. */
export function show(first, second) {
  clear();
  if (!CSS.highlights) return null;
  const sides = [tokens(first), tokens(second)];
  const changes = diffArrays(...sides.map((side) => side.map((token) => token.text)), { timeout: PATIENCE });
  if (!changes) return null;
  const highlight = new Highlight();
  const at = [0, 0];
  const counts = [0, 0];
  for (const change of changes) {
    for (const side of [0, 1]) {
      if (side === 0 ? change.added : change.removed) continue;
      const part = sides[side].slice(at[side], (at[side] += change.count));
      if (!change.added && !change.removed) continue;
      counts[side] += part.filter((token) => token.isWord).length;
      for (const range of ranges(part)) highlight.add(range);
    }
  }
  CSS.highlights.set(NAME, highlight);
  return counts;
}
