// Words in the language that is chosen, and the names of things.

import { apart } from "../pure/directions.js";
import { data, findRow } from "./data.js";
import { LANGUAGES, state } from "./store.js";

// One of the texts that stand in the order of the languages; what has fewer falls back to English.
/** @param {string[]} texts */
export const say = (texts) => texts[LANGUAGES.indexOf(state.lang)] || texts[LANGUAGES.indexOf("en")] || texts[0];
// What a row tells in its columns of languages.
/** @param {Row} row @param {string} name @returns {string | null} */
export const inTongue = (row, name) => row[`${name}_${state.lang}`] || row[`${name}_en`] || row[`${name}_zh`] || null;
// A language as the document's own attribute names it.
/** @param {string} language */
export const tagOf = (language) => (language === "zh" ? "zh-CN" : language);
/** @param {string} key */
export const word = (key) => {
  if (!Object.hasOwn(data.words, key)) throw new Error(`no word for ${key}`);
  return say(data.words[key]);
};
/** @param {string} key @param {Row} values */
export const fill = (key, values) =>
  word(key).replace(/\{(\w+)\}/g, (_, name) => apart(String(values[name])));
// A name and what it stands for, with the colon of the language.
/** @param {string} key @param {string} text */
export const named = (key, text) => `${word(key)}${word("page.colon")}${apart(text)}`;
// A value of a closed list in words; anything else as the source writes it.
/** @param {unknown} value */
export const valueWord = (value) =>
  Object.hasOwn(data.words, `value.${value}`) ? word(`value.${value}`) : String(value);

// The name of a row in the reader's language; a row of one name goes by that.
/** @param {Row | null} row @returns {string} */
export const rowName = (row) => (row && (inTongue(row, "name") || row.name)) || "";
// Its names in other languages, where they differ.
/** @param {Row} row @returns {string[]} */
export const otherNames = (row) =>
  [...new Set(LANGUAGES.map((code) => row[`name_${code}`]))].filter((name) => name && name !== rowName(row));
/** @param {string} id */
const findPlace = (id) => findRow("nodes", id) || findRow("parks", id) || findRow("towns", id);
/** @param {string} id */
export const placeName = (id) => {
  const row = findPlace(id);
  return (row && inTongue(row, "name")) || String(id);
};
// The name of a feature; a substation without a name goes by its rule's words.
/** @param {Layer} layer @param {number} i @returns {string} */
export const featureName = (layer, i) => rowName(layer.rows[i]) || say(layer.rules[i].label);
// The city of a park: the source's one name for it; in other languages than its own, the park's town.
/** @param {Row} row @returns {string | null} */
export const cityName = (row) => {
  const town = state.lang === "en" ? null : findRow("towns", row.town_id);
  return (town && inTongue(town, "name")) || row.city || null;
};
/** @param {string} name */
export const criterionTitle = (name) => {
  const criterion = data.info.criteria.find((one) => one.name === name);
  return criterion ? say(criterion.title) : name;
};

// A share as so many of 100, without claiming what draws cannot tell.
/** @param {number} share */
export function ofHundred(share) {
  if (share > 0 && share < 0.01) return word("page.share_under");
  if (share > 0.99 && share < 1) return word("page.share_over");
  return fill("page.share_of", { n: Math.round(100 * share) });
}
