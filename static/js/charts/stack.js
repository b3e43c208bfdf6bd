// Shares of a whole: a bar a row, its parts told apart by colour, pattern and number.

import { NARROW, canvas, key, label, tell, widest, widthOf, written } from "./common.js";

export function stack(data, width, size) {
  const narrow = width < NARROW;
  const counts = data.n.map((n) => `n\u00a0${n.toLocaleString("en")}`);
  const said = widest(counts, size) + 10;
  const names = narrow ? 0 : Math.min(widest(data.rows, size) + 14, width * 0.32);
  const bar = size * 1.9;
  const row = narrow ? size * 3.9 : size * 2.5;
  const svg = canvas(width, 0, size);
  patterns(svg, data.id, data.parts.length);
  const top = key(svg, data.parts, width, size, (g, i) => box(g, data.id, i, -7, -7, 14, 14));
  data.rows.forEach((name, i) => {
    const y = top + i * row;
    const at = narrow ? y + size * 1.7 : y + (row - bar) / 2;
    label(svg, name, 0, narrow ? y + size * 0.8 : at + bar / 2, narrow ? width - said : names - 12, size);
    label(svg, counts[i], width, narrow ? y + size * 0.8 : at + bar / 2, said, size, "chart-numbers-said").attr("text-anchor", "end");
    shares(svg, data, i, { left: names, right: narrow ? width : width - said, y: at, bar }, size);
  });
  const height = top + data.rows.length * row + 4;
  return svg.attr("height", height).attr("viewBox", `0 0 ${width} ${height}`);
}

function shares(svg, { id, parts, rows, shares: table }, i, { left, right, y, bar }, size) {
  let x = left;
  table[i].forEach((share, part) => {
    const wide = share * (right - left);
    if (wide <= 0) return;
    const group = svg.append("g").attr("class", "chart-share");
    box(group, id, part, x, y, wide, bar);
    const text = `${Math.round(100 * share)}\u00a0%`;
    if (widthOf(text, size) + 8 <= wide) {
      group.append("text").attr("x", x + wide / 2).attr("y", y + bar / 2).attr("dy", "0.35em").attr("text-anchor", "middle").text(text);
    }
    tell(group, `${rows[i]}, ${parts[part]}: ${written(share, "percent")}`);
    x += wide;
  });
}

function box(parent, id, part, x, y, width, height) {
  const of = (css) => parent.append("rect").attr("class", css).attr("x", x).attr("y", y).attr("width", width).attr("height", height);
  of(`chart-part m${part % 6}`);
  if (LINES[part % LINES.length]) of("chart-pattern").attr("fill", `url(#${id}-pattern-${part % LINES.length})`);
}

const LINES = [null, "M0,8L8,0", "M4,4h0.01", "M0,0L8,8", "M0,4H8", "M4,0V8M0,4H8"];

function patterns(svg, id, count) {
  const defs = svg.append("defs");
  LINES.slice(0, count).forEach((path, i) => {
    if (!path) return;
    const pattern = defs.append("pattern").attr("id", `${id}-pattern-${i}`).attr("width", 8).attr("height", 8).attr("patternUnits", "userSpaceOnUse");
    pattern.append("path").attr("class", `chart-pattern-line m${i}`).attr("d", path);
  });
}
