// The parks that the filters let through; ranks are those among all.

import { carries, joinClauses } from "../pure/clauses.js";
import { own } from "../pure/tables.js";
import { keepInAddress } from "./address.js";
import { verdictOn } from "./asking.js";
import { data, findLayer, findRow } from "./data.js";
import { checksOf } from "./lookups.js";
import { change, state } from "./store.js";

const VERDICTS = ["pass", "fail", "unknown"];
const parks = findLayer("parks");

// The measure whose text names the grid that a park takes its power from.
const GRID_MEASURE = "grid_share";
/** @param {string} id @returns {string | null} */
const gridOf = (id) => own(data.measures, id, []).find((row) => row.measure_id === GRID_MEASURE)?.text_zh ?? null;

/** @type {Map<string, Row[]>} */
const clauses = new Map();
/** @param {string} id */
const clausesOf = (id) => {
  if (!clauses.has(id)) clauses.set(id, checksOf(id).filter((row) => !row.rule.scenario));
  return clauses.get(id) ?? [];
};

/** @param {(row: Row) => string | null | undefined} read */
const distinct = (read) => [...new Set(parks.rows.map((row) => read(row) ?? ""))].filter(Boolean).sort();
const clauseIds = [...new Set(parks.rows.flatMap((row) => clausesOf(row.park_id).map(({ rule }) => rule.rule_id)))].sort();

/** @type {Record<string, string[]>} */
export const filterValues = {
  level: distinct((row) => row.level),
  city: distinct((row) => row.city),
  status: distinct((row) => row.status),
  grid: distinct((row) => gridOf(row.park_id)),
  rule: clauseIds,
  verdict: clauseIds.length ? VERDICTS : [],
  carry: data.request ? ["can", "may", "unknown", "cannot"] : [],
};
export const filterNames = Object.keys(filterValues);
/** @param {string} id @returns {Row | null} */
export const findClause = (id) => data.checks.rules.find((rule) => rule.rule_id === id) ?? null;

/** @param {Row} row @param {Record<string, string>} filters */
function passes(row, { level, city, status, grid, rule, verdict, carry }) {
  if ((level && row.level !== level) || (city && row.city !== city) || (status && row.status !== status)) return false;
  if (grid && gridOf(row.park_id) !== grid) return false;
  if (carry && !carries(verdictOn(row.park_id), carry)) return false;
  if (!rule && !verdict) return true;
  // A clause without a verdict asks for the parks that it speaks of.
  const told = joinClauses(clausesOf(row.park_id).filter((one) => !rule || one.rule.rule_id === rule).map((one) => one.verdict));
  return verdict ? told === verdict : told !== null;
}

export const isFiltered = () => Object.keys(state.filters).length > 0;
/** @param {string} id */
export const isWanted = (id) => !isFiltered() || passes(/** @type {Row} */ (findRow("parks", id)), state.filters);

/** @param {string} name @param {string} value */
export const setFilter = (name, value) => {
  const all = { ...state.filters, [name]: value };
  change({ filters: Object.fromEntries(Object.entries(all).filter(([, one]) => one)) });
};

for (const name of filterNames) {
  keepInAddress(`f.${name}`, ({ filters }) => filters[name] ?? null, (text, read) => {
    if (filterValues[name].includes(text)) read.filters = { ...read.filters, [name]: text };
  });
}
