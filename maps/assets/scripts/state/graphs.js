// The backbones of the page as graphs, read when first asked for.

import { readGraph } from "../pure/graph.js";
import { data } from "./data.js";

/** @type {Map<string, Graph>} */
const read = new Map();

// Whether a backbone has cables: known before it is read.
export const hasCables = () => Object.values(data.graphs.of).some((/** @type {any} */ { cables }) => cables.length > 0);

// The backbone of a scenario; null where the plan has none.
/** @param {string} scenario @returns {Graph | null} */
export function graphOf(scenario) {
  const { of, lines } = data.graphs;
  if (!Object.hasOwn(of, scenario)) return null;
  if (!read.has(scenario)) read.set(scenario, readGraph(of[scenario], lines));
  return read.get(scenario) ?? null;
}
