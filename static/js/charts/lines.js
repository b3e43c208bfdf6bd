// Estimates along a number or along time, with their intervals as bars.

import { axisBottom, axisLeft, line, scaleLinear, scaleUtc, utcFormat } from "../../vendor/d3/d3.js";
import { HOLLOW, NARROW, around, axis, canvas, isFew, key, label, mark, roomFor, said, tell, tick, widest } from "./common.js";

const APART = 5; // pixels between the marks of series at the same place

export function lines(data, width, size) {
  const svg = canvas(width, 0, size);
  const few = points(data).some(([, estimate]) => isFew(estimate));
  const names = [...data.series.map(({ name }) => name), few && HOLLOW];
  const above = key(svg, names, width, size, (g, i) => (data.series[i] ? mark(g, data.series[i].mark, 0, 0) : mark(g, 0, 0, 0, true)));
  const top = above + (data.yTitle ? size * 1.8 : 8);
  const bottom = top + Math.min(Math.max(width * 0.42, 150), 280);
  const y = scaleLinear(data.span ?? around(heights(data), data.unit), [bottom, top]);
  const ticks = y.ticks(5);
  const left = widest(ticks.map(tick(data.unit)), size) + 14;
  const x = along(data, left + 12, width - 24);
  if (data.yTitle) label(svg, data.yTitle, 0, above + size * 0.7, width, size, "chart-note");
  axes(svg, data, x, y, { left, right: width, bottom, narrow: width < NARROW, size });
  guides(svg, data, y, left, width, size);
  data.series.forEach((series, i) => draw(svg, series, data, x, y, (i - (data.series.length - 1) / 2) * APART));
  const height = bottom + 26 + (data.xTitle ? size * 1.6 : 0);
  return svg.attr("height", height).attr("viewBox", `0 0 ${width} ${height}`);
}

const points = ({ series }) => series.flatMap((each) => each.points);
const heights = (data) => points(data).flatMap(([, [value, low, high]]) => [value, low, high]).concat(data.guides.map(([at]) => at));

function along(data, left, right) {
  const all = points(data).map(([x]) => x);
  const [low, high] = all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
  const room = high > low ? 0 : data.time ? 3600 : 1;
  if (!data.time) return scaleLinear([low - room, high + room], [left, right]);
  const time = scaleUtc([1000 * (low - room), 1000 * (high + room)], [left, right]);
  return Object.assign((seconds) => time(1000 * seconds), { axis: time });
}

function axes(svg, data, x, y, { left, right, bottom, narrow, size }) {
  const across = axisBottom(x.axis ?? x).ticks(data.time ? (narrow ? 3 : 6) : roomFor(x, 6, "number", size)).tickSizeOuter(0);
  axis(svg, across.tickFormat(data.time ? moment(x.axis) : tick("number")), bottom);
  const up = axis(svg, axisLeft(y).ticks(5).tickFormat(tick(data.unit)).tickSize(left - right), 0).attr("transform", `translate(${left},0)`);
  up.classed("grid", true).select(".domain").remove();
  if (data.xTitle) label(svg, data.xTitle, right, bottom + 26 + size * 0.6, right - left, size, "chart-note").attr("text-anchor", "end");
}

const HOURS = 3_600_000;

/** Seconds, hours, days or months, whichever tell the ticks apart. */
function moment(scale) {
  const [first, last] = scale.domain();
  const hours = (last - first) / HOURS;
  return utcFormat(hours < 1 ? "%H:%M:%S" : hours < 72 ? "%b %-d %H:%M" : hours < 24 * 300 ? "%b %-d" : "%b %Y");
}

function guides(svg, data, y, left, right, size) {
  for (const [at, text] of data.guides) {
    svg.append("line").attr("class", "chart-reference").attr("x1", left).attr("x2", right).attr("y1", y(at)).attr("y2", y(at));
    label(svg, text, right - 2, y(at) - size * 0.7, right - left, size, "chart-note").attr("text-anchor", "end");
  }
}

function draw(svg, series, { unit }, x, y, shift) {
  const group = svg.append("g").attr("class", "chart-series");
  const path = line().defined(([, [value]]) => value !== null).x(([at]) => x(at) + shift).y(([, [value]]) => y(value));
  if (series.joined) group.append("path").attr("class", `chart-line m${series.mark % 6}`).attr("d", path(series.points));
  for (const [at, estimate] of series.points) {
    const [value, low, high] = estimate;
    if (value === null) continue;
    const point = group.append("g");
    const limits = point.append("line").attr("class", `chart-limits thin m${series.mark % 6}`).attr("x1", x(at) + shift).attr("x2", x(at) + shift);
    limits.attr("y1", y(low ?? value)).attr("y2", y(high ?? value));
    mark(point, series.mark, x(at) + shift, y(value), isFew(estimate), 44);
    tell(point, `${series.name ? `${series.name}: ` : ""}${said(estimate, unit)}`);
  }
}
