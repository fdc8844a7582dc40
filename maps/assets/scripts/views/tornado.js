// What the first place hangs on and what sets the parks apart, as tables that are pictures.

import { percent, shortNumber } from "../pure/numbers.js";
import { data, findRow } from "../state/data.js";
import { criterionTitle, fill, inTongue, say, word } from "../state/words.js";
import { criterionColour } from "./criteria.js";
import { h } from "./elements.js";

const { assumptions, spread } = data.decision;

const N_SHOWN = 12; // the numbers that move the lead most

const points = (/** @type {number} */ lead) => (lead < 0 ? "−" : "+") + Math.abs(lead).toFixed(3);

/** @param {Row} row */
function reach(row) {
  const scale = row.kind === "weight" || row.kind === "share" ? 100 : 1;
  const unit = scale === 100 ? "\u2009%" : row.unit === "1" ? "" : ` ${row.unit}`;
  return `${shortNumber(scale * row.low)} – ${shortNumber(scale * row.high)}${unit}`;
}

// The leads at both ends on one scale; what lies below nil is another park's.
/** @param {Row} row @param {number} least @param {number} most */
function bar(row, least, most) {
  const at = (/** @type {number} */ lead) => (100 * (lead - least)) / (most - least);
  const low = Math.min(row.lead, row.lead_low, row.lead_high), high = Math.max(row.lead, row.lead_low, row.lead_high);
  const piece = (/** @type {string} */ name, /** @type {number} */ from, /** @type {number} */ to) =>
    (from < to ? h("span", { class: `swing ${name}`, style: { left: `${at(from)}%`, width: `${at(to) - at(from)}%` } }) : null);
  return h("div", { class: "swing-track", "aria-hidden": "true" },
    piece("lost", low, Math.min(high, 0)), piece("kept", Math.max(low, 0), high),
    h("span", { class: "swing-line nil", style: { left: `${at(0)}%` } }),
    h("span", { class: "swing-line now", style: { left: `${at(row.lead)}%` } }));
}

/** @param {Row} row */
function rival(row) {
  const park = row.new_first_id && findRow("parks", row.new_first_id);
  return park ? h("small", { class: "rival" }, fill("page.tornado_rival", { park: inTongue(park, "name") })) : null;
}

// Every assumed number that moves the lead, moved alone over its range.
export function tornado() {
  const moving = assumptions.filter((row) => row.lead_low !== null && (row.lead_low !== row.lead || row.lead_high !== row.lead));
  if (!moving.length) return null;
  const shown = moving.slice(0, N_SHOWN);
  const leads = shown.flatMap((row) => [row.lead, row.lead_low, row.lead_high, 0]);
  const least = Math.min(...leads), most = Math.max(...leads);
  return h("table", { class: "swings tornado" },
    h("caption", {}, fill("page.tornado", { n: shown.length, lead: points(shown[0].lead) })),
    h("thead", { class: "sr-only" }, h("tr", {}, ["page.tornado_number", "page.tornado_lead"].map((key) => h("th", { scope: "col" }, word(key))))),
    h("tbody", {}, shown.map((row) => h("tr", { "data-parameter": row.parameter, "data-turns": row.turns },
      h("th", { scope: "row" }, inTongue(row, "title"), " ", h("small", {}, reach(row))),
      h("td", {}, bar(row, least, most),
        h("span", { class: "swing-ends" }, h("span", {}, `${points(row.lead_low)} … ${points(row.lead_high)}`), rival(row)))))),
    h("tfoot", {}, h("tr", {}, h("td", { colspan: "2" }, h("span", { class: "hint" }, fill("page.tornado_rest", { n: assumptions.length - shown.length }))))));
}

// How much of the spread of the totals each measure makes, beside what it weighs.
export function spreadBars() {
  const rows = spread.filter((row) => row.share !== null);
  if (!rows.length) return null;
  const most = Math.max(...rows.map((row) => Math.max(row.share, row.weight)));
  const wide = (/** @type {number} */ share) => ({ width: `${(100 * Math.max(share, 0)) / most}%` });
  return h("table", { class: "swings spread" },
    h("caption", {}, word("page.spread")),
    h("thead", { class: "sr-only" }, h("tr", {}, ["page.spread_measure", "page.spread_shares"].map((key) => h("th", { scope: "col" }, word(key))))),
    h("tbody", {}, [...rows].sort((a, b) => b.share - a.share).map((row) => h("tr", { "data-measure": row.measure_id },
      h("th", { scope: "row" }, titleOfMeasure(row), " ", h("small", {}, criterionTitle(row.criterion))),
      h("td", {}, h("div", { class: "shares", "aria-hidden": "true" },
        h("span", { class: "share made", style: { ...wide(row.share), background: criterionColour(row.criterion) } }),
        h("span", { class: "share weighed", style: wide(row.weight) })),
      h("span", { class: "swing-ends" }, fill("page.spread_of", { share: percent(row.share), weight: percent(row.weight) })))))));
}

/** @param {Row} row */
function titleOfMeasure(row) {
  const criterion = data.info.criteria.find((one) => one.name === row.criterion);
  const measure = criterion && criterion.measures.find((/** @type {Row} */ one) => one.id === row.measure_id);
  return measure ? say(measure.title) : row.measure_id;
}
