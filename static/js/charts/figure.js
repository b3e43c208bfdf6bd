// A figure: its data, its drawing, and the room that it has.

import { forest } from "./forest.js";
import { lines } from "./lines.js";
import { matrix } from "./matrix.js";
import { stack } from "./stack.js";

const DRAW = { forest, lines, matrix, stack };

export const dataOf = (figure) => JSON.parse(figure.querySelector('script[type="application/json"]').textContent);

/** Draws the chart as wide as its room is. */
export function show(figure) {
  const room = figure.querySelector(".chart-room");
  const place = room.querySelector(".chart-drawing");
  const data = dataOf(figure);
  room.dataset.width = room.clientWidth;
  const svg = DRAW[data.type](data, Math.max(room.clientWidth, 240), sizeOf(place));
  place.replaceChildren(svg.node());
  figure.querySelector(".chart-saving").hidden = false;
  reach(room, data.title);
}

const sizeOf = (place) => parseFloat(getComputedStyle(place).fontSize);

/** What is wider than its room can be scrolled by keyboard. */
function reach(room, title) {
  const wide = room.scrollWidth > room.clientWidth;
  for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", `${title}, to be scrolled`]]) {
    if (wide) room.setAttribute(name, value);
    else room.removeAttribute(name);
  }
}
