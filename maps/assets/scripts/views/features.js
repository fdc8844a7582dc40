// Every feature of every layer, in a list that a keyboard can walk through.

import { fold, gradeOf } from "../pure/search.js";
import { findLayer } from "../state/data.js";
import { findableLayers, keyGroups } from "../state/findable.js";
import { onChange } from "../state/store.js";
import { featureName, fill, say, word } from "../state/words.js";
import { $, findAll, h } from "./elements.js";
import { swatch } from "./paths.js";
import { showFeature } from "./viewport.js";

const AT_ONCE = 50;

/** @type {HTMLSelectElement} */
let select;
/** @type {HTMLInputElement} */
let filter;
/** @type {HTMLElement} */
let list;
/** @type {HTMLElement} */
let rest;
let n_shown = AT_ONCE;

function wanted() {
  const query = fold(filter.value);
  const rows = findLayer(select.value).rows.map((_, i) => i);
  if (!query) return rows;
  const keys = keyGroups().find(({ name }) => name === select.value)?.keys ?? [];
  return rows.filter((i) => gradeOf(keys[i], query) !== null);
}

/** @param {Layer} layer @param {number} i */
function item(layer, i) {
  const id = String(layer.rows[i][layer.key]);
  const { geometry } = layer.style;
  const label = say(layer.rules[i].label);
  const name = featureName(layer, i);
  // What has no name of its own goes by its kind, and by its identifier to be told apart.
  const note = name === label ? id : label;
  return h("li", { "data-feature": id }, h("button", { type: "button", class: "row feature-row", onclick: () => showFeature(layer.name, id) },
    swatch(geometry, layer.rules[i].symbol), h("span", {}, name), h("small", {}, note)));
}

function fillList() {
  const layer = findLayer(select.value);
  const found = wanted();
  const shown = found.slice(0, n_shown);
  list.replaceChildren(...shown.map((i) => item(layer, i)));
  const left = found.length - shown.length;
  rest.replaceChildren(
    h("span", { role: "status" }, fill("page.features_shown", { shown: shown.length, n: found.length })),
    ...(left ? [h("button", { type: "button", class: "plain-button", onclick: showMore }, fill("page.features_more", { n: Math.min(left, AT_ONCE) }))] : []));
}

function showMore() {
  const before = n_shown;
  n_shown += AT_ONCE;
  fillList();
  findAll("button", list)[before]?.focus();
}

function restart() {
  n_shown = AT_ONCE;
  fillList();
}

function speak() {
  const chosen = select.value;
  select.replaceChildren(...findableLayers.map(({ name, style, rows }) => h("option", { value: name }, `${say(style.title)} (${rows.length})`)));
  select.value = findableLayers.some(({ name }) => name === chosen) ? chosen : findableLayers[0]?.name ?? "";
  select.setAttribute("aria-label", word("page.features_layer"));
  filter.placeholder = word("page.features_filter");
  filter.setAttribute("aria-label", word("page.features_filter"));
}

export function startFeatures() {
  const section = $("features-section");
  section.hidden = !findableLayers.length;
  select = h("select", { id: "features-layer", onchange: restart });
  filter = h("input", { type: "search", id: "features-filter", autocomplete: "off", oninput: restart });
  list = h("ul", { class: "ranking features", id: "features" });
  rest = h("p", { class: "features-rest" });
  const n_all = findableLayers.reduce((sum, { rows }) => sum + rows.length, 0);
  section.replaceChildren(
    h("summary", {}, h("span", { "data-word": "page.features" }), h("span", { class: "count" }, String(n_all))),
    h("p", { class: "features-choice" }, select, filter), list, rest);
  section.addEventListener("toggle", () => section.open && fillList());
  onChange((changed) => {
    if (!changed.has("lang")) return;
    speak();
    if (section.open) fillList();
  });
}
