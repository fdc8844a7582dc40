// What may fall is looked for by name: a text field with a list under it.

import { UNIT_KINDS } from "../pure/cutunits.js";
import { shownGraph, toggleCut, isCut } from "../state/cuts.js";
import { unitKind, unitName } from "../state/cutwords.js";
import { findRow } from "../state/data.js";
import { word } from "../state/words.js";
import { h } from "./elements.js";

const MOST_SHOWN = 12;
// A corridor and a city have names of their own beside these.
const TOLD_ELSEWHERE = new Set(["corridor", "city"]);

/** @returns {string[]} */
function listUnits() {
  const graph = shownGraph();
  if (!graph) return [];
  const others = UNIT_KINDS.flatMap((kind) => graph.units[kind].names
    .filter((name, i) => graph.units[kind].cables[i].length > 0 || (graph.units[kind].nodes[i] ?? []).length > 0)
    .filter((name) => kind !== "risk" || !TOLD_ELSEWHERE.has(findRow("risks", name)?.kind))
    .map((name) => `${kind}:${name}`));
  return [...graph.cables.map((name) => `cable:${name}`), ...others];
}

// What every word of a text stands in, the name, the kind or the identifier; names that begin with it first.
/** @param {string[]} units @param {string} text */
function search(units, text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = units.map((id) => ({ id, name: unitName(id).toLowerCase() }))
    .filter(({ id, name }) => wanted.every((part) => `${name} ${unitKind(id)} ${id}`.toLowerCase().includes(part)));
  const place = (/** @type {string} */ name) => (name.startsWith(wanted[0] ?? "") ? 0 : 1);
  return found.sort((a, b) => place(a.name) - place(b.name)).map(({ id }) => id);
}

export function makePicker() {
  const list = h("ul", { class: "cut-list", id: "cut-list", role: "listbox", hidden: true, "aria-label": word("page.cut") });
  const field = h("input", {
    type: "text", id: "cut-field", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
    "aria-controls": "cut-list", "aria-autocomplete": "list", "aria-label": word("page.cut_field"), placeholder: word("page.cut_placeholder"), title: word("page.cut_hint"),
  });
  /** @type {string[]} */
  let shown = [];
  let at = -1;
  const point = (/** @type {number} */ i) => {
    at = i;
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === at)));
    if (at >= 0) field.setAttribute("aria-activedescendant", `cut-option-${at}`);
    else field.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    point(-1);
  };
  const take = (/** @type {string} */ id) => {
    field.value = "";
    close();
    toggleCut(id);
  };
  const item = (/** @type {string} */ id, /** @type {number} */ i) => h("li", {
    id: `cut-option-${i}`, role: "option", "aria-selected": "false", "data-unit": id,
    onpointerdown: (/** @type {Event} */ event) => { event.preventDefault(); take(id); },
  }, h("span", {}, unitName(id)), h("small", {}, isCut(id) ? word("page.cut_restore") : unitKind(id)));
  const open = () => {
    const found = search(listUnits(), field.value);
    shown = found.slice(0, MOST_SHOWN);
    list.replaceChildren(...(shown.length ? shown.map(item) : [h("li", { class: "hint" }, word("page.nothing"))]));
    list.hidden = false;
    list.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-expanded", "true");
    point(field.value && shown.length ? 0 : -1);
  };
  field.addEventListener("input", open);
  field.addEventListener("click", open);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      else if (shown.length) point((at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) take(shown[at]);
    else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); close(); }
  });
  return h("div", { class: "cut-picker" }, field, list);
}
