// The plan's data, as the page carries them.

import { pickRule } from "../pure/rules.js";
import { mergeLayer, variantOf } from "../pure/scenarios.js";
import { featuresOf, own, unpack } from "../pure/tables.js";

export const data = unpack(JSON.parse(document.getElementById("data")?.textContent ?? ""));
export const criteria = data.info.criteria.map((criterion) => criterion.name);

/** @param {Row} packed @returns {Layer} */
function unpackLayer(packed) {
  const rows = featuresOf(/** @type {any} */ (packed));
  return /** @type {any} */ ({
    ...packed,
    name: packed.style.layer,
    rows,
    rules: rows.map((row) => pickRule(packed.style.rules, row)),
    byId: new Map(rows.map((row, i) => [row[packed.key], i])),
  });
}

/** @type {Map<string, Layer>} */
export const layers = new Map(data.layers.map((packed) => [packed.style.layer, unpackLayer(packed)]));

/** @type {Layer} */
const none = /** @type {any} */ ({ rows: [], byId: new Map(), rules: [], shapes: [] });
/** @param {string} name */
export const findLayer = (name) => layers.get(name) || none;
/** @param {Layer} layer @param {string | null} id @returns {number} */
export const indexIn = (layer, id) => layer.byId.get(/** @type {string} */ (id)) ?? -1;
/** @param {string} name @param {string | null} id @returns {Row | null} */
export const findRow = (name, id) => {
  const layer = findLayer(name);
  return layer.rows[indexIn(layer, id)] ?? null;
};

// ---------------------------------------------------------------- scenarios

export const BASE = data.info.scenario;
// The data as the base has them, whatever scenario is shown.
export const base = { ...data, info: { ...data.info }, decision: { ...data.decision } };
export const scenarioNames = [BASE, ...Object.keys(data.variants)];
/** @param {string} name @returns {Row | null} */
export const variantNamed = (name) => own(data.variants, name, null);
/** @param {string} name @returns {Weights} */
export const weightsIn = (name) => variantNamed(name)?.weights
  ?? Object.fromEntries(base.info.criteria.map((criterion) => [criterion.name, criterion.weight]));
// Whether a scenario weighs otherwise than the base.
/** @param {string} name */
export const hasOwnWeights = (name) => criteria.some((one) => weightsIn(name)[one] !== weightsIn(BASE)[one]);
/** @param {string} name @returns {number | null} */
export const demandIn = (name) => {
  const request = variantNamed(name)?.request;
  return (request === undefined ? base.request : request)?.demand_mw ?? null;
};

/** @param {Layer} layer */
const partsOf = ({ rows, shapes, rules, byId }) => ({ rows, shapes, rules, byId });
const layersAtFirst = new Map([...layers].map(([name, layer]) => [name, partsOf(layer)]));
// A layer as the base has it: what a scenario takes away is drawn from there.
/** @param {string} name @returns {Layer} */
export const layerAtFirst = (name) => ({ ...findLayer(name), ...layersAtFirst.get(name) });

/** @param {string} name @returns { { gone: string[], rows: Record<string, Row> } } */
export const changesIn = (name, layer = "fibre") => variantNamed(name)?.layers[layer] ?? { gone: [], rows: {} };

// Whether a scenario has a feature of a layer.
/** @param {string} scenario @param {string} layer @param {string | null} id */
export const existsIn = (scenario, layer, id) =>
  Boolean(layersAtFirst.get(layer)?.byId.has(/** @type {string} */ (id))) && !changesIn(scenario, layer).gone.includes(/** @type {string} */ (id));

const found = new Map();
/** @param {string} name @returns {ReturnType<typeof variantOf>} */
function findVariant(name) {
  if (!found.has(name)) found.set(name, variantOf(/** @type {any} */ (base), name));
  return found.get(name);
}

// Puts a scenario's own rows into the data: all that read them find them there.
/** @param {string} name */
export function enterScenario(name) {
  const variant = name === BASE ? null : findVariant(name);
  Object.assign(data, { ...base, ...variant?.tables, info: data.info, decision: data.decision });
  Object.assign(data.info, base.info, variant?.info);
  Object.assign(data.decision, base.decision, variant?.decision);
  for (const [layerName, layer] of layers) {
    Object.assign(layer, layersAtFirst.get(layerName));
    const moved = changesIn(name, layerName);
    if (moved.gone.length + Object.keys(moved.rows).length) Object.assign(layer, mergeLayer(layer, moved));
  }
}
