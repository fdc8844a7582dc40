// The card of a park.

import { joined } from "../pure/directions.js";
import { shortNumber } from "../pure/numbers.js";
import { weightedScore } from "../pure/scoring.js";
import { own } from "../pure/tables.js";
import { criteria, data, findLayer, findRow, indexIn } from "../state/data.js";
import { byRoundTrip } from "../state/lookups.js";
import { scoresOf, weightShares } from "../state/ranking.js";
import { change, state } from "../state/store.js";
import { cityName, criterionTitle, fill, inTongue, named, placeName, rowName, say, valueWord, word } from "../state/words.js";
import { cardHead, tag } from "./cardhead.js";
import { beginCiting, citeSources, citedList } from "./citing.js";
import { checkList } from "./checks.js";
import { costList } from "./costs.js";
import { barParts, criterionColour } from "./criteria.js";
import { h } from "./elements.js";
import { fields, missing } from "./fields.js";
import { classBadges, latencyRows, roundTripValue } from "./roundtrips.js";
import { requestList } from "./asked.js";
import { howSure } from "./sure.js";
import { threeLines } from "./threelines.js";

const N_NEAREST = 5;
const UNITLESS = new Set(["1", "-", ""]);
const MOST_UNSCORED = 2;

/** @param {Row} row @param {Measure} [measure] */
function measureRow(row, measure) {
  const title = measure ? say(measure.title) : row.measure_id;
  const unit = UNITLESS.has(row.unit) ? "" : ` ${row.unit}`;
  const value = row.status === "unknown" ? word("value.unknown")
    : row.value !== undefined ? `${shortNumber(row.value)}${unit}` : inTongue(row, "text");
  const text = inTongue(row, "text");
  const says = row.value !== undefined && text !== value ? text : null;
  const isOpen = (row.low === undefined) !== (row.high === undefined);
  const band = isOpen ? (row.low === undefined ? `≤ ${shortNumber(row.high)}${unit}` : `≥ ${shortNumber(row.low)}${unit}`)
    : row.low !== undefined && row.low !== row.high
    ? `${shortNumber(row.low)}–${shortNumber(row.high)}${row.band && row.band !== "none" ? fill("page.bracket", { text: valueWord(row.band) }) : ""}` : "";
  return h("div", { class: `measure ${row.status}` },
    h("span", { class: "measure-title" }, title, measure && measure.weight === 0 ? h("small", {}, ` ${word("page.not_scored")}`) : null),
    h("span", { class: "measure-value", title: row.value === undefined ? null : String(row.value) }, value ?? "–",
      band ? h("small", {}, ` ${band}`) : null),
    h("span", { class: "measure-note" }, tag(valueWord(row.status), row.status),
      joined([says, inTongue(row, "reason")]), citeSources(row.source_ids)));
}

/** @param {Criterion} criterion @param {Row[]} rows @param {Part | undefined} part @param {Weights} weights */
function criterionBlock(criterion, rows, part, weights) {
  const { value = null, low = null, high = null } = part ?? {};
  const known = value !== null;
  const bar = h("span", { class: known ? "bar" : "bar empty" },
    known ? h("span", { class: "piece", style: { width: `${100 * value}%`, background: criterionColour(criterion.name) } }) : null,
    known && low !== null && high !== null && high > low
      ? h("span", { class: "whisker", style: { left: `${100 * low}%`, width: `${100 * (high - low)}%` } }) : null);
  const order = criterion.measures.map((measure) => measure.id);
  const place = (/** @type {Row} */ row) => (order.includes(row.measure_id) ? order.indexOf(row.measure_id) : order.length);
  const measureOf = (/** @type {Row} */ row) => criterion.measures.find((measure) => measure.id === row.measure_id);
  const ordered = [...rows].sort((a, b) => place(a) - place(b));
  const draw = (/** @type {Row} */ row) => measureRow(row, measureOf(row));
  // What is scored stands first; a long tail of what is not would hide it.
  const further = ordered.filter((row) => !measureOf(row)?.weight);
  const folded = further.length > MOST_UNSCORED;
  return h("section", { class: "criterion" },
    h("h3", {}, h("span", { class: "chip", style: { background: criterionColour(criterion.name) } }), criterionTitle(criterion.name),
      h("span", { class: "count" }, `${known ? value.toFixed(3) : word("value.unknown")} × ${weightShares(weights)[criterion.name]}`)),
    bar,
    ordered.filter((row) => !folded || !further.includes(row)).map(draw),
    folded ? h("details", { class: "more" },
      h("summary", {}, fill("page.further_measures", { n: further.length })), further.map(draw)) : null);
}

