// The features that can be found: in the search, in the lists.

import { keyOf } from "../pure/search.js";
import { findLayer, layers } from "./data.js";
import { LANGUAGES, state } from "./store.js";

// Layers with features, parks first, then as they are drawn.
/** @type {Layer[]} */
export const findableLayers = [...new Set([findLayer("parks"), ...layers.values()])].filter((layer) => layer.rows.length > 0);

/** @param {Layer} layer @returns {string[]} */
const keysOf = (layer) => layer.rows.map((row) => {
  const names = LANGUAGES.map((code) => row[`name_${code}`]);
  return keyOf([...names, row.name, row[layer.key]].filter(Boolean).map(String));
});

/** @type {Map<string, KeyGroup[]>} */
const made = new Map();
// Made when somebody first looks for something in a scenario: of many features it takes a moment.
export function keyGroups() {
  const groups = made.get(state.scenario) ?? findableLayers.map((layer) => ({ name: layer.name, keys: keysOf(layer) }));
  made.set(state.scenario, groups);
  return groups;
}
