// What is marked on the map, cuts or a route, and what the worst cuts do in words.

import { shortNumber } from "../pure/numbers.js";
import { listIds } from "../pure/tables.js";
import { routeOf } from "./lookups.js";
import { namesOf } from "./references.js";
import { state } from "./store.js";
import { fill, placeName } from "./words.js";

export const chosenRoute = () => (state.route ? routeOf(state.target, state.route) : null);
export const isMarked = () => state.cuts.length > 0 || chosenRoute() !== null;

// Cables that stand out while the others are dimmed.
export const litCables = () => {
  const route = chosenRoute();
  return new Set(route ? listIds(route.path) : [state.cable].filter((id) => id !== null));
};

const CIRCLED_ONE = 0x2460;
/** @param {Row} row */
export const routeText = (row) =>
  `${String.fromCodePoint(CIRCLED_ONE + row.route - 1)} ${shortNumber(row.rtt_ms)} ms · ${shortNumber(row.route_km)} km`;

/** @param {Row} row @returns {string[]} */
export const cutEffects = (row) => [
  row.n_isolated ? [fill("page.cut_off", { n: row.n_isolated, places: namesOf(row.isolated) })] : [],
  row.n_doubtful ? [fill("page.cut_off_perhaps", { n: row.n_doubtful, places: namesOf(row.doubtful) })] : [],
  row.n_slower ? [fill("page.slower", {
    n: row.n_slower, place: placeName(row.worst_id), before: shortNumber(row.worst_before_ms), after: shortNumber(row.worst_after_ms),
  })] : [],
].flat();