/** @param {string} id */
export function siteCard(id) {
  const layer = findLayer("parks");
  const row = layer.rows[indexIn(layer, id)];
  const parent = findRow("parks", row.parent_id);
  const { weights } = state;
  beginCiting();
  const parts = scoresOf(id);
  const score = { id, ...weightedScore(weights, parts, criteria) };
  const measures = own(data.measures, id, []);
  const known = new Set(criteria);
  const loose = measures.filter((one) => !known.has(one.criterion));
  const { targets } = data.info;
  const latency = data.latency.filter((one) => one.from_id === id && targets.includes(one.to_id))
    .sort((a, b) => targets.indexOf(a.to_id) - targets.indexOf(b.to_id));
  const children = layer.rows.filter((one) => one.parent_id === id);
  return [
    cardHead(rowName(row), [tag(valueWord(row.level)), tag(valueWord(row.status), row.status), cityName(row) ? tag(cityName(row) ?? "") : ""]),
    h("div", { class: "card-body" },
      threeLines(id, score, latency[0]),
      foldedRest([
      h("span", { class: "bar tall", "aria-hidden": "true" }, barParts(score)),
      howSure(id),
      requestList(id),
      data.info.criteria.map((criterion) => criterionBlock(criterion, measures.filter((one) => one.criterion === criterion.name), parts[criterion.name], weights)),
      loose.length ? loose.map((one) => measureRow(one)) : null,
      latency.length ? h("section", {}, h("h3", {}, word("page.latency")), latencyRows(latency, (/** @type {any} */ one) => `→ ${placeName(one.to_id)}`)) : null,
      nearest(id),
      costList(id),
      checkList(id),
      h("section", {}, h("h3", {}, word("page.about")), fields(layer, row, own(data.facts.parks || {}, id, [])), missing(layer, row),
        children.length ? h("p", { class: "children" }, named("page.holds", ""), children.map((one) => siteLink(one))) : null,
        parent ? h("p", { class: "children" }, named("field.parent_id", ""), siteLink(parent)) : null),
      citedList(),
      ])),
  ];
}

// All else that is known, folded; who unfolds it finds it so in the next card.
let isUnfolded = false;
/** @param {Child[]} parts */
function foldedRest(parts) {
  const rest = h("details", { id: "card-rest", open: isUnfolded, ontoggle: () => { if (rest.isConnected) isUnfolded = rest.open; } },
    h("summary", {}, word("page.card_rest")), parts);
  return rest;
}

// The other parks that are soonest reached; of a pair the table holds one direction.
/** @param {string} id */
function nearest(id) {
  const other = (/** @type {any} */ one) => (one.from_id === id ? one.to_id : one.from_id);
  const rows = data.latency
    .filter((one) => (one.from_id === id || one.to_id === id) && findRow("parks", other(one)) && one.rtt_ms !== null && one.status !== "unknown")
    .sort(byRoundTrip).slice(0, N_NEAREST);
  if (!rows.length) return null;
  const parks = findLayer("parks");
  return h("section", {}, h("h3", {}, word("page.nearest")),
    h("ol", { class: "nearest" }, rows.map((one) => h("li", { "data-near": other(one) },
      siteLink(parks.rows[indexIn(parks, other(one))]), roundTripValue(one),
      h("span", { class: "classes" }, classBadges(one))))));
}

/** @param {Row} row */
const siteLink = (row) => h("button", {
  type: "button", class: "link", onclick: () => change({ site: row.park_id, cable: null }, { origin: "list" }),
}, rowName(row));
