// The row above the ranking: the load that is asked for, and what parks are filtered by.

import { oneScript } from "../pure/clauses.js";
import { joined } from "../pure/directions.js";
import { readLoad } from "../pure/request.js";
import { verdictOn } from "../state/asking.js";
import { data, findLayer } from "../state/data.js";
import { filterNames, filterValues, findClause, isFiltered, isWanted, setFilter } from "../state/filters.js";
import { change, state } from "../state/store.js";
import { cityName, fill, inTongue, valueWord, word } from "../state/words.js";
import { $, findAll, h } from "./elements.js";
import { stage, findDrawn, isShown } from "./stage.js";

/** @type {Record<string, string>} */
const TITLES = {
  level: "page.filter_level", city: "page.filter_city", grid: "page.filter_grid", status: "page.filter_status",
  rule: "page.filter_rule", verdict: "page.filter_verdict", carry: "page.filter_carry",
};
/** @type {Map<string, HTMLSelectElement>} */
const selects = new Map();
/** @type {HTMLInputElement} */
let input;

/** @param {string} name @param {string} value */
function optionText(name, value) {
  if (name === "level" || name === "status") return valueWord(value);
  if (name === "city") return cityName(findLayer("parks").rows.find((row) => row.city === value) ?? {}) ?? value;
  if (name === "grid") return oneScript(value, state.lang === "zh");
  if (name === "verdict") return valueWord(value);
  const clause = name === "rule" ? findClause(value) : null;
  return clause ? joined([inTongue(clause, "name") ?? value, clause.edition]) : value;
}

// How many parks say what to the load; the second choice takes in the first.
function carryTexts() {
  const verdicts = Object.keys(data.request?.sites ?? {}).map(verdictOn);
  const count = (/** @type {string} */ wanted) => verdicts.filter((one) => one === wanted).length;
  return filterValues.carry.map((value) => (value === "may"
    ? fill("page.filter_may", { n: count("can") + count("may") })
    : fill("page.filter_count", { text: valueWord(value), n: count(value) })));
}

export function startFilters() {
  for (const name of filterNames) {
    if (filterValues[name].length < (name === "carry" || name === "rule" ? 1 : 2)) continue;
    const select = h("select", { id: `filter-${name}`, "data-filter": name, onchange: () => setFilter(name, select.value) });
    selects.set(name, select);
    if (name === "carry") $("request-line").append(select);
    else $("filter-fields").append(h("label", { for: select.id, "data-filter-label": name }), select);
  }
  $("filters").hidden = ![...selects.keys()].some((name) => name !== "carry");
  $("clear-filters").addEventListener("click", () => change({ filters: {} }));
  $("request-line").hidden = !data.request;
  if (!data.request) return;
  input = h("input", {
    type: "number", id: "demand", min: "1", step: "any", inputmode: "decimal",
    oninput: () => {
      const demand = readLoad(input.value);
      if (demand !== null) change({ demand });
    },
  });
  $("request-label").after(input);
}

function fillCarry() {
  const select = selects.get("carry");
  const { request } = data;
  if (!request || !select) return;
  if (readLoad(input.value) !== state.demand) input.value = String(state.demand);
  $("request-label").textContent = request.year === null ? word("page.request_load") : fill("page.request_by", { year: request.year });
  const texts = carryTexts();
  select.replaceChildren(h("option", { value: "" }, word("page.filter_any")),
    ...filterValues.carry.map((value, i) => h("option", { value }, texts[i])));
}

export function fillFilters() {
  for (const label of findAll("[data-filter-label]")) label.textContent = word(TITLES[label.dataset.filterLabel ?? ""]);
  for (const [name, select] of selects) {
    select.setAttribute("aria-label", word(TITLES[name]));
    if (name === "carry") continue;
    select.replaceChildren(h("option", { value: "" }, word("page.filter_all")),
      ...filterValues[name].map((value) => h("option", { value }, optionText(name, value))));
  }
  fillCarry();
  showFilters();
}

export function refillCarry() {
  fillCarry();
  showFilters();
}

export function showFilters() {
  for (const [name, select] of selects) select.value = state.filters[name] ?? "";
  const set = filterNames.filter((name) => state.filters[name] && name !== "carry").length;
  $("filter-title").textContent = set ? fill("page.filter_set", { n: set }) : word("page.filter");
  $("clear-filters").hidden = !isFiltered();
  dimMarkers();
}

// Parks that are filtered out stay on the map, dim: their ranks count.
export function dimMarkers() {
  if (!stage.map || !isShown("parks")) return;
  const { members, rows } = findDrawn("parks");
  const parks = findLayer("parks");
  if (rows !== parks.rows) return; // another scenario's, which are drawn anew
  members.forEach((member, i) => member.getElement()?.classList.toggle("filtered", !isWanted(parks.rows[i].park_id)));
  for (const rank of findAll(".rank-on-map[data-rank-of]")) rank.classList.toggle("filtered", !isWanted(rank.dataset.rankOf ?? ""));
}
