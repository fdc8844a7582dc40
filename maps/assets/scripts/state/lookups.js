// Rows of the long tables by what they speak of.

import { own } from "../pure/tables.js";
import { data } from "./data.js";

const ROUTE = ["from_id", "apart", "route"];

/** @param {Row} row */
export const routeKey = (row) => ROUTE.map((field) => row[field]).join(" ");
/** @param {string | null} target @param {string | null} key */
export const routeOf = (target, key) => data.disjoint.find((row) => row.to_id === target && routeKey(row) === key) || null;
/** @param {Row} a @param {Row} b */
export const byRoundTrip = (a, b) => a.rtt_ms - b.rtt_ms;

// The clauses that apply to a park, each with its verdict; `rule` is the clause.
/** @param {string} id @returns {Row[]} */
export const checksOf = (id) => {
  const { fields, rules, sites } = data.checks;
  return own(sites, id, []).map((row) => {
    const check = /** @type {Row} */ (Object.fromEntries(fields.map((field, i) => [field, row[i]])));
    return { ...check, rule: rules[check.rule] };
  });
};
/** @param {Row} row */
export const isExcluding = (row) => row.excludes === "yes";
const excluded = new Set(Object.keys(data.checks.sites).filter((id) => checksOf(id).some((row) => !row.rule.scenario && isExcluding(row))));
/** @param {string} id */
export const isExcluded = (id) => excluded.has(id);
