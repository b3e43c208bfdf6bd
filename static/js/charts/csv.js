// The numbers of a chart as CSV: a line an estimate, numbers as they are, and nothing that a spreadsheet would run.

const ESTIMATE = ["value", "low", "high", "n", "why"];

const ROWS = {
  forest: (data) => [["label", "kind", ...ESTIMATE, "note"], ...data.rows.map((row) => [row.label, data.marks[row.mark] ?? "", ...row.estimate, row.note])],
  matrix: (data) => [["row", "column", ...ESTIMATE], ...data.cells.flatMap((row, i) => row.map((estimate, j) => [data.rows[i], data.columns[j], ...estimate]))],
  stack: (data) => [["row", "part", "share", "n"], ...data.shares.flatMap((row, i) => row.map((share, j) => [data.rows[i], data.parts[j], share, data.n[i]]))],
  lines: (data) => [["series", data.time ? "time" : "x", ...ESTIMATE], ...data.series.flatMap((series) => series.points.map(([x, estimate]) => [series.name, data.time ? new Date(1000 * x).toISOString() : x, ...estimate]))],
};

/** The whole file. */
export const csv = (data) => ROWS[data.type](data).map((row) => `${row.map(cell).join(",")}\r\n`).join("");

function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
