// The decision in words at the head of the panel, and the scenarios side by side.

import { shortNumber } from "../pure/numbers.js";
import { data, findRow } from "../state/data.js";
import { change, isPlanned, onChange } from "../state/store.js";
import { fill, ofHundred, placeName, inTongue, word } from "../state/words.js";
import { $, findAll, h } from "./elements.js";
import { spreadBars, tornado } from "./tornado.js";

const { answers, scenarios, changes } = data.decision;

const N_OPEN = 2; // the answers that stand open at first
const KINDS = ["rank", "score", "rtt", "routes", "site", "cost"];
/** @type {Record<string, () => HTMLElement | null>} */
const PICTURES = { assumed: tornado, spread: spreadBars };
const boxes = new Map();
// ---------------------------------------------------------------- answers

function makeAnswers() {
  $("decision").replaceChildren(...answers.map((row, i) => {
    const box = { title: h("summary"), text: h("p"), picture: h("div", { class: "picture" }) };
    boxes.set(row, box);
    return h("details", { class: "answer", "data-question": row.question, open: i < N_OPEN }, box.title, box.text, box.picture);
  }));
  $("decision-section").hidden = !answers.length;
}

function fillAnswers() {
  for (const [row, { title, text, picture }] of boxes) {
    title.textContent = inTongue(row, "title");
    text.textContent = inTongue(row, "text");
    const made = PICTURES[row.question]?.();
    picture.replaceChildren(...(made ? [made] : []));
  }
}

// ---------------------------------------------------------------- scenarios

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
  return [h("h3", {}, title), h("ul", { class: "changes" }, rows.map(changeItem))];
}

/** @param {Row} scenario */
function changeList(scenario) {
  const rows = changes.filter((row) => row.scenario === scenario.scenario);
  if (!rows.length) return null;
  return h("tr", {}, h("td", { colspan: "3" }, h("details", { class: "more" },
    h("summary", {}, fill("page.changes_of", { n: rows.length })),
    KINDS.map((kind) => changeGroup(kind, rows.filter((row) => row.kind === kind))),
    rows.length < scenario.n_changes ? h("p", { class: "hint" }, fill("page.changes_rest", { n: scenario.n_changes - rows.length })) : null)));
}

/** @param {Row} row */
function firstPark(row) {
  const park = row.first_id ? findRow("parks", row.first_id) : null;
  if (!park) return row.first_id || "–";
  return h("button", { type: "button", class: "link", onclick: () => change({ site: park.park_id, cable: null }, { origin: "list" }) },
    inTongue(park, "name"));
}

/** @param {Row} row */
function scenarioBody(row) {
  const why = inTongue(row, "why");
  return h("tbody", { "data-scenario": row.scenario },
    h("tr", {}, h("th", { scope: "rowgroup", colspan: "3" }, inTongue(row, "title"), why ? h("small", { class: "why" }, why) : null)),
    h("tr", {}, h("td", {}, firstPark(row)),
      h("td", {}, row.first_share === null ? "–" : ofHundred(row.first_share)), h("td", {}, String(row.n_changes))),
    changeList(row));
}

function fillScenarios() {
  $("scenarios-section").hidden = scenarios.length < 2;
  $("scenarios-count").textContent = String(scenarios.length);
  const heads = ["page.scenario_first", "page.scenario_share", "page.scenario_changes"];
  const open = new Set(findAll("tbody:has(details[open])", $("scenarios")).map((one) => one.dataset.scenario));
  $("scenarios").replaceChildren(h("table", { class: "trips scenarios" },
    h("thead", {}, h("tr", {}, heads.map((key) => h("th", { scope: "col" }, word(key))))), scenarios.map(scenarioBody)));
  for (const body of findAll("tbody", $("scenarios"))) {
    const list = body.querySelector("details");
    if (list && open.has(body.dataset.scenario)) list.open = true;
  }
}

export function startDecision() {
  makeAnswers();
  onChange((changed) => {
    if (changed.has("lang")) { fillAnswers(); fillScenarios(); }
    // In the line of the heading: a line of its own would push the slider from under the pointer.
    if (changed.has("weights")) $("decision-moved").hidden = isPlanned();
  });
}
