// The backbones of the page as graphs, read when first asked for.

import { cablesOf, readGraph } from "../pure/graph.js";
import { data } from "./data.js";

/** @type {Map<string, Graph>} */
const read = new Map();

// Whether a backbone has cables: known before it is read.
export const hasCables = () => Object.keys(data.graphs.of).some((name) => cablesOf(data.graphs, name).length > 0);

// The backbone of a scenario; null where the plan has none.
/** @param {string} scenario @returns {Graph | null} */
export function graphOf(scenario) {
  if (!Object.hasOwn(data.graphs.of, scenario)) return null;
  if (!read.has(scenario)) read.set(scenario, readGraph(data.graphs, scenario));
  return read.get(scenario) ?? null;
}
