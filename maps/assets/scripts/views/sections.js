// The panel's folded sections: claims, method, sources.

import { apart, joined } from "../pure/directions.js";
import { percent, shortNumber } from "../pure/numbers.js";
import { wholePercents } from "../pure/scoring.js";
import { data, findRow } from "../state/data.js";
import { datedSource, datedSources, namesOf } from "../state/references.js";
import { state } from "../state/store.js";
import { fill, named, placeName, say, tagOf, inTongue, valueWord, word } from "../state/words.js";
import { criterionColour } from "./criteria.js";
import { $, h } from "./elements.js";

function fillClaims() {
  $("claims-section").hidden = data.claims.length === 0;
  $("claims-count").textContent = String(data.claims.length);
  $("claims").replaceChildren(...data.claims.map((row) => h("article", { class: "claim" },
    h("p", { class: "claim-head" }, h("span", { class: `verdict ${row.verdict}` }, valueWord(row.verdict)),
      h("span", { class: "hint" }, joined([datedSource(row.source_id), row.place_in_text]))),
    h("blockquote", { lang: tagOf(state.lang) }, inTongue(row, "text")),
    inTongue(row, "found") ? h("p", {}, h("b", {}, named("page.found", "")), inTongue(row, "found")) : null,
    h("p", { class: "reason" }, inTongue(row, "reason")),
    row.source_ids ? h("p", { class: "hint" }, joined(datedSources(row.source_ids))) : null)));
}

// What a measure is worth: nothing, between two ends, or from point to point.
/** @param {Measure} measure */
function shapeText({ worst, best, unit, steepness, points }) {
  const measured = (/** @type {any} */ value) => `${value} ${unit}`.trim();
  if (points) {
    const told = points.map(([at, worth]) => fill("page.point", { at: measured(at), worth: String(worth) }));
    return named("page.ends_pieces", told.join(word("page.comma")));
  }
  if (worst === null || best === null) return word("page.not_scored");
  const ends = fill("page.ends", { worst: measured(worst), best: measured(best) });
  return steepness === undefined ? ends : `${ends}${word("page.semicolon")}${fill("page.ends_sigmoid", { steepness })}`;
}

/** @param {Measure} measure @param {number} share */
function measureLine(measure, share) {
  return h("li", { "data-method": measure.id }, h("b", {}, say(measure.title)),
    measure.weight > 0 ? ` · ${percent(share / 100)}` : "", h("br"), shapeText(measure), h("br"), h("span", { class: "hint" }, measure.reason));
}

/** @param {Weighted[]} entries */
const sharesOf = (entries) => wholePercents(entries.map((one) => one.weight)) || entries.map(() => 0);

function fillMethod() {
  const shares = sharesOf(data.info.criteria);
  $("method").replaceChildren(h("p", {}, word("page.method_text")),
    ...data.info.criteria.map((criterion, i) => h("article", { class: "criterion" },
      h("h4", {}, h("span", { class: "chip", style: { background: criterionColour(criterion.name) } }),
        say(criterion.title), h("span", { class: "count" }, percent(shares[i] / 100))),
      h("ul", {}, criterion.measures.map((measure, k) => measureLine(measure, sharesOf(criterion.measures)[k]))))),
    ...(data.calibration.length ? calibration().filter((part) => part !== null) : []));
}

// Published round trips beside what the plan's rules make of the same pairs.
function calibration() {
  const head = ["page.published", "page.floor", "page.by_rule", "page.by_model"];
  return [
    h("h3", {}, word("table.calibration")),
    h("p", { class: "hint" }, word("page.calibration_hint")),
    h("table", { class: "trips" },
      h("thead", {}, h("tr", {}, head.map((key) => h("th", { scope: "col" }, word(key))))),
      data.calibration.map(trip)),
    unmeasured(),
  ];
}

/** @param {Row} row */
function trip(row) {
  /** @type {(value: any, low?: number, high?: number, residual?: number) => HTMLElement} */
  const cell = (value, low, high, residual) => h("td", { title: value === undefined ? null : String(value) },
    shortNumber(value), low === undefined ? null : h("small", {}, `${shortNumber(low)}–${shortNumber(high)}`),
    residual === undefined ? null : h("small", {}, `${residual < 0 ? "\u2212" : "+"}${shortNumber(Math.abs(residual))}\u2009%`));
  return h("tbody", { "data-trip": row.trip_id },
    h("tr", {}, h("th", { scope: "rowgroup", colspan: "4" }, `${inTongue(row, "from")} – ${inTongue(row, "to")}`,
      h("small", {}, ` ${joined([valueWord(row.kind), datedSource(row.source_id)])}`))),
    h("tr", {}, cell(row.rtt_ms), h("td", { title: String(row.floor_rtt_ms) }, shortNumber(row.floor_rtt_ms), h("small", {}, `× ${shortNumber(row.floor_ratio)}`)),
      cell(row.rule_rtt_ms, undefined, undefined, row.rule_residual_pct),
      cell(row.model_rtt_ms, row.model_low_ms, row.model_high_ms, row.model_residual_pct)));
}

// Which pairs of the plan itself no published figure speaks of.
function unmeasured() {
  const isCore = (/** @type {string} */ id) => (findRow("nodes", id) || {}).kind === "core";
  const starts = [...new Set(data.disjoint.map((row) => row.from_id))].filter(isCore);
  if (!starts.length) return null;
  return h("p", { class: "warning" }, fill("page.no_measured", {
    from: namesOf(starts.join(" ")), to: placeName(data.info.targets[0]),
  }));
}

function fillSources() {
  const sources = Object.values(data.sources);
  $("sources-count").textContent = String(sources.length);
  $("sources").replaceChildren(...sources.map((source) => h("article", { class: "source" },
    h("h4", {}, source.title),
    h("p", {}, joined([`${apart(source.publisher)}, ${source.year}`, datedSource(source.source_id)])),
    h("p", { class: "hint" }, `${word("page.licence")} ${source.licence} · ${word("field.as_of")} ${source.as_of}`),
    h("p", { class: "hint" }, source.accuracy),
    source.note ? h("p", { class: "hint" }, source.note) : null,
    source.url ? h("p", { class: "hint url" }, source.url) : null)));
}

export function fillSections() {
  fillClaims();
  fillMethod();
  fillSources();
}
