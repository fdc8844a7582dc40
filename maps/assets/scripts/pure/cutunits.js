// What falls as one, by the names that `steppe backbone --cut` reads: cable:ID, city:NODE, circle:LON,LAT,KM.

import { findInside, readDisc } from "./circles.js";

// Beside cables; a circle has no name of its own.
export const UNIT_KINDS = ["corridor", "risk", "city", "operator", "country"];
const FORM = /^(cable|corridor|city|operator|country|risk|circle):([^]+)$/;
const BETWEEN = /\+(?=(?:cable|corridor|city|operator|country|risk|circle):)/;

// Units that fall together, as the table of cuts joins their names.
/** @param {string | null} text @returns {string[]} */
export const splitUnits = (text) => (text ? [...new Set(text.split(BETWEEN).filter(Boolean))] : []);
/** @param {string[]} ids */
export const joinUnits = (ids) => ids.join("+");

/** @param {string} id */
export const kindOfUnit = (id) => FORM.exec(id)?.[1] ?? null;
/** @param {string} id */
export const nameOfUnit = (id) => FORM.exec(id)?.[2] ?? id;

// The cables and nodes that a unit takes; null for what is none of this graph.
/** @param {Graph} graph @param {string} id @returns {Unit | null} */
export function findUnit(graph, id) {
  const kind = kindOfUnit(id), name = nameOfUnit(id);
  if (kind === null) return null;
  if (kind === "cable") {
    const cable = graph.cableAt.get(name);
    return cable === undefined ? null : { id, kind, cables: [cable], nodes: [] };
  }
  if (kind === "circle") {
    const disc = readDisc(name);
    return disc && { id, kind, ...findInside(graph, disc) };
  }
  const { names, cables, nodes } = graph.units[kind];
  const place = names.indexOf(name);
  return place < 0 ? null : { id, kind, cables: cables[place], nodes: nodes[place] ?? [] };
}

// What falls with some units, by cable: with a node all that end or are joined there.
/** @param {Graph} graph @param {Unit[]} units @returns {Uint8Array} */
export function fellCables({ cables, edges }, units) {
  const fallen = new Uint8Array(cables.length);
  for (const unit of units) {
    for (const cable of unit.cables) fallen[cable] = 1;
    for (const node of unit.nodes) for (let i = edges.since[node]; i < edges.since[node + 1]; i++) fallen[edges.cable[edges.at[i]]] = 1;
  }
  return fallen;
}
