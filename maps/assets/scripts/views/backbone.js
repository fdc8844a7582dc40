// The backbone's section: independent routes, round trips, cuts and cables, for one target.

import { splitUnits } from "../pure/cutunits.js";
import { joined } from "../pure/directions.js";
import { shortNumber } from "../pure/numbers.js";
import { BASE, data, findLayer, layers } from "../state/data.js";
import { byRoundTrip } from "../state/lookups.js";
import { cutEffects } from "../state/marked.js";
import { change, isToTarget, onChange, state } from "../state/store.js";
import { fill, placeName, inTongue, rowName, valueWord, word } from "../state/words.js";
import { $, findAll, firstOf, h, hint, whenOpen } from "./elements.js";
import { swatch } from "./paths.js";
import { redundancyParts } from "./redundancy.js";
import { latencyRows } from "./roundtrips.js";
import { isWholeCut, toggleWorst } from "./toggles.js";


function roundTrips() {
  const nodes = findLayer("nodes").byId;
  const rows = data.latency.filter((row) => nodes.has(row.from_id) && isToTarget(row)).sort(byRoundTrip);
  const name = (/** @type {Row} */ row) => (state.target === null
    ? `${placeName(row.from_id)} → ${placeName(row.to_id)}` : placeName(row.from_id));
  return [
    h("h3", {}, word("page.latency")), hint("page.latency_hint"),
    data.info.classes.length ? hint("page.class_hint") : "",
    rows.length ? latencyRows(rows, name) : hint("page.latency_in_cards"),
  ];
}

/** @param {Row} row */
function cutItem(row) {
  return h("li", { "data-cut": row.cut_id },
    h("button", { type: "button", class: "row cut-row", "aria-pressed": "false", onclick: () => toggleWorst(row.cut_id) },
      h("span", { class: "rank" }, String(row.rank)),
      h("span", { class: "names" }, h("span", { class: "cut-name" }, inTongue(row, "name")),
        cutEffects(row).map((text) => h("span", { class: "cut-effect" }, text)))));
}

function cuts() {
  const rows = data.cuts.filter(isToTarget).sort((a, b) => a.rank - b.rank);
  const list = (/** @type {number} */ units, /** @type {string} */ key) => {
    const found = rows.filter((row) => row.n_units === units);
    return [h("h4", { class: "cut-head" }, word(key)),
      found.length ? h("ol", { class: "ranking cuts", "data-units": String(units) }, found.map(cutItem))
        : hint(units > 1 && data.info.left_out.includes("double_cuts") ? "page.left_out" : "page.nothing")];
  };
  if (state.scenario !== BASE) return [h("h3", {}, word("page.cuts")), hint("page.scenario_base_alone")];
  return [h("h3", {}, word("page.cuts")), hint("page.cuts_hint"), ...list(1, "page.cuts_single"), ...list(2, "page.cuts_double")];
}

/** @param {Layer} layer @param {number} i */
function cableItem(layer, i) {
  const row = layer.rows[i];
  const facts = [valueWord(row.status), row.year, row.fibres ? fill("page.n_fibres", { n: row.fibres }) : null,
    `${shortNumber(row.length_km)} km`];
  return h("li", {
    "data-cable": row.cable_id,
    onclick: () => change({ cable: row.cable_id, site: null }, { origin: "list" }),
  }, h("button", { type: "button", class: "row cable-row" },
    swatch("line", layer.rules[i].symbol),
    h("span", { class: "names" }, rowName(row)),
    h("span", { class: "notes" }, joined(facts))));
}

function fillBackbone() {
  const fibre = findLayer("fibre");
  $("backbone-section").hidden = !layers.has("nodes") && !layers.has("fibre");
  $("backbone-count").textContent = String(fibre.rows.length);
  whenOpen($("backbone-section"), drawBackbone);
}

function drawBackbone() {
  const fibre = findLayer("fibre");
  $("backbone").replaceChildren(
    hint("page.indicative"), h("p", { class: "warning", id: "routes-uncut", hidden: true }, word("page.cut_without")), ...redundancyParts(),
    h("div", { id: "round-trips" }, roundTrips()), ...cuts(),
    h("h3", {}, word("page.cables")),
    h("ul", { class: "ranking cables" }, firstOf(fibre.rows.map((_, i) => i), (i) => cableItem(fibre, i), "li")));
  fillChosen();
}

function fillChosen() {
  if (!$("backbone").hasChildNodes()) return; // it waits until it is opened
  $("routes-uncut").hidden = state.cuts.length === 0;
  const { cable, route } = state;
  for (const item of findAll("li[data-cable]")) item.classList.toggle("chosen", item.dataset.cable === cable);
  for (const item of findAll("li[data-cut]")) {
    const isChosen = isWholeCut(splitUnits(item.dataset.cut ?? ""));
    item.classList.toggle("chosen", isChosen);
    item.querySelector("button")?.setAttribute("aria-pressed", String(isChosen));
  }
  for (const button of findAll("[data-route]")) button.setAttribute("aria-pressed", String(button.dataset.route === route));
}

function fillTargets() {
  const { targets } = data.info;
  $("target-line").hidden = targets.length < 2;
  $("target").replaceChildren(...targets.map((id, i) => h("option", { value: id },
    i ? placeName(id) : fill("page.target_scored", { name: placeName(id) }))));
}

export function startBackbone() {
  $("target").addEventListener("change", () => change({ target: $("target").value, route: null }));
  onChange((changed) => {
    if (changed.has("lang")) fillTargets();
    if (changed.has("lang") || changed.has("target")) {
      $("target").value = state.target ?? "";
      fillBackbone();
    } else if (changed.has("cuts")) {
      if ($("backbone").hasChildNodes()) $("round-trips").replaceChildren(...roundTrips().filter((part) => part !== ""));
      fillChosen();
    } else if (["cable", "cuts", "route"].some((name) => changed.has(name))) fillChosen();
  });
}
