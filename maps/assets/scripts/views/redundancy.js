// Independent routes of the backbone: how many, and what they share all the same.

import { listIds } from "../pure/tables.js";
import { BASE, data, findLayer, findRow, indexIn } from "../state/data.js";
import { routeKey } from "../state/lookups.js";
import { routeText } from "../state/marked.js";
import { corridorNames, namesOf } from "../state/references.js";
import { isToTarget, state } from "../state/store.js";
import { fill, named, placeName, inTongue, word } from "../state/words.js";
import { firstOf, folded, h, hint } from "./elements.js";
import { swatch } from "./paths.js";
import { toggleRoute } from "./toggles.js";
import { showFeature } from "./viewport.js";

const TELLING = ["border_crossing", "stretch", "crossing", "corridor", "river_crossing", "city"];

/** @type {Record<string, string>} */
const APART = {
  cables: "page.apart_cables", nodes: "page.apart_nodes", risks: "page.apart_risks", distance: "page.apart_distance",
};

/** @param {string} id */
const kindOf = (id) => (findRow("nodes", id) || {}).kind;
/** @param {number | null} low @param {number | null} high */
const range = (low, high) => (low === null ? word("value.unknown") : low === high ? String(low) : `${low}–${high}`);

// What can be reached comes first, and the core of the network before its edge.
/** @param {Row[]} rows */
function orderPairs(rows) {
  const kinds = ["core", "metro", "border"];
  const place = (/** @type {Row} */ row) => {
    const kind = kinds.indexOf(kindOf(row.from_id));
    return (row.to_cut_high ? 0 : 10) + (kind < 0 ? 9 : kind);
  };
  return [...rows].sort((a, b) => place(a) - place(b));
}

// The shared risks of a pair, the most telling kind first, then what takes most cables.
/** @param {Row} row */
function risksOf(row) {
  const rows = listIds(row.risk_ids).map((id) => findRow("risks", id)).filter((risk) => risk !== null);
  return rows.sort((a, b) => TELLING.indexOf(a.kind) - TELLING.indexOf(b.kind) || b.n_cables - a.n_cables);
}

/** @param {Row} row */
function evidence(row) {
  const risks = risksOf(row);
  if (!risks.length) return null;
  const layer = findLayer("risks");
  return folded("evidence", fill("page.evidence_of", { n: risks.length }), () => [
    h("ul", {}, risks.map((risk) => h("li", { "data-risk": risk.risk_id },
      swatch("marker", layer.rules[indexIn(layer, risk.risk_id)].symbol),
      h("span", {}, h("button", { type: "button", class: "link", onclick: () => showFeature("risks", risk.risk_id) },
        inTongue(risk, "name")),
      h("span", { class: "hint" }, inTongue(risk, "evidence"))))))]);
}

/** @param {Row} row */
function routeButton(row) {
  const key = routeKey(row);
  return h("button", {
    type: "button", class: "route", "data-route": key, "aria-pressed": String(state.route === key), title: namesOf(row.path),
    onclick: () => toggleRoute(key),
  }, routeText(row));
}

// One line for each way of being apart: both routes, and what they share all the same.
/** @param {Row} pair */
function secondRoutes(pair) {
  const rows = data.disjoint.filter((row) => row.from_id === pair.from_id && row.to_id === pair.to_id);
  if (!rows.length) {
    const isLeftOut = data.info.left_out.includes("disjoint") && pair.to_cut_high > 1;
    return isLeftOut ? h("p", { class: "hint" }, named("table.disjoint", word("page.left_out"))) : null;
  }
  return h("dl", { class: "apart" }, Object.keys(APART).map((apart) => {
    const routes = rows.filter((row) => row.apart === apart).sort((a, b) => a.route - b.route);
    const shared = routes.length ? routes[routes.length - 1].shared : null;
    const unsure = [...new Set(routes.flatMap((row) => listIds(row.unsure)))].join(" ");
    return [h("dt", {}, word(APART[apart])),
      h("dd", {}, routes.length ? routes.map(routeButton) : word("page.apart_none"),
        shared ? h("span", { class: "hint" }, named("page.still_shared", namesOf(shared, "page.semicolon"))) : null,
        unsure ? h("span", { class: "hint" }, named("field.unsure", namesOf(unsure, "page.semicolon"))) : null,
        routes.length && inTongue(routes[0], "reason") ? h("span", { class: "hint" }, inTongue(routes[0], "reason")) : null)];
  }));
}

/** @param {Row} row */
function redundancyCard(row) {
  /** @type {(key: string, low: number, high: number, about: string) => HTMLElement} */
  const figure = (key, low, high, about) => h("div", { class: "figure", title: word(about) },
    h("span", { class: "figure-value" }, range(low, high)), h("span", { class: "figure-name" }, word(key)));
  return h("article", { class: "pair", "data-pair": row.from_id },
    h("h4", {}, `${placeName(row.from_id)} → ${placeName(row.to_id)}`),
    h("div", { class: "figures" },
      figure("page.nominal", row.nominal_low, row.nominal_high, "page.nominal_hint"),
      figure("page.to_cut", row.to_cut_low, row.to_cut_high, "page.to_cut_hint"),
      figure("page.effective", row.effective_low, row.effective_high, "page.effective_hint")),
    h("p", { class: "reason" }, inTongue(row, "reason")),
    row.evidence ? h("p", { class: "hint" }, named("field.evidence", corridorNames(row.evidence))) : null,
    secondRoutes(row), evidence(row));
}

// The core, and whoever has a choice of routes, stand; the rest is folded away.
export function redundancyParts() {
  const rows = orderPairs(data.redundancy.filter(isToTarget));
  const stands = (/** @type {Row} */ row) => kindOf(row.from_id) === "core" || row.to_cut_high > 1;
  const rest = rows.filter((row) => !stands(row));
  return [
    h("h3", {}, word("table.redundancy")), hint("page.redundancy_hint"),
    state.scenario === BASE ? "" : hint("page.scenario_routes_base_alone"),
    ...(rows.length ? firstOf(rows.filter(stands), redundancyCard) : [hint("page.nothing")]),
    rest.length ? folded("more", fill("page.other_nodes", { n: rest.length }), () => firstOf(rest, redundancyCard)) : "",
  ];
}
