// The scenarios of the plan side by side, and what is another in each than in the base.

import { shortNumber } from "../pure/numbers.js";
import { BASE, data, findRow, indexIn, layerAtFirst, variantNamed } from "../state/data.js";
import { change, onChange, state } from "../state/store.js";
import { fill, ofHundred, placeName, inTongue, named, word } from "../state/words.js";
import { $, findAll, firstOf, folded, h, unfold, whenOpen } from "./elements.js";

const { scenarios, changes } = data.decision;

const KINDS = ["rank", "score", "rtt", "routes", "site", "cost"];

/** @param {string} name @returns {Row} */
export const scenarioNamed = (name) => scenarios.find((row) => row.scenario === name) ?? { scenario: name };
// Which one is shown, on what is taken along; nothing where there is one alone, which the head names.
export const scenarioLine = () => (scenarios.length < 2 ? ""
  : named("page.scenario", inTongue(scenarioNamed(state.scenario), "title") ?? state.scenario));
// The name of a feature of the base, also of one that the shown scenario lacks.
/** @param {string} layer @param {string | null} id @returns {string | null} */
export function nameAtFirst(layer, id) {
  const found = layerAtFirst(layer);
  const row = found.rows[indexIn(found, id)];
  return row ? inTongue(row, "name") : id;
}
// What was not computed for the scenario that is shown, and so is told of the base.
export const noteOfBase = () => (state.scenario === BASE ? ""
  : h("p", { class: "hint of-base" }, fill("page.scenario_of_base", { title: inTongue(scenarioNamed(BASE), "title") ?? BASE })));

/** @param {string[]} keys @param {string} otherwise */
const wordOf = (keys, otherwise) => {
  const key = keys.find((one) => Object.hasOwn(data.words, one));
  return key ? word(key) : otherwise;
};

/** @param {string} kind @param {any} value */
function spell(kind, value) {
  if (kind === "site") return word(value === null ? "value.no" : "value.yes");
  if (value === null) return "–";
  if (kind === "rtt") return value.toFixed(2);
  return kind === "score" ? value.toFixed(3) : shortNumber(value);
}

/** @param {Row} row */
function changeItem(row) {
  const what = ["rank", "score", "rtt", "site"].includes(row.kind) ? null
    : h("small", {}, ` ${wordOf([`field.${row.quantity}`, `cost.${row.quantity}`], row.quantity)}`);
  const unit = row.unit === "1" ? "" : ` ${row.unit}`;
  return h("li", { "data-change": row.kind },
    h("span", {}, inTongue(row, "name"), what),
    h("span", { class: "change-value", title: `${row.before} → ${row.after}` }, `${spell(row.kind, row.before)} → ${spell(row.kind, row.after)}${unit}`));
}

/** @param {string} kind @param {Row[]} rows */
function changeGroup(kind, rows) {
  if (!rows.length) return null;
  const title = kind === "rtt" ? fill("change.rtt", { place: placeName(rows[0].quantity) }) : word(`change.${kind}`);
  return [h("h3", {}, title), h("ul", { class: "changes" }, firstOf(rows, changeItem, "li"))];
}

// What a scenario changes, folded; nothing of the base.
/** @param {Row} scenario */
export function changeList(scenario) {
  const rows = changes.filter((row) => row.scenario === scenario.scenario);
  if (!rows.length) return null;
  return folded("more", fill("page.changes_of", { n: rows.length }), () => [
    ...KINDS.map((kind) => changeGroup(kind, rows.filter((row) => row.kind === kind))),
    rows.length < scenario.n_changes ? h("p", { class: "hint" }, fill("page.changes_rest", { n: scenario.n_changes - rows.length })) : null]);
}

// Leads to the scenario on the map, and back to the base from there.
/** @param {Row} row */
function showButton({ scenario: name }) {
  if (name !== BASE && !variantNamed(name)) return null;
  const isShown = state.scenario === name;
  return h("button", { type: "button", class: "plain-button", "data-show": name, "aria-pressed": String(isShown),
    onclick: () => change({ scenario: isShown ? BASE : name, difference: true }) }, word(isShown ? "page.scenario_shown" : "page.scenario_show"));
}

/** @param {Row} row */
function firstPark(row) {
  const park = row.first_id ? findRow("parks", row.first_id) : null;
  // A park that the shown scenario lacks has no card.
  if (!park) return nameAtFirst("parks", row.first_id) ?? "–";
  return h("button", { type: "button", class: "link", onclick: () => change({ site: park.park_id, cable: null }, { origin: "list" }) },
    inTongue(park, "name"));
}

/** @param {Row} row */
function scenarioBody(row) {
  const why = inTongue(row, "why"), list = changeList(row);
  return h("tbody", { "data-scenario": row.scenario },
    h("tr", {}, h("th", { scope: "rowgroup", colspan: "3" }, inTongue(row, "title"), why ? h("small", { class: "why" }, why) : null, showButton(row))),
    h("tr", {}, h("td", {}, firstPark(row)),
      h("td", {}, row.first_share === null ? "–" : ofHundred(row.first_share)), h("td", {}, String(row.n_changes))),
    list ? h("tr", {}, h("td", { colspan: "3" }, list)) : null);
}

function fillScenarios() {
  const heads = ["page.scenario_first", "page.scenario_share", "page.scenario_changes"];
  const open = new Set(findAll("tbody:has(details[open])", $("scenarios")).map((one) => one.dataset.scenario));
  $("scenarios").replaceChildren(h("table", { class: "trips scenarios" },
    h("thead", {}, h("tr", {}, heads.map((key) => h("th", { scope: "col" }, word(key))))), scenarios.map(scenarioBody)));
  for (const body of findAll("tbody", $("scenarios"))) {
    const list = body.querySelector("details");
    if (list && open.has(body.dataset.scenario)) unfold(list);
  }
}

function refill() {
  $("scenarios-section").hidden = scenarios.length < 2;
  $("scenarios-count").textContent = String(scenarios.length);
  whenOpen($("scenarios-section"), refillTable);
}

// The button that was pressed is another afterwards, and keeps the focus.
function refillTable() {
  const pressed = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.show;
  fillScenarios();
  findAll("[data-show]", $("scenarios")).find((one) => one.dataset.show === pressed)?.focus({ preventScroll: true });
}

export const startScenarios = () => onChange((changed) => changed.has("lang") && refill());
