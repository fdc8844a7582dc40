// What a megawatt costs in a park, and at what price of power it breaks even with the first.

import { joined } from "../pure/directions.js";
import { isKnown, shortMoney } from "../pure/numbers.js";
import { listIds } from "../pure/tables.js";
import { data } from "../state/data.js";
import { fill, inTongue, placeName, valueWord, word } from "../state/words.js";
import { citeSources } from "./citing.js";
import { h } from "./elements.js";

/** @param {string} text */
const parts = (text) => listIds(text).map((part) => word(`cost.${part}`)).join(word("page.comma"));

/** @param {Row} row */
function costRow(row) {
  const known = isKnown(row.cost_cny_mw_year);
  const isBand = known && isKnown(row.low_cny_mw_year) && row.low_cny_mw_year < row.high_cny_mw_year;
  const notes = [row.missing ? fill(known ? "page.cost_without" : "page.cost_missing", { parts: parts(row.missing) }) : null,
    known || !row.missing ? inTongue(row, "reason") : null];
  return h("div", { class: `measure ${row.status}`, "data-cost": row.component },
    h("span", { class: "measure-title" }, word(`cost.${row.component}`)),
    h("span", { class: "measure-value", title: known ? String(row.cost_cny_mw_year) : null }, known ? shortMoney(row.cost_cny_mw_year) : word("value.unknown"),
      isBand ? h("small", {}, ` ${shortMoney(row.low_cny_mw_year)}–${shortMoney(row.high_cny_mw_year)}`) : null),
    h("span", { class: "measure-note" }, h("span", { class: `tag ${row.status}` }, valueWord(row.status)), joined(notes), citeSources(row.source_ids)));
}

/** @param {Row} row */
function breakEven(row) {
  const name = placeName(row.other_id);
  const missing = row.missing ? fill("page.bracket", { text: fill("page.not_compared", { parts: parts(row.missing) }) }) : "";
  const text = isKnown(row.price_cny_kwh) ? fill("page.break_even_all", { name, price: row.price_cny_kwh.toFixed(3) })
    : isKnown(row.energy_cny_kwh) ? fill("page.break_even_energy", { name, price: row.energy_cny_kwh.toFixed(3) })
      : isKnown(row.pue_ratio) ? fill("page.break_even_ratio", { name, ratio: row.pue_ratio.toFixed(4) }) : null;
  return text ? h("p", { class: "sentence-line", "data-told": "break_even" }, `${text}${missing}`) : null;
}

/** @param {string} id */
export function costList(id) {
  const { costs, break_evens: breakEvens } = data.decision;
  const rows = costs.filter((row) => row.site_id === id);
  const even = breakEvens.filter((row) => row.site_id === id).map(breakEven);
  if (!rows.length && !even.length) return null;
  // The sums say by name what is not known; why so is folded, for it is long.
  const isSum = (/** @type {Row} */ row) => row.component === "known" || row.component === "total";
  const isBlank = (/** @type {Row} */ row) => row.component === "known" && row.status === "unknown";
  const folded = rows.filter((row) => row.status === "unknown" && !isSum(row));
  return h("section", { class: "costs" }, h("h3", {}, word("page.costs")),
    h("p", { class: "hint" }, word("page.costs_hint")), even,
    rows.filter((row) => !folded.includes(row) && !isBlank(row)).map(costRow),
    folded.length ? h("details", { class: "more" }, h("summary", {}, fill("page.cost_unknown", { n: folded.length })), folded.map(costRow)) : null);
}
