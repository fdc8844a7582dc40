// Rows of the long tables by what they speak of.

import { own } from "../pure/tables.js";
import { base, data } from "./data.js";

const ROUTE = ["from_id", "apart", "route"];

/** @param {Row} row */
export const routeKey = (row) => ROUTE.map((field) => row[field]).join(" ");
/** @param {string | null} target @param {string | null} key */
export const routeOf = (target, key) => base.disjoint.find((row) => row.to_id === target && routeKey(row) === key) || null;
/** @param {Row} a @param {Row} b */
export const byRoundTrip = (a, b) => a.rtt_ms - b.rtt_ms;

/** @param {any[][]} rows @returns {Row[]} */
const toChecks = (rows) => rows.map((row) => {
  const { fields, rules } = data.checks;
  const check = /** @type {Row} */ (Object.fromEntries(fields.map((field, i) => [field, row[i]])));
  return { ...check, rule: rules[check.rule] };
});
// The clauses that apply to a park, each with its verdict; `rule` is the clause.
/** @param {string} id @returns {Row[]} */
export const checksOf = (id) => toChecks(own(data.checks.sites, id, []));
// Those that apply to it in another scenario alone.
/** @param {string} id @param {string} scenario @returns {Row[]} */
export const furtherChecksOf = (id, scenario) => {
  const held = new Set(checksOf(id).map((row) => row.rule));
  const other = own(own(data.checks.scenarios, scenario, {}), id, []);
  return toChecks(other).filter((row) => !held.has(row.rule));
};
/** @param {Row} row */
export const isExcluding = (row) => row.excludes === "yes";
const excluded = new Set(Object.keys(data.checks.sites).filter((id) => checksOf(id).some(isExcluding)));
/** @param {string} id */
export const isExcluded = (id) => excluded.has(id);
