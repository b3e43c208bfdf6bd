// Estimates of pairs: coloured cells with the number in each.

import { ITALIC, canvas, fitted, isFew, label, said, tell, widest, widthOf, written } from "./common.js";

const LEAST = 2.5; // cell, in text heights: a number fits
const MOST = 5;

export function matrix(data, width, size) {
  const place = layout(data, width, size);
  const whole = Math.max(place.left + data.columns.length * place.cell, 1);
  const few = data.cells.flat().some(isFew);
  const bottom = place.top + data.rows.length * place.high + 4;
  const svg = canvas(Math.max(whole, Math.min(width, 240)), bottom + (few ? size * 1.7 : 0), size);
  if (few) label(svg, ITALIC, 0, bottom + size * 0.9, width, size, "chart-note");
  if (data.columnTitle) label(svg, data.columnTitle, place.left, size * 0.7, whole - place.left, size, "chart-note");
  if (data.rowTitle) label(svg, data.rowTitle, 0, place.top - size * 0.9, place.left - 8, size, "chart-note");
  data.columns.forEach((name, j) => column(svg, name, j, place, size));
  data.rows.forEach((name, i) => {
    label(svg, name, 0, place.top + (i + 0.5) * place.high, place.left - 8, size);
    data.cells[i].forEach((estimate, j) => cell(svg, data, estimate, i, j, place, size));
  });
  return svg;
}

/** Square-ish cells where there is room; names of columns stand upright where they do not fit. */
function layout({ rows, columns, columnTitle, rowTitle }, width, size) {
  const left = Math.min(widest([...rows, rowTitle], size) + 12, Math.max(width * 0.3, 72));
  const cell = Math.min(Math.max(Math.floor((width - left) / Math.max(columns.length, 1)), size * LEAST), size * MOST * 1.6);
  const names = widest(columns, size);
  const upright = names > cell - 6;
  const tall = upright ? Math.min(names, size * 9) + 10 : size * 1.6;
  return { left, cell, upright, top: tall + (columnTitle ? size * 1.6 : 0), tall, high: Math.min(cell, size * 2.8) };
}

function column(svg, name, j, { left, cell, upright, top, tall }, size) {
  const x = left + (j + 0.5) * cell;
  if (!upright) return label(svg, name, x, top - size * 0.8, cell - 4, size).attr("text-anchor", "middle");
  const short = fitted(name, tall - 10, size);
  const text = svg.append("text").attr("class", "chart-label").attr("transform", `translate(${x},${top - 6}) rotate(-90)`);
  text.attr("dy", "0.35em").text(short);
  return short === name ? text : tell(text, name);
}

function cell(svg, { rows, columns, unit, span, middle }, estimate, i, j, { left, cell: wide, top, high }, size) {
  const [value] = estimate;
  const [x, y] = [left + j * wide, top + i * high];
  const group = svg.append("g").attr("class", "chart-cell");
  const { side, part } = value === null ? { side: "none", part: 0 } : depth(value, span, middle);
  const box = group.append("rect").attr("class", side).attr("x", x + 1).attr("y", y + 1).attr("width", wide - 2).attr("height", high - 2).attr("rx", 2);
  box.style("--depth", `${Math.round(100 * part)}%`);
  const css = isFew(estimate) ? "few" : null;
  group.append("text").attr("class", css).attr("x", x + wide / 2).attr("y", y + high / 2).attr("dy", "0.35em").attr("text-anchor", "middle").text(brief(value, unit, wide - 4, size));
  tell(group, `${rows[i]} and ${columns[j]}: ${said(estimate, unit)}`);
}

/** How deep the colour is, 0 to 1, and on which side of the middle. */
function depth(value, [low, high], middle) {
  const zero = middle ?? low;
  const reach = value >= zero ? high - zero : zero - low;
  return { side: value >= zero ? "above" : "below", part: reach > 0 ? Math.min(Math.abs(value - zero) / reach, 1) : 0 };
}

function brief(value, unit, width, size) {
  if (value === null) return "–";
  const full = unit === "percent" ? `${Math.round(100 * value)}` : written(value, unit);
  return widthOf(full, size) <= width ? full : full.replace(/^(−?)0\./, "$1.");
}
