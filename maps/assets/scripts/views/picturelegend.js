// The legend of the view as a picture: the signs of what is shown, in columns under the map.

import { data } from "../state/data.js";
import { findAll } from "./elements.js";

/** @typedef { { text: string, bold?: boolean, sign?: SVGSVGElement, stops?: Stop[], badges?: Element[] } } Entry */

const ROW_PX = 19;
const GAP_PX = 6;
const COLUMN_PX = 200;
const SIGN_PX = 36;

/** @param {HTMLElement} layer @returns {Entry[]} */
function entriesOf(layer) {
  const textOf = (/** @type {Element | null} */ one) => one?.textContent ?? "";
  const ramp = data.rasters.find(({ style }) => style.layer === layer.querySelector("input")?.dataset.layer)?.style.stops;
  return [{ text: textOf(layer.querySelector("label")), bold: true },
    ...findAll(".legend-rule", layer).map((rule) => ({ text: textOf(rule), sign: rule.querySelector("svg") ?? undefined })),
    ...(ramp ? [{ text: `${ramp[0].label} – ${ramp[ramp.length - 1].label}`, stops: ramp }] : [])];
}

// What is another in the scenario that is shown, each kind by the letters that stand on the map.
/** @returns {Entry[]} */
function entriesOfDifference() {
  const shown = findAll("#legend-difference:not([hidden])");
  return shown.flatMap((part) => [{ text: part.querySelector("legend")?.textContent ?? "", bold: true },
    ...findAll(".legend-rule", part).map((rule) => ({ text: rule.lastElementChild?.textContent ?? "", badges: [...rule.children].slice(0, -1) }))]);
}

/** @param {Entry[]} entries @param {number} n_columns @returns {Entry[][]} */
function inColumns(entries, n_columns) {
  const most = Math.ceil(entries.length / n_columns);
  /** @type {Entry[][]} */
  const columns = [[]];
  for (const entry of entries) {
    const last = columns[columns.length - 1];
    // A layer's name does not stand at the foot of a column without its signs.
    if (last.length >= most || (entry.bold && last.length === most - 1 && most > 1)) columns.push([entry]);
    else last.push(entry);
  }
  return columns;
}

/** @param {CanvasRenderingContext2D} ink @param {string} text @param {number} width */
function fit(ink, text, width) {
  if (ink.measureText(text).width <= width) return text;
  const signs = [...text];
  while (signs.length && ink.measureText(`${signs.join("")}…`).width > width) signs.pop();
  return `${signs.join("")}…`;
}

// How high it is at a width, and what draws it.
/** @param {number} width */
export function layOutLegend(width) {
  const shown = findAll(".legend-layer").filter((layer) => layer.querySelector("input")?.checked);
  const entries = [...shown.flatMap(entriesOf), ...entriesOfDifference()];
  const columns = inColumns(entries, Math.max(1, Math.floor(width / COLUMN_PX)));
  /**
   * @param {CanvasRenderingContext2D} ink @param {number} left @param {number} top @param {string} font
   * @param { { painted: (sign: SVGSVGElement, width: number, height: number) => Promise<HTMLImageElement>,
   *   drawBadge: (ink: CanvasRenderingContext2D, badge: Element, box: { left: number, top: number, width: number, height: number }) => void } } by
   */
  async function draw(ink, left, top, font, { painted, drawBadge }) {
    const column_px = width / columns.length;
    for (const [k, column] of columns.entries()) {
      for (const [i, { text, bold, sign, stops, badges }] of column.entries()) {
        const x = left + k * column_px, y = top + (i + 0.5) * ROW_PX;
        if (sign) {
          const [w, h] = [Number(sign.getAttribute("width")), Number(sign.getAttribute("height"))];
          ink.drawImage(await painted(sign, w, h), x + (SIGN_PX - w) / 2, y - h / 2, w, h);
        }
        if (stops) {
          const [from, to] = [stops[0].value, stops[stops.length - 1].value];
          const ramp = ink.createLinearGradient(x, y, x + SIGN_PX - 4, y);
          for (const stop of stops) ramp.addColorStop((stop.value - from) / (to - from), stop.colour);
          const before = ink.fillStyle;
          ink.fillStyle = ramp;
          ink.fillRect(x, y - 5, SIGN_PX - 4, 10);
          ink.fillStyle = before;
        }
        const before = ink.fillStyle;
        const wide = (SIGN_PX - 4) / (badges?.length ?? 1);
        badges?.forEach((badge, at) => drawBadge(ink, badge, { left: x + at * wide, top: y - 8, width: Math.min(wide, 24), height: 16 }));
        ink.fillStyle = before;
        const indent = bold ? 0 : SIGN_PX + 4;
        ink.font = bold ? `700 ${font}` : font;
        ink.fillText(fit(ink, text, column_px - indent - 8), x + indent, y);
      }
    }
    ink.font = font;
  }
  return { height: entries.length ? GAP_PX + ROW_PX * Math.max(...columns.map((column) => column.length)) : 0, draw };
}
