// What is cut, and what it comes to: round trips, who is cut off, routes that are left.

import { fellCables, findUnit } from "../pure/cutunits.js";
import { findTrips } from "../pure/roundtrip.js";
import { countCuts } from "../pure/waycounts.js";
import { BASE, data } from "./data.js";
import { graphOf } from "./graphs.js";
import { change, onChange, state } from "./store.js";

// Longer by less is no longer way: rounding.
const SLOWER_MS = 1e-9;
const MOST_STEPS = 100;

// The backbone that is shown; a scenario that moves no cable has that of the base.
export const shownGraph = (scenario = data.info.scenario) => graphOf(scenario) ?? graphOf(BASE);

/** @template T @param {(key: number) => T} make */
function remember(make) {
  /** @type {Map<number, T>} */
  const made = new Map();
  return (/** @type {number} */ key) => {
    if (!made.has(key)) made.set(key, make(key));
    return /** @type {T} */ (made.get(key));
  };
}

/** @param {Graph} graph @param {Unit[]} units @returns {Outcome} */
function makeOutcome(graph, units) {
  const fallen = fellCables(graph, units);
  const count = (/** @type {(cable: number) => boolean} */ counts, /** @type {number} */ place) =>
    countCuts(graph, (cable) => !fallen[cable] && counts(cable), graph.targets[place]);
  return {
    graph, units, fallen,
    tripsTo: remember((place) => findTrips(graph, fallen, place, units.length ? wholeOf(graph).tripsTo(place) : undefined)),
    routesTo: remember((place) => ({ low: count((cable) => graph.sure[cable] === 1, place), high: count(() => true, place) })),
  };
}

/** @type {WeakMap<Graph, Outcome>} */
const intact = new WeakMap();
/** @param {Graph} graph @returns {Outcome} */
export function wholeOf(graph) {
  const known = intact.get(graph) ?? makeOutcome(graph, []);
  intact.set(graph, known);
  return known;
}

/** @type { { key: string, outcome: Outcome | null } } */
let last = { key: "", outcome: null };
// What the cuts of the page come to; null where nothing is cut.
/** @returns {Outcome | null} */
export function cutOutcome() {
  const graph = shownGraph();
  if (!graph || !state.cuts.length) return null;
  const key = JSON.stringify([data.info.scenario, state.cuts]);
  if (last.key !== key) {
    const units = state.cuts.map((id) => findUnit(graph, id)).filter((unit) => unit !== null);
    last = { key, outcome: makeOutcome(graph, units) };
  }
  return last.outcome;
}

/** @param {Graph} graph @param {string | null} target */
const placeOf = (graph, target) => graph.targets.findIndex((node) => graph.nodes[node] === target);

// What the cut does to each park and node on its way to a target, those that it does nothing to left out: who is
// cut off, then the others by how much longer it takes them.
/** @param {string | null} target @returns {Change[]} */
export function cutChanges(target) {
  const outcome = cutOutcome();
  const place = outcome ? placeOf(outcome.graph, target) : -1;
  if (!outcome || place < 0) return [];
  const { graph } = outcome;
  const after = outcome.tripsTo(place);
  /** @type {Change[]} */
  const found = [];
  wholeOf(graph).tripsTo(place).forEach((before, i) => {
    const now = after[i];
    if (!before || !now || before.rtt_ms === null) return;
    if (now.rtt_ms !== null && now.rtt_ms - before.rtt_ms <= SLOWER_MS) return;
    found.push({ id: graph.starts.id[i], before, after: now, isCutOff: now.rtt_ms === null });
  });
  const gain = (/** @type {Change} */ one) => (one.after.rtt_ms === null ? Infinity : one.after.rtt_ms - (one.before.rtt_ms ?? 0));
  return found.sort((a, b) => (gain(a) === gain(b) ? 0 : gain(b) - gain(a)));
}

// The round trip of a park or a node to a target as the cut leaves it; null where it does nothing to it.
/** @param {string} id @param {string} target @returns {Change | null} */
export const changeOf = (id, target) => cutChanges(target).find((one) => one.id === id) ?? null;

// How many cables must be cut to part a node from a target, before and after.
/** @param {string} id @param {string | null} target @returns {RoutesLeft | null} */
export function routesLeft(id, target) {
  const outcome = cutOutcome();
  const node = outcome?.graph.nodeAt.get(id), place = outcome ? placeOf(outcome.graph, target) : -1;
  if (!outcome || node === undefined || place < 0) return null;
  const [before, after] = [wholeOf(outcome.graph), outcome].map((one) => one.routesTo(place));
  return { before: [before.low[node], before.high[node]], after: [after.low[node], after.high[node]] };
}

// ---------------------------------------------------------------- what is cut

// Those of some names that something is called by, each once.
/** @param {string[]} ids @param {string} [scenario] */
export const findUnits = (ids, scenario) => {
  if (!ids.length) return []; // and no graph is read
  const graph = shownGraph(scenario);
  return graph ? ids.filter((id) => findUnit(graph, id)) : [];
};

export const isCut = (/** @type {string} */ id) => state.cuts.includes(id);
/** @param {string} id @param {Origin} [origin] */
export const toggleCut = (id, origin) =>
  change({ cuts: isCut(id) ? state.cuts.filter((one) => one !== id) : [...state.cuts, id] }, { origin });

/** @type {string[][]} */
const earlier = [];
let shown = state.cuts;
let isUndoing = false;
export const canUndoCut = () => earlier.length > 0;
export function undoCut() {
  const before = earlier.pop();
  if (!before) return;
  isUndoing = true;
  change({ cuts: before });
  isUndoing = false;
}
// To be called before any that shows whether there is something to undo.
export const keepCuts = () => onChange((changed, origin) => {
  if (!changed.has("cuts") || state.cuts === shown) return;
  if (origin === "address") earlier.length = 0;
  else if (!isUndoing) earlier.push(shown);
  if (earlier.length > MOST_STEPS) earlier.shift();
  shown = state.cuts;
});
