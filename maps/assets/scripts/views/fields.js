// What is known of a feature, field by field, with who says so and where.

import { joined } from "../pure/directions.js";
import { shortNumber } from "../pure/numbers.js";
import { findRow } from "../state/data.js";
import { corridorNames, datedSource, namesOf } from "../state/references.js";
import { named, otherNames, rowName, valueWord, word } from "../state/words.js";
import { cite } from "./citing.js";
import { h } from "./elements.js";

/** @type {Record<string, (text: string) => string>} */
const references = {
  parent_id: (id) => nameIn("parks", id),
  town_id: (id) => nameIn("towns", id), node_id: (id) => nameIn("nodes", id),
  from_node: (id) => nameIn("nodes", id), to_node: (id) => nameIn("nodes", id),
  corridors: (text) => corridorNames(text), cables: (text) => namesOf(text), source_id: (id) => datedSource(id),
};

/** @param {string} layer @param {string} id */
const nameIn = (layer, id) => rowName(findRow(layer, id)) || id;
const plainNumbers = new Set(["year", "pga_g"]);

/** @param {string} field @param {any} value */
function fieldText(field, value) {
  if (Object.hasOwn(references, field)) return references[field](value);
  if (typeof value !== "number") return valueWord(value);
  return plainNumbers.has(field) ? String(value) : shortNumber(value);
}

/** @param {any} value */
export const isSaid = (value) => value !== null && value !== undefined && value !== "";

/** @param {Row} fact */
const provenance = (fact) => joined([valueWord(fact.kind), datedSource(fact.source_id), fact.place_in_text, fact.reason]);

// The fields that are known, each with numbers that lead to who says so and where.
/** @param {Layer} layer @param {Row} row @param {Row[]} facts */
export function fields(layer, row, facts) {
  const known = layer.card.filter((field) => isSaid(row[field]));
  const refer = (/** @type {string} */ field) => facts.filter((fact) => fact.field === field).map((fact) => cite(provenance(fact)));
  return [
    h("dl", { class: "fields" }, otherNames(row).flatMap((name) => [h("dt", {}, word("page.other_name")), h("dd", {}, name)]), known.flatMap((field) => [
      h("dt", {}, word(`field.${field}`)),
      h("dd", { title: typeof row[field] === "number" ? String(row[field]) : null }, fieldText(field, row[field]), refer(field)),
    ])),
  ];
}

/** @param {Layer} layer @param {Row} row */
export function missing(layer, row) {
  const unknown = layer.card.filter((field) => !isSaid(row[field]) && field !== "parent_id");
  if (!unknown.length) return null;
  return h("p", { class: "hint" }, named("page.not_said", ""),
    unknown.map((field) => word(`field.${field}`)).join(word("page.comma")));
}
