// Identifiers in words: sources with the year of their data, corridors, cables, places.

import { joined } from "../pure/directions.js";
import { listIds, own } from "../pure/tables.js";
import { data, findRow, layers } from "./data.js";
import { fill, placeName, inTongue, word } from "./words.js";

/** @param {string} id @returns {Row | null} */
const findSource = (id) => own(data.sources, id, null);
/** @param {string} id @returns {string} */
const sourceName = (id) => findSource(id)?.attribution ?? id;
// The same with the year that its data are of.
/** @param {string} id */
export const datedSource = (id) => {
  const source = findSource(id);
  return source ? fill("page.dated", { name: source.attribution, year: source.as_of.slice(0, 4) }) : id;
};
/** @param {string} text */
export const datedSources = (text) => [...new Set(listIds(text).map(datedSource))];

// The sources of all that is on the map, the most used first.
export function mapSources() {
  /** @type {Map<string, number>} */
  const used = new Map();
  const count = (/** @type {string} */ id) => id && used.set(sourceName(id), (used.get(sourceName(id)) || 0) + 1);
  for (const layer of layers.values()) layer.rows.forEach((row) => count(row.source_id));
  data.rasters.forEach((raster) => count(raster.source_id));
  return [...used].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/** @param {string} id */
const corridorName = (id) => {
  const row = findRow("corridors", id);
  return (row && inTongue(row, "name")) || id;
};
/** @param {string} text @param {(id: string) => string} name @param {string} [between] */
const joinNames = (text, name, between = "page.comma") => joined(listIds(text).map(name), word(between));
/** @param {string} text */
export const corridorNames = (text) => joinNames(text, corridorName);
/** @param {string} id */
const nameOf = (id) => {
  const row = findRow("fibre", id) || findRow("risks", id);
  return (row && inTongue(row, "name")) || placeName(id);
};
// Cables, risks and places by name, of identifiers that blanks separate.
/** @param {string} text @param {string} [between] */
export const namesOf = (text, between) => joinNames(text, nameOf, between);
