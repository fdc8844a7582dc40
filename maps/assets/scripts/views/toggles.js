// What is marked is switched on and off, and the focus goes back to where it came from.

import { splitUnits } from "../pure/cutunits.js";
import { chosenRoute } from "../state/marked.js";
import { undoCut } from "../state/cuts.js";
import { change, state } from "../state/store.js";
import { focused } from "./elements.js";
import { placeOf } from "./refocus.js";

/** @type {() => HTMLElement | null} */
let lastButton = () => null; // what was pressed to mark something

/** @param {string} id */
export function toggleRoute(id) {
  lastButton = placeOf(focused());
  change(state.route === id ? { route: null } : { route: id, site: null, cable: null }, { origin: "list" });
}

/** @param {string[]} ids */
export const isWholeCut = (ids) => ids.length === state.cuts.length && ids.every((id) => state.cuts.includes(id));
// One of the worst cuts in the place of what is cut; once more, and nothing is.
/** @param {string} cutId */
export function toggleWorst(cutId) {
  lastButton = placeOf(focused());
  const ids = splitUnits(cutId);
  change(isWholeCut(ids) ? { cuts: [] } : { cuts: ids, route: null, site: null, cable: null }, { origin: "list" });
}

export function clearRoute() {
  change({ route: null });
  lastButton()?.focus();
  lastButton = () => null;
}
// A step back: the route that is marked, else the last cut.
export const stepBack = () => (chosenRoute() ? clearRoute() : undoCut());
