// Weights that bear a name: the plan's own, those of a scenario, all alike, and each criterion alone.

import { isSameBalance } from "../pure/weights.js";
import { BASE, criteria, hasOwnWeights } from "./data.js";
import { plannedWeights, state } from "./store.js";

/** @param {(name: string) => number} weigh @returns {Weights} */
const weighted = (weigh) => Object.fromEntries(criteria.map((name) => [name, weigh(name)]));

// The key of the weights that a reader made; they are not among the sets.
export const OWN_SET = "own";

/** @returns {WeightSet[]} */
const wantedSets = () => [
  { key: "plan", criterion: null, weights: plannedWeights(BASE) },
  ...(hasOwnWeights(state.scenario) ? [{ key: "scenario", criterion: null, weights: plannedWeights() }] : []),
  { key: "equal", criterion: null, weights: weighted(() => 0.5) },
  ...criteria.map((name) => ({ key: `alone.${name}`, criterion: name, weights: weighted((one) => (one === name ? 1 : 0)) })),
];
// Of sets that weigh alike the first stands for all.
export function weightSets() {
  const wanted = wantedSets();
  return wanted.filter((set, i) => !wanted.slice(0, i).some((before) => isSameBalance(before.weights, set.weights)));
}

// The set that the chosen weights are; only the very weights of the plan are the plan's own.
export const chosenSet = () =>
  weightSets().find((set) => criteria.every((name) => set.weights[name] === state.weights[name]))?.key ?? OWN_SET;
