// A chart as a file: an SVG or PNG that stands alone, with its title and sentence, or its numbers as CSV.

import { csv } from "./csv.js";
import { fitted, widthOf } from "./common.js";
import { dataOf } from "./figure.js";

const LOOK = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "font-style", "text-anchor", "paint-order"];
const PAINT = new Set(["fill", "stroke"]);
const SPACE = 16;
const SVG = "http://www.w3.org/2000/svg";

export async function save(figure, form) {
  const data = dataOf(figure);
  if (form === "csv") return give(new Blob([csv(data)], { type: "text/csv;charset=utf-8" }), `${data.id}.csv`);
  const picture = alone(figure, data);
  const text = new XMLSerializer().serializeToString(picture);
  if (form === "svg") return give(new Blob([text], { type: "image/svg+xml" }), `${data.id}.svg`);
  return give(await painted(text, picture), `${data.id}.png`);
}

function give(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The drawing with its looks written into it, on the background of the theme, below its title and sentence. */
function alone(figure, data) {
  const drawn = figure.querySelector(".chart-svg");
  const copy = drawn.cloneNode(true);
  const originals = [drawn, ...drawn.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((node, i) => inline(node, getComputedStyle(originals[i])));
  const style = getComputedStyle(figure.querySelector(".chart-drawing"));
  const size = parseFloat(style.fontSize);
  const width = Math.max(Number(drawn.getAttribute("width")), 320);
  const head = [
    ...lined(data.title, width, size * 1.15).map((text) => ({ text, size: size * 1.15, weight: 650 })),
    ...lined(data.sentence, width, size).map((text) => ({ text, size, weight: 400 })),
  ];
  const top = head.reduce((sum, line) => sum + line.size * 1.45, 0) + SPACE / 2;
  const height = Number(drawn.getAttribute("height")) + top;
  return framed({ copy, head, top, width: width + 2 * SPACE, height: height + 2 * SPACE, style, data });
}

function framed({ copy, head, top, width, height, style, data }) {
  const frame = made("svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  frame.append(Object.assign(made("title"), { textContent: data.title }), Object.assign(made("desc"), { textContent: data.sentence }));
  frame.append(made("rect", { width, height, fill: hex(style.backgroundColor) }));
  let y = SPACE;
  for (const line of head) {
    y += line.size * 1.2;
    const look = { x: SPACE, y, fill: hex(style.color), "font-size": line.size, "font-weight": line.weight, "font-family": style.fontFamily };
    frame.append(Object.assign(made("text", look), { textContent: line.text }));
    y += line.size * 0.25;
  }
  for (const [name, value] of [["x", SPACE], ["y", SPACE + top]]) copy.setAttribute(name, value);
  frame.append(copy);
  return frame;
}

function made(name, attributes = {}) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function inline(node, style) {
  node.removeAttribute("class");
  node.removeAttribute("style");
  if (node.tagName === "title" || node.tagName === "defs") return;
  for (const name of LOOK) {
    const value = style.getPropertyValue(name);
    if (!value || value.startsWith("url(")) continue;
    node.setAttribute(name, PAINT.has(name) && value !== "none" ? hex(value) : value);
  }
}

const dot = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });

/** Any colour that the browser knows, as every program knows it. */
function hex(colour) {
  dot.clearRect(0, 0, 1, 1);
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = dot.getImageData(0, 0, 1, 1).data;
  return alpha ? `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}` : "none";
}

/** The text in lines that fit. */
function lined(text, width, size) {
  const rows = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = rows.length ? `${rows.at(-1)} ${word}` : word;
    if (rows.length && widthOf(longer, size) <= width) rows[rows.length - 1] = longer;
    else rows.push(fitted(word, width, size));
  }
  return rows;
}

async function painted(text, picture) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const scale = 2;
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = ["width", "height"].map((side) => Math.ceil(scale * picture.getAttribute(side)));
  sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
  return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
}
