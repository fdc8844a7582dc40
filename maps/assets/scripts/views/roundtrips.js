// Round trips: values with their band, classes, and bars.

import { joined } from "../pure/directions.js";
import { shortNumber } from "../pure/numbers.js";
import { changeOf } from "../state/cuts.js";
import { data } from "../state/data.js";
import { state } from "../state/store.js";
import { fill, named, say, inTongue, valueWord, word } from "../state/words.js";
import { firstOf, h } from "./elements.js";

/** @param {Row} row */
const isTimed = (row) => row.rtt_ms !== null && row.status !== "unknown";
/** @param {string} id */
const classOf = (id) => data.info.classes.find((one) => one.id === id);

// The class that is met for sure, and the one that is met if all goes well.
/** @param {Row} row */
export function classBadges(row) {
  if (!isTimed(row) || !data.info.classes.length) return [];
  const sure = classOf(row.class_id), best = classOf(row.class_best_id);
  /** @type {(kind: string, id: string | null, text: string) => HTMLElement} */
  const badge = (kind, id, text) => h("span", { class: `badge ${kind}`, "data-class": id }, text);
  return [
    sure ? badge("sure", sure.id, say(sure.title)) : null,
    best && best !== sure ? badge("best", best.id, fill("page.class_best", { title: say(best.title) })) : null,
    sure || best ? null : badge("beyond", null, word("page.beyond_classes")),
  ];
}

/** @param {Row} row */
export function roundTripValue(row) {
  if (!isTimed(row)) return h("span", { class: "latency-value" }, word("value.unknown"));
  const low = row.rtt_low_ms ?? row.rtt_ms, high = row.rtt_high_ms ?? row.rtt_ms;
  const parts = row.glass_rtt_ms === null ? String(row.rtt_ms)
    : fill("page.parts_of", { rtt: row.rtt_ms, glass: row.glass_rtt_ms, equipment: row.equipment_rtt_ms, one_way: row.one_way_ms });
  return h("span", { class: "latency-value", title: parts }, `${shortNumber(row.rtt_ms)} ms`,
    low < high ? h("small", {}, ` (${shortNumber(low)}–${shortNumber(high)})`) : null);
}

// All of it in multiples of the floor, so that near and far targets read alike.
/** @param {Row} row @param {number} widest */
function track(row, widest) {
  const at = (/** @type {any} */ value) => `${(100 * value) / row.floor_rtt_ms / widest}%`;
  const low = row.rtt_low_ms ?? row.rtt_ms, high = row.rtt_high_ms ?? row.rtt_ms;
  return h("span", { class: "track", "aria-hidden": "true" },
    h("span", { class: "band", style: { left: at(low), width: `calc(${at(high - low)} + 2px)` } }),
    h("span", { class: "dot", style: { left: at(row.rtt_ms) } }),
    h("span", { class: "floor", style: { left: at(row.floor_rtt_ms) } }));
}

// A round trip as the cut leaves it, with what it was.
/** @param {Row} row @returns {Row} */
function afterCut(row) {
  const found = state.cuts.length ? changeOf(row.from_id, row.to_id) : null;
  if (!found) return row;
  const [key, value] = found.isCutOff ? ["page.cut_lost", row.rtt_ms] : ["page.cut_was", row.rtt_ms];
  return { ...row, ...found.after, [`reason_${state.lang}`]: fill(key, { ms: shortNumber(value) }) };
}

/** @param {Row} row @param {(row: Row) => string} name @param {number} widest */
function latencyRow(row, name, widest) {
  const note = [
    `${word("page.floor")} ${shortNumber(row.floor_rtt_ms)} ms${row.floor_ratio === null ? "" : ` × ${shortNumber(row.floor_ratio)}`}`,
    row.route_km ? `${shortNumber(row.route_km)} km` : null,
    row.status && isTimed(row) ? valueWord(row.status) : null,
  ];
  const badges = classBadges(row).filter(Boolean);
  return h("div", { class: "latency-row", "data-from": row.from_id, "data-to": row.to_id },
    h("span", { class: "latency-name" }, name(row)), roundTripValue(row),
    isTimed(row) && row.floor_rtt_ms > 0 ? track(row, widest) : null,
    badges.length ? h("span", { class: "classes" }, badges) : null,
    h("span", { class: "latency-note" }, joined(note)),
    inTongue(row, "reason") ? h("span", { class: "latency-note why", title: inTongue(row, "reason") }, inTongue(row, "reason")) : null);
}

// The known ones, each on a line: floor as a tick, band as a bar, value as a dot.  What is
// unknown for one and the same reason stands together.
/** @param {Row[]} whole @param {(row: Row) => string} name */
export function latencyRows(whole, name) {
  const rows = whole.map(afterCut);
  const known = rows.filter(isTimed);
  const widest = Math.max(1, ...known.filter((row) => row.floor_rtt_ms > 0).map((row) => (row.rtt_high_ms ?? row.rtt_ms) / row.floor_rtt_ms)) * 1.03;
  const reasons = new Map();
  rows.filter((row) => !isTimed(row)).forEach((row) => reasons.set(inTongue(row, "reason"), [...(reasons.get(inTongue(row, "reason")) || []), row]));
  return h("div", { class: "latency" }, firstOf(known, (row) => latencyRow(row, name, widest)),
    [...reasons].map(([reason, unknown]) => h("div", { class: "latency-row unknown" },
      h("span", { class: "latency-name" }, joined(unknown.map(name), word("page.comma"))), roundTripValue(unknown[0]),
      h("span", { class: "latency-note" }, joined([
        named("page.floor", unknown.map((/** @type {Row} */ row) => `${shortNumber(row.floor_rtt_ms)} ms`).join(word("page.comma"))), reason,
      ])))));
}
