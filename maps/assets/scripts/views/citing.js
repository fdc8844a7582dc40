// The sources of a card by number: each stands once, in a list at its end.

import { listIds } from "../pure/tables.js";
import { datedSource } from "../state/references.js";
import { word } from "../state/words.js";
import { h } from "./elements.js";

/** @type {string[]} */
let cited = [];

// A card begins: nothing is cited yet.
export const beginCiting = () => { cited = []; };

/** @param {string} text */
export function cite(text) {
  if (!cited.includes(text)) cited.push(text);
  return h("sup", { title: text }, String(cited.indexOf(text) + 1));
}

// The sources of a row that names them by identifier.
/** @param {string | null | undefined} ids */
export const citeSources = (ids) => [...new Set(listIds(ids).map(datedSource))].map(cite);

export const citedList = () => (cited.length
  ? h("section", { class: "cited" }, h("h3", {}, word("note.sources")),
    h("ol", { class: "provenance" }, cited.map((text, i) => h("li", {}, h("span", {}, String(i + 1)), h("span", {}, text)))))
  : null);
