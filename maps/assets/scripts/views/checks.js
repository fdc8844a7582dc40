// Clauses on siting held against a park: failures first, the unknown folded away.

import { joined } from "../pure/directions.js";
import { shortNumber } from "../pure/numbers.js";
import { data } from "../state/data.js";
import { checksOf, furtherChecksOf, isExcluding } from "../state/lookups.js";
import { inTongue, say, valueWord, word } from "../state/words.js";
import { h } from "./elements.js";

const { reasons } = data.checks; // of all scenarios
const { scenarios } = data.decision;

/** @type {Record<string, string>} */
const CLASSES = { pass: "holds", fail: "fails", unknown: "cannot_be_checked" };

/** @param {Row} row @param {Row} rule */
function figures(row, rule) {
  const unit = rule.unit && rule.unit !== "1" ? ` ${rule.unit}` : "";
  const asked = rule.threshold === undefined || rule.comparison === "named" ? "" : `${rule.comparison ? valueWord(rule.comparison) : ""} ${shortNumber(rule.threshold)}${unit}`.trim();
  if (row.value === null) return asked;
  const band = row.low !== null && row.high !== null && row.low !== row.high ? ` (${shortNumber(row.low)}\u2013${shortNumber(row.high)})` : "";
  return joined([`${shortNumber(row.value)}${band}${unit}`, asked]);
}

/** @param {Row} row */
function checkItem(row) {
  const { rule } = row;
  return h("div", { class: "claim check", "data-rule": rule.rule_id },
    h("p", { class: "claim-head" }, h("span", { class: `verdict ${CLASSES[row.verdict]}` }, valueWord(row.verdict)),
      h("span", {}, inTongue(rule, "name"))),
    h("p", { class: "hint" }, joined([rule.clause, rule.edition, valueWord(rule.strength), figures(row, rule)])),
    h("p", { class: "reason" }, say(reasons[row.reason])));
}

// Clauses of one year: those that are told, the unknown folded away behind them.
/** @param {Row[]} rows */
function listed(rows) {
  const told = ["fail", "pass"].flatMap((verdict) => rows.filter((row) => row.verdict === verdict));
  const open = rows.filter((row) => row.verdict === "unknown");
  return [told.map(checkItem),
    open.length ? h("details", {}, h("summary", {}, `${word("value.unknown")} `, h("span", { class: "count" }, String(open.length))), open.map(checkItem)) : null];
}

// Everything that a park's card says of clauses, also those that hold in another scenario's year
// alone; nothing where no rule applies to it.
/** @param {string} id */
export function checkList(id) {
  const rows = checksOf(id);
  if (!rows.length) return null;
  const others = scenarios.map((each) => ({ each, rows: furtherChecksOf(id, each.scenario) })).filter((one) => one.rows.length);
  return h("section", { class: "checks" }, h("h3", {}, word("page.checks"), ` ${data.info.year}`),
    rows.some(isExcluding) ? h("p", { class: "warning" }, word("page.excluded")) : null,
    h("p", { class: "hint" }, word("page.checks_hint")),
    listed(rows),
    others.map((one) => [h("h4", {}, inTongue(one.each, "title")), listed(one.rows)]));
}
