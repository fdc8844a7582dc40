// What is cut, in words, and what it does.

import { readDisc } from "../pure/circles.js";
import { kindOfUnit, nameOfUnit } from "../pure/cutunits.js";
import { joined } from "../pure/directions.js";
import { shortNumber } from "../pure/numbers.js";
import { cutChanges, cutOutcome } from "./cuts.js";
import { data, findRow } from "./data.js";
import { state } from "./store.js";
import { fill, inTongue, placeName, word } from "./words.js";

/** @type {Record<string, string>} */
const LAYERS = { cable: "fibre", corridor: "corridors", risk: "risks", country: "boundaries" };

// What people call something that may fall; an operator and what no layer names by its id.
/** @param {string} id */
export function unitName(id) {
  const kind = kindOfUnit(id) ?? "", name = nameOfUnit(id), disc = kind === "circle" ? readDisc(name) : null;
  if (disc) return fill("page.cut_circle_name", { lon: disc.lon.toFixed(2), lat: disc.lat.toFixed(2), km: shortNumber(disc.km) });
  if (kind === "city") return placeName(name);
  const row = Object.hasOwn(LAYERS, kind) ? findRow(LAYERS[kind], name) : null;
  return (row && inTongue(row, "name")) || name;
}
/** @type {Record<string, string>} */
const KINDS = {
  cable: "page.cut_cable", corridor: "page.cut_corridor", risk: "page.cut_risk", city: "page.cut_city",
  operator: "page.cut_operator", country: "page.cut_country", circle: "page.cut_circle",
};
/** @param {string} id */
export const unitKind = (id) => word(KINDS[kindOfUnit(id) ?? "cable"]);

// Parks of the level that is ranked.
/** @param {string} id */
export const isRankedPark = (id) => findRow("parks", id)?.level === data.info.level;

export const countFallen = () => cutOutcome()?.fallen.reduce((sum, one) => sum + one, 0) ?? 0;

const MOST_NAMED = 4;
/** @param {string[]} ids */
const namesOfSome = (ids) => joined(ids.slice(0, MOST_NAMED).map(placeName), word("page.comma")) + (ids.length > MOST_NAMED ? "…" : "");

// What the cut does, line by line: cables, parks cut off, parks slower with the worst of them.
export function cutSummary() {
  const changes = cutChanges(state.target).filter((one) => isRankedPark(one.id));
  const off = changes.filter((one) => one.isCutOff), slow = changes.filter((one) => !one.isCutOff);
  const texts = [fill("page.cut_fallen", { n: countFallen() })];
  if (off.length) texts.push(fill("page.cut_off", { n: off.length, places: namesOfSome(off.map((one) => one.id)) }));
  if (slow.length) {
    const [{ id, before, after }] = slow;
    texts.push(fill("page.slower", { n: slow.length, place: placeName(id), before: shortNumber(before.rtt_ms), after: shortNumber(after.rtt_ms) }));
  }
  if (!changes.length && state.target !== null) texts.push(fill("page.cut_nothing", { place: placeName(state.target) }));
  return texts;
}
