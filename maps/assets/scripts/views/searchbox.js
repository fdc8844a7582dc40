// The search: one field for names, identifiers and coordinates.  A combobox as the ARIA Authoring
// Practices Guide has it: the focus stays in the field, arrows walk through the list.

import { readCoordinates } from "../pure/coordinates.js";
import { findBest } from "../pure/search.js";
import { data, findLayer } from "../state/data.js";
import { keyGroups } from "../state/findable.js";
import { change, onChange } from "../state/store.js";
import { featureName, fill, say, word } from "../state/words.js";
import { $, findAll, h } from "./elements.js";
import { showFeature } from "./viewport.js";

const MOST = 20;

/** @type {HTMLInputElement} */
let input;
/** @type {HTMLElement} */
let list;
/** @type {HTMLElement} */
let news;
// What each option does, in their order.
/** @type {(() => void)[]} */
let choices = [];
let active = -1;

/** @param {Child} body @param {() => void} choose */
function option(body, choose) {
  const place = choices.push(choose) - 1;
  return h("li", {
    role: "option", id: `found-${place}`, "aria-selected": "false",
    onmousedown: (/** @type {Event} */ event) => event.preventDefault(), // the focus stays in the field
    onclick: () => take(place),
  }, body);
}

/** @param {string} name @param {Hit[]} hits */
function groupOf(name, hits) {
  const layer = findLayer(name);
  const title = say(layer.style.title);
  return h("li", { role: "presentation" },
    h("p", { class: "found-layer", id: `found-in-${name}`, "aria-hidden": "true" }, title),
    h("ul", { role: "group", "aria-label": title }, hits.map(({ i }) => {
      const id = String(layer.rows[i][layer.key]);
      const choose = () => showFeature(name, id);
      return option([h("span", { class: "found-name" }, featureName(layer, i)), h("small", {}, say(layer.rules[i].label))], choose);
    })));
}

function fillList() {
  const text = input.value.trim();
  choices = [];
  active = -1;
  const spot = readCoordinates(text, data.info.bbox);
  const { n, groups } = findBest(keyGroups(), text, MOST);
  const place = spot ? option(fill("page.search_place", { text }), () => change({ pin: spot, at: [...spot, 9] })) : null;
  const rows = [place, ...groups.map(({ name, hits }) => groupOf(name, hits))].filter((row) => row !== null);
  const told = !text ? "" : n + (spot ? 1 : 0) === 0 ? word("page.search_none")
    : n > MOST ? fill("page.search_more", { n: n - MOST }) : fill("page.search_found", { n: n + (spot ? 1 : 0) });
  list.replaceChildren(...rows, ...(n > MOST || (text && !rows.length) ? [h("li", { role: "presentation", class: "found-rest" }, told)] : []));
  news.textContent = told;
  open(text !== "");
}

/** @param {boolean} isOpen */
function open(isOpen) {
  list.hidden = !isOpen;
  input.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) mark(-1);
}

/** @param {number} place */
function mark(place) {
  active = place;
  for (const one of findAll("[role=option]", list)) one.setAttribute("aria-selected", String(one.id === `found-${place}`));
  if (place < 0) input.removeAttribute("aria-activedescendant");
  else {
    input.setAttribute("aria-activedescendant", `found-${place}`);
    document.getElementById(`found-${place}`)?.scrollIntoView({ block: "nearest" });
  }
}

/** @param {number} place */
function take(place) {
  const choose = choices[place];
  if (!choose) return;
  open(false);
  choose();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const isOpen = !list.hidden;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing) return; // Enter ends the word that is being made of pinyin
  if (step) {
    event.preventDefault();
    if (!isOpen) fillList();
    if (choices.length) mark((active + step + choices.length + (active < 0 && step < 0 ? 1 : 0)) % choices.length);
  } else if (event.key === "Enter" && isOpen) {
    event.preventDefault();
    take(Math.max(active, 0));
  } else if (event.key === "Escape" && (isOpen || input.value)) {
    event.preventDefault(); // a browser would empty the field at once
    event.stopPropagation(); // the card stays open
    if (isOpen) open(false);
    else input.value = "";
  }
}

export function startSearch() {
  list = h("ul", { role: "listbox", id: "found", class: "found", hidden: true });
  news = h("p", { class: "sr-only", role: "status" });
  input = h("input", {
    type: "search", id: "search", role: "combobox", autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "found",
    oninput: fillList, onkeydown: onKey, onblur: () => open(false),
    onfocus: () => keyGroups(),
  });
  $("search-section").hidden = false;
  $("search-section").prepend(h("div", { class: "search" }, input, list, news));
  onChange((changed) => {
    if (!changed.has("lang")) return;
    input.placeholder = word("page.search_hint");
    input.setAttribute("aria-label", word("page.search"));
    list.setAttribute("aria-label", word("page.search_results"));
    if (!list.hidden) fillList();
  });
}
