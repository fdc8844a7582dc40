// What is chosen on the page: read by all, written by `change` alone, which tells whoever listens.

import { BASE, criteria, data, demandIn, enterScenario, findRow, hasOwnWeights, weightsIn } from "./data.js";

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

// What the plan says in a scenario, by default the one that is shown.
/** @returns {Weights} */
export const plannedWeights = (scenario = state.scenario) => ({ ...weightsIn(scenario) });
export const shownAtFirst = () => new Set(styles.filter((style) => style.visible).map((style) => style.layer));
/** @returns {State} */
export const firstState = (scenario = BASE) => ({
  scenario, difference: true, weights: plannedWeights(scenario), site: null, cable: null, feature: null, layers: shownAtFirst(), lang: readersLanguage(),
  demand: demandIn(scenario), target: data.info.targets[0] || null, cuts: [], route: null, fades: {}, at: null, pin: null, filters: {}, compare: [], theme: "auto",
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

// What hangs on the scenario: all of it is drawn anew.
const OF_SCENARIO = ["lang", "layers", "weights", "demand", "target", "cuts"];
/** @type {Weights | null} */
let setAside = null; // weights of the reader, while a scenario shows its own

// Weights and load go with the scenario where they are the plan's; a scenario's own weights go
// before the reader's, which come back with the next one.
/** @param {string} scenario @returns {Partial<State>} */
function followScenario(scenario) {
  const wasPlanned = isPlanned(), wasAsked = state.demand === demandIn(state.scenario);
  const hasOwn = hasOwnWeights(scenario);
  const readers = wasPlanned ? setAside : state.weights;
  setAside = hasOwn ? readers : null;
  enterScenario(scenario);
  return {
    weights: hasOwn || !readers ? plannedWeights(scenario) : readers,
    demand: wasAsked ? demandIn(scenario) : state.demand,
    ...(state.site && !findRow("parks", state.site) ? { site: null } : {}),
    compare: state.compare.filter((id) => findRow("parks", id)),
    ...(state.cable && !findRow("fibre", state.cable) ? { cable: null } : {}),
    route: null,
  };
}

/** @param {Partial<State>} wanted @param {How} [how] */
export function change(wanted, { origin = "page" } = {}) {
  const patch = complete(wanted);
  const { scenario } = patch;
  const isOther = scenario !== undefined && scenario !== state.scenario;
  const all = isOther ? { ...followScenario(scenario), ...patch } : patch;
  Object.assign(state, all);
  const changed = new Set([...Object.keys(all), ...(isOther ? OF_SCENARIO : [])]);
  for (const listener of listeners) listener(changed, origin);
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
