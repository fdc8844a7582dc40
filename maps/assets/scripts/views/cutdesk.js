// The desk for cuts: what is cut, and what that does to whom.

import { joined } from "../pure/directions.js";
import { shortNumber } from "../pure/numbers.js";
import { canUndoCut, cutChanges, routesLeft, toggleCut, undoCut } from "../state/cuts.js";
import { cutSummary, isRankedPark, unitKind, unitName } from "../state/cutwords.js";
import { findRow } from "../state/data.js";
import { hasCables } from "../state/graphs.js";
import { change, onChange, openFeature, state } from "../state/store.js";
import { fill, placeName, word } from "../state/words.js";
import { startCircles } from "./cutcircle.js";
import { makePicker } from "./cutpicker.js";
import { $, focused, h } from "./elements.js";

const MOST_ROWS = 5;

// ---------------------------------------------------------------- what is cut

/** @param {string} id */
const chip = (id) => h("li", { class: "cut-chip", "data-unit": id },
  h("span", {}, `${unitKind(id)} ${unitName(id)}`),
  h("button", { type: "button", "aria-label": fill("page.cut_remove", { name: unitName(id) }), title: word("page.cut_restore"), onclick: () => toggleCut(id) }, "×"));

const chips = () => h("ul", { class: "cut-chips", "aria-label": word("page.cut") }, state.cuts.map(chip));

// ---------------------------------------------------------------- what it does

/** @param {[number, number]} range */
const range = ([low, high]) => (low === high ? String(low) : `${low}–${high}`);
/** @param {number | null} ms */
const time = (ms) => (ms === null ? word("page.isolated") : `${shortNumber(ms)} ms`);

// The cables that must be cut to part it from the target: of a park those of its node.
/** @param {string} id */
const routesOf = (id) => routesLeft(findRow("parks", id)?.node_id ?? id, state.target);

/** @param {Change} one */
function changeRow({ id, before, after, isCutOff }) {
  const routes = routesOf(id);
  const open = () => (findRow("parks", id) ? change({ site: id, cable: null }, { origin: "list" }) : openFeature("nodes", id));
  return h("tr", { "data-changed": id, class: isCutOff ? "off" : null },
    h("th", { scope: "row" }, h("button", { type: "button", class: "link", onclick: open }, placeName(id))),
    h("td", {}, time(before.rtt_ms)), h("td", {}, time(after.rtt_ms)),
    h("td", {}, routes ? `${range(routes.before)} → ${range(routes.after)}` : "–"));
}

/** @param {Change[]} rows */
const changeTable = (rows) => h("table", { class: "cut-changes" },
  h("thead", {}, h("tr", {}, ["page.cut_place", "page.cut_before", "page.cut_after", "page.cut_routes"].map((key) => h("th", { scope: "col" }, word(key))))),
  h("tbody", {}, rows.map(changeRow)));

function results() {
  const all = cutChanges(state.target);
  const parks = all.filter((one) => isRankedPark(one.id)), others = all.filter((one) => !isRankedPark(one.id));
  const first = parks.slice(0, MOST_ROWS), rest = [...parks.slice(MOST_ROWS), ...others];
  return [
    h("p", { class: "cut-target" }, fill("page.cut_to", { place: placeName(state.target ?? "") })),
    ...cutSummary().map((text) => h("p", { class: "cut-told" }, text)),
    first.length ? changeTable(first) : null,
    rest.length ? h("details", { class: "more" }, h("summary", {}, fill("page.cut_rest", { n: rest.length })), changeTable(rest)) : null,
    h("p", { class: "hint" }, word("page.cut_scores")),
  ];
}

// ---------------------------------------------------------------- the desk

let drawCircle = () => {};

function fillTools() {
  const circle = h("button", { type: "button", class: "plain-button", id: "cut-circle", onclick: () => drawCircle() }, word("page.cut_draw"));
  $("cut-tools").replaceChildren(makePicker(), circle);
}

function fillResult() {
  const hasCuts = state.cuts.length > 0;
  const undo = h("button", { type: "button", class: "plain-button", id: "cut-undo", disabled: !canUndoCut(), onclick: undoCut }, word("page.cut_undo"));
  const reset = h("button", { type: "button", class: "plain-button", id: "cut-reset", onclick: () => change({ cuts: [] }) }, word("page.cut_reset"));
  const had = focused()?.id;
  $("cut-actions").replaceChildren(...(hasCuts || canUndoCut() ? [undo, ...(hasCuts ? [reset] : [])] : []));
  $("cut-result").replaceChildren(...(hasCuts ? [chips(), ...results()].filter((child) => child !== null) : []));
  $("cut-news").textContent = hasCuts ? joined(cutSummary()) : "";
  if (had === "cut-undo" || had === "cut-reset") (document.getElementById(had) ?? document.getElementById("cut-field"))?.focus();
}

function fillDesk() {
  $("cut-section").hidden = !hasCables();
  fillTools();
  fillResult();
}

export function startCutDesk() {
  if (hasCables()) drawCircle = startCircles();
  onChange((changed) => {
    if (changed.has("lang")) fillDesk();
    else if (changed.has("cuts") || changed.has("target")) fillResult();
  });
}

