// The plan's data, as the page carries them.

import { pickRule } from "../pure/rules.js";
import { featuresOf, unpack } from "../pure/tables.js";

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
