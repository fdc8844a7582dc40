// What a planner needs of a park, in three lines: its rank and how sure it is, what lifts and what
// holds it, and its hard limits.

import { joined } from "../pure/directions.js";
import { percent, shortNumber } from "../pure/numbers.js";
import { verdictOn } from "../state/asking.js";
import { BASE, data } from "../state/data.js";
import { checksOf, isExcluding } from "../state/lookups.js";
import { isWeighted, plannedRanking, ranking } from "../state/ranking.js";
import { isPlanned, state } from "../state/store.js";
import { fill, inTongue, ofHundred, placeName, valueWord, word } from "../state/words.js";
import { h } from "./elements.js";
import { chanceOf } from "./sure.js";

/** @param {string} id @param {Score} score */
function rankLine(id, { total, low, high, full, coverage }) {
  const place = ranking().ranked.find((one) => one.id === id)?.rank;
  const planned = plannedRanking().ranked.find((one) => one.id === id)?.rank;
  const chance = chanceOf(id);
  const notes = [
    full || !isWeighted() ? null : fill("page.coverage_of", { share: percent(coverage) }),
    isPlanned() || planned === undefined ? null : fill("page.line_planned", { rank: fill("page.rank_of", { rank: planned }) }),
    chance === null ? null : fill("page.line_first", { share: ofHundred(chance) }),
  ];
  return h("li", { class: "score-line", "data-line": "rank" },
    h("span", { class: "score-big", title: total === null ? null : String(total) }, total === null ? "–" : total.toFixed(3)),
    h("span", {}, place ? fill("page.rank_of", { rank: place }) : word(isWeighted() ? "page.not_ranked" : "page.weightless"),
      low !== null && high !== null && high > low ? h("small", {}, `${low.toFixed(3)}–${high.toFixed(3)}`) : null,
      h("small", {}, joined(notes))));
}

// The strongest of each kind; they speak of the plan's own weights, and of the base alone.
/** @param {string} id */
function reasonLine(id) {
  if (state.scenario !== BASE) return null;
  const rows = data.decision.explanations.filter((row) => row.site_id === id);
  const first = (/** @type {string} */ kind) => rows.find((row) => row.kind === kind);
  const told = [["lifted", "shift up", "▲"], ["held", "shift down", "▼"]].flatMap(([kind, sign, mark]) => {
    const row = first(kind);
    return row ? [h("p", {}, h("span", { class: sign, "aria-hidden": "true" }, mark), inTongue(row, "text"))] : [];
  });
  return told.length ? h("li", { "data-line": "why" }, told) : null;
}

/** @param {string} id @param {Row | undefined} trip */
function limitLine(id, trip) {
  const names = checksOf(id).filter(isExcluding).map((row) => inTongue(row.rule, "name") ?? row.rule.rule_id);
  const verdict = verdictOn(id);
  const isTimed = trip !== undefined && trip.rtt_ms !== null && trip.status !== "unknown";
  const parts = [
    names.length ? fill("page.line_excluded", { names: joined(names, word("page.comma")) }) : checksOf(id).length ? word("page.line_open") : null,
    verdict === null ? null : fill("page.line_request", { mw: state.demand, verdict: valueWord(verdict) }),
    trip === undefined ? null : isTimed ? fill("page.line_trip", { place: placeName(trip.to_id), ms: shortNumber(trip.rtt_ms) })
      : fill("page.line_no_trip", { place: placeName(trip.to_id) }),
  ].filter(Boolean);
  return parts.length ? h("li", { "data-line": "limits" }, joined(parts)) : null;
}

/** @param {string} id @param {Score} score @param {Row | undefined} trip */
export const threeLines = (id, score, trip) =>
  h("ol", { class: "three-lines" }, rankLine(id, score), reasonLine(id), limitLine(id, trip));
