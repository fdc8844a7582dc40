// Tables as text that a spreadsheet opens and takes no formula from, as Python writes them (layers/writer.py).

const BOM = "\ufeff"; // Excel needs it for Chinese
const NUMBER = /^[+-]?[0-9]+(\.[0-9]+)?$/;
// What shows nothing is passed over by some spreadsheets before they look at a cell.
const UNSEEN = /^[\p{Z}\p{C}\s]*/u;
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Cs}/gu;

/** @param {string} line */
function isFormula(line) {
  if (/^[\p{L}\p{N}]/u.test(line)) return false;
  const [first = ""] = line.replace(UNSEEN, "");
  return ["=", "+", "-", "@"].includes(first.normalize("NFKC")[0]);
}

// A text of which a spreadsheet makes no formula: an apostrophe goes before each line that it might take for one.
/** @param {string} text */
export function inert(text) {
  if (NUMBER.test(text)) return text;
  const lines = text.replace(CONTROLS, "\ufffd").replace(/\r\n?/g, "\n").split("\n");
  const mark = /^[\t\r\n]/.test(text) ? "'" : "";
  return mark + lines.map((line) => (isFormula(line) ? `'${line}` : line)).join("\n");
}

/** @param {unknown} value */
function cell(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "number" ? String(value) : inert(String(value));
  return /[",\n\r]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
}

/** @param {string[]} head @param {unknown[][]} rows */
export const csvText = (head, rows) => BOM + [head, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
