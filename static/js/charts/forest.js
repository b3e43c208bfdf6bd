// Estimates below each other, each with its interval; a line to hold them against.

import { axisBottom, scaleLinear } from "../../vendor/d3/d3.js";
import { HOLLOW, NARROW, around, axis, canvas, isFew, key, label, leading, mark, roomFor, said, tell, tick, widest } from "./common.js";

const LEAST_NAME = 72; // pixels of a row's name that its numbers leave

export function forest(data, width, size) {
  const place = layout(data, width, size);
  const few = data.rows.some((row) => isFew(row.estimate));
  const draft = canvas(width, 0, size);
  const names = [...data.marks, few && HOLLOW];
  const sample = (g, i) => (i < data.marks.length ? mark(g, i, 0, 0) : mark(g, 0, 0, 0, true));
  const top = key(draft, names, width, size, sample) + (data.reference === null ? 4 : size * 1.7);
  const bottom = top + data.rows.length * place.row;
  draft.attr("height", bottom + 30).attr("viewBox", `0 0 ${width} ${bottom + 30}`);
  const x = scaleLinear(data.span ?? around(numbers(data), data.unit), [place.left, place.right]);
  if (!data.span && data.unit !== "percent") x.nice();
  reference(draft, data, x, top, bottom, size);
  axis(draft, axisBottom(x).ticks(roomFor(x, 6, data.unit, size)).tickFormat(tick(data.unit)).tickSizeOuter(0), bottom + 4);
  data.rows.forEach((row, i) => line(draft, row, data.unit, x, top + i * place.row, place, size));
  return draft;
}

const numbers = ({ rows, reference }) => rows.flatMap(({ estimate: [value, low, high] }) => [value, low, high]).concat([reference]);

/** On narrow screens a row is two lines: its name and its numbers, and below them the interval. */
function layout({ rows, unit }, width, size) {
  const narrow = width < NARROW;
  if (narrow) return { narrow, left: 18, right: width - 18, row: size * 3.5, says: width };
  const names = Math.min(widest(rows.map((row) => row.label), size) + 16, width * 0.34);
  const says = Math.min(widest(rows.map((row) => said(row.estimate, unit)), size) + 12, width * 0.36);
  return { narrow, left: names, right: width - says - 8, row: size * 2.1, says };
}

function reference(svg, { reference: at, referenceLabel, unit }, x, top, bottom, size) {
  if (at === null) return;
  const [left, right] = x.range();
  if (x(at) < left - 1 || x(at) > right + 1) return;
  const middle = Math.min(Math.max(x(at), left + 30), right - 30);
  svg.append("line").attr("class", "chart-reference").attr("x1", x(at)).attr("x2", x(at)).attr("y1", top - 2).attr("y2", bottom + 4);
  label(svg, referenceLabel || `${tick(unit)(at)}`, middle, top - size * 0.8, right - left, size, "chart-note").attr("text-anchor", "middle");
}

function line(svg, row, unit, x, top, { narrow, left, row: height, says }, size) {
  const [value, low, high] = row.estimate;
  const numbers = said(row.estimate, unit);
  const width = svg.attr("width");
  const [words, drawn] = narrow ? [top + size * 0.8, top + size * 2.2] : [top + height / 2, top + height / 2];
  const group = svg.append("g").attr("class", "chart-row");
  group.append("line").attr("class", "chart-rail").attr("x1", x.range()[0]).attr("x2", x.range()[1]).attr("y1", drawn).attr("y2", drawn);
  const saying = narrow ? width - LEAST_NAME : says;
  const room = narrow ? width - Math.min(widest([numbers], size), saying) - 12 : left - 12;
  leading(label(group, row.label, 0, words, room, size), row.href);
  label(group, numbers, width, words, saying, size, "chart-numbers-said").attr("text-anchor", "end");
  if (value === null) return;
  if (low !== null) limits(group, low, high, x, drawn, row.mark);
  const [least, most] = x.range();
  if (x(value) >= least - 1 && x(value) <= most + 1) mark(group, row.mark, x(value), drawn, isFew(row.estimate));
  tell(group, `${row.label}: ${numbers}${row.note ? `. ${row.note}` : ""}`);
}

/** The interval; an arrow where it goes on beyond the axis. */
function limits(group, low, high, x, y, kind) {
  const [least, most] = x.range();
  const inside = (at) => Math.min(Math.max(at, least), most);
  const [from, to] = [inside(x(low)), inside(x(high))];
  group.append("line").attr("class", `chart-limits m${kind % 6}`).attr("x1", from).attr("x2", to).attr("y1", y).attr("y2", y);
  if (x(low) < least - 1) group.append("path").attr("class", `chart-beyond m${kind % 6}`).attr("d", `M${least - 6},${y}l7,-4v8z`);
  if (x(high) > most + 1) group.append("path").attr("class", `chart-beyond m${kind % 6}`).attr("d", `M${most + 6},${y}l-7,-4v8z`);
}
