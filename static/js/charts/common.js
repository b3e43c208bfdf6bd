// What all charts share: how numbers are written, text that fits, marks, axes and keys.

import { create, format, symbol, symbolCircle, symbolDiamond, symbolSquare, symbolStar, symbolTriangle, symbolWye } from "../../vendor/d3/d3.js";

const FEW = 10;
export const HOLLOW = `hollow: n below ${FEW}`;
export const ITALIC = `italic: n below ${FEW}`;
export const NARROW = 560;
const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolStar, symbolWye];
const MARKS = SHAPES.length;
const NONE = "–";

/** As the tables write it: "56.4 %" for a share, else two places or three digits. */
export function written(value, unit) {
  if (value === null) return NONE;
  if (unit === "percent") return `${format(",.1f")(100 * value)}\u00a0%`;
  const size = Math.abs(value);
  if (size >= 10) return format(size >= 100 ? ",.0f" : ".1f")(value);
  return format(".2f")(value);
}

/** A figure that few units stand behind. */
export const isFew = ([value, , , n]) => value !== null && n > 0 && n < FEW;

/** "56.4 % (44.0 to 68.0), n 30". */
export function said([value, low, high, n, why], unit) {
  if (value === null) return why || NONE;
  const bare = (limit) => written(limit, unit).replace("\u00a0%", "");
  const limits = low === null ? "" : ` (${bare(low)} to ${bare(high)})`;
  return `${written(value, unit)}${limits}${n ? `, n\u00a0${format(",")(n)}` : ""}`;
}

export const tick = (unit) => (unit === "percent" ? (v) => `${format(".3~g")(100 * v)}\u00a0%` : (v) => format(Math.abs(v) >= 1000 ? ",.0f" : ".3~g")(v));

/** An empty drawing of this size, in pixels. */
export function canvas(width, height, size) {
  const svg = create("svg").attr("class", "chart-svg").attr("width", width).attr("height", height);
  return svg.attr("viewBox", `0 0 ${width} ${height}`).attr("font-size", size).attr("aria-hidden", "true");
}

const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
let family = null;

/** Pixels; measured once for each text, since a matrix says the same numbers over and over. */
export function widthOf(text, size) {
  const name = `${size} ${text}`;
  if (!widths.has(name)) {
    family ??= getComputedStyle(document.body).fontFamily;
    ruler.font = `500 ${size}px ${family}`;
    widths.set(name, ruler.measureText(text).width);
  }
  return widths.get(name);
}

export const widest = (texts, size) => texts.reduce((most, text) => Math.max(most, widthOf(text, size)), 0);

/** The text, shortened with an ellipsis to the width. */
export function fitted(text, width, size) {
  if (widthOf(text, size) <= width) return text;
  const letters = [...text];
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (widthOf(`${letters.slice(0, middle).join("")}…`, size) <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}

/** A text that may be shortened; the whole one shows under the pointer. */
export function label(parent, text, x, y, width, size, css = "chart-label") {
  const node = parent.append("text").attr("class", css).attr("x", x).attr("y", y).attr("dy", "0.35em");
  const short = fitted(text, width, size);
  node.text(short);
  if (short !== text) tell(node, text);
  return node;
}

/** A mark's shape, hollow where few stand behind it. */
export function mark(parent, kind, x, y, few = false, area = 64) {
  const css = `chart-mark m${kind % MARKS}${few ? " few" : ""}`;
  const path = symbol(SHAPES[kind % MARKS], area)();
  return parent.append("path").attr("class", css).attr("transform", `translate(${x},${y})`).attr("d", path);
}

/** Adds what the pointer tells over a part of the drawing. */
export const tell = (node, text) => node.append("title").text(text);

/** The axis with the style sheet's lines; d3 draws it. */
export function axis(parent, drawn, y) {
  return parent.append("g").attr("class", "chart-axis").attr("transform", `translate(0,${y})`).call(drawn).call((g) => g.attr("font-size", null).attr("font-family", null));
}

/** About how many ticks have room for their labels. */
export function roomFor(scale, wished, unit, size) {
  const [left, right] = scale.range();
  const label = widest(scale.ticks(wished).map(tick(unit)), size) + 2 * size;
  return Math.max(Math.min(wished, Math.floor((right - left) / label)), 2);
}

/** The names of marks, in lines as wide as the drawing; `sample(group, i, y)` draws each. Returns the height taken. */
export function key(svg, names, width, size, sample) {
  const line = size * 1.7;
  let [x, y] = [0, line / 2];
  names.forEach((name, i) => {
    if (!name) return;
    const short = fitted(name, width - 24, size);
    const room = 22 + widthOf(short, size) + 16;
    if (x > 0 && x + room - 16 > width) [x, y] = [0, y + line];
    const group = svg.append("g").attr("class", "chart-key");
    sample(group.append("g").attr("transform", `translate(${x + 8},${y})`), i);
    label(group, name, x + 22, y, width - 24, size);
    x += room;
  });
  return names.some(Boolean) ? y + line / 2 + 6 : 0;
}

/** The smallest interval around all of these numbers, with a little room; shares stay between 0 and 1. */
export function around(numbers, unit) {
  const known = numbers.filter((number) => number !== null && number !== undefined);
  if (!known.length) return [0, 1];
  let [low, high] = [Math.min(...known), Math.max(...known)];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  [low, high] = [low - room, high + room];
  return unit === "percent" && Math.min(...known) >= 0 && Math.max(...known) <= 1 ? [Math.max(low, 0), Math.min(high, 1)] : [low, high];
}

/** A text of the drawing that leads where the table's link leads, for the pointer; keys use the table. */
export function leading(node, href) {
  if (!/^[/?#](?!\/)/.test(href)) return node;
  return node.classed("leads", true).on("click", () => location.assign(href));
}
