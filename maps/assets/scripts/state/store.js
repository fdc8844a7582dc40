// What is chosen on the page: read by all, written by `change` alone, which tells whoever listens.

import { criteria, data } from "./data.js";

export const LANGUAGES = data.languages;
// The language of whoever reads, as the browser has it.
const readersLanguage = () => {
  const code = navigator.language.split("-")[0].toLowerCase();
  return LANGUAGES.includes(code) ? code : "en";
};
// What is drawn of no data: it is switched as a layer is.
/** @type {Style} */
export const graticule = {
  layer: "graticule", title: data.words["page.graticule"], group: "base", geometry: "line", visible: false,
  rules: [], labels: null, stops: [], offset_px: 0, opacity: 1,
};
export const styles = [...[...data.layers, ...data.rasters].map((layer) => /** @type {Style} */ (layer.style)), graticule];

/** @returns {Weights} */
export const plannedWeights = () =>
  Object.fromEntries(data.info.criteria.map((criterion) => [criterion.name, criterion.weight]));
export const shownAtFirst = () => new Set(styles.filter((style) => style.visible).map((style) => style.layer));
/** @returns {State} */
export const firstState = () => ({
  weights: plannedWeights(), site: null, cable: null, feature: null, layers: shownAtFirst(), lang: readersLanguage(), theme: "auto",
  demand: data.request ? data.request.demand_mw : null, target: data.info.targets[0] || null, cuts: [], route: null,
  fades: {}, at: null, pin: null, filters: {}, compare: [],
});

export const state = firstState();

/** @type {Listener[]} */
const listeners = [];
/** @param {Listener} listener */
export const onChange = (listener) => listeners.push(listener);

// One thing is lit on the map at a time, a cable or a route; what is cut stays so beside it.
const MARKS = /** @type {const} */ (["cable", "route"]);

/** @param {Partial<State>} wanted @returns {Partial<State>} */
function complete(wanted) {
  const patch = { ...wanted };
  const mark = MARKS.find((name) => wanted[name]);
  if (mark) for (const name of MARKS) if (name !== mark) patch[name] = null;
  // Another card takes the place of a feature's.
  if (("site" in patch || "cable" in patch) && !("feature" in patch)) patch.feature = null;
  return patch;
}

/** @param {Partial<State>} wanted @param {How} [how] */
export function change(wanted, { origin = "page" } = {}) {
  const patch = complete(wanted);
  Object.assign(state, patch);
  for (const listener of listeners) listener(new Set(Object.keys(patch)), origin);
}
export const isPlanned = () => {
  const planned = plannedWeights();
  return criteria.every((name) => state.weights[name] === planned[name]);
};

// Whether a row of the backbone speaks of the target that is chosen.
/** @param {Row} row */
export const isToTarget = (row) => state.target === null || row.to_id === state.target;

// A feature of any layer but parks and cables.
/** @param {string} layer @param {string} id */
export const openFeature = (layer, id) =>
  change({ site: null, cable: null, feature: { layer, id } }, { origin: "map" });

// What the pointer is over, in the list or on the map: passes too quickly to be part of the state.
/** @type {((id: string | null) => void)[]} */
const hoverers = [];
/** @param {(id: string | null) => void} hoverer */
export const onHover = (hoverer) => hoverers.push(hoverer);
/** @param {string | null} id */
export const hover = (id) => hoverers.forEach((hoverer) => hoverer(id));
