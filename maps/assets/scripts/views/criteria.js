// The colours of the criteria, and the bar of a score.

import { isKnown } from "../pure/numbers.js";
import { own } from "../pure/tables.js";
import { criteria } from "../state/data.js";
import { scoresOf } from "../state/ranking.js";
import { state } from "../state/store.js";
import { h } from "./elements.js";

const COLOURS = ["#3d7ea6", "#c8811a", "#7d6a9c", "#4b8b5e", "#b1584c", "#6b7c85", "#8f7a2f", "#2f8f8a"];
/** @param {string} name */
export const criterionColour = (name) => COLOURS[criteria.indexOf(name) % COLOURS.length];

// Contributions of the criteria side by side, and a whisker from the low to the high total.
/** @param {SiteScore} score */
export function barParts(score) {
  const { weights } = state;
  const { low, high } = score;
  const parts = scoresOf(score.id);
  const all = criteria.reduce((sum, name) => sum + weights[name], 0);
  const known = score.coverage * all;
  const pieces = criteria.filter((name) => known > 0 && isKnown(own(parts, name, null)?.value)).map((name) =>
    h("span", { class: "piece", style: { width: `${(100 * weights[name] * (parts[name].value ?? 0)) / known}%`, background: criterionColour(name) } }));
  if (low !== null && high !== null && high > low) {
    pieces.push(h("span", { class: "whisker", style: { left: `${100 * low}%`, width: `${100 * (high - low)}%` } }));
  }
  return pieces;
}
