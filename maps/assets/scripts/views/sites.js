// The ranking: a list of sites for each kind of place in it.

import { joined } from "../pure/directions.js";
import { percent } from "../pure/numbers.js";
import { own } from "../pure/tables.js";
import { data, findLayer, indexIn } from "../state/data.js";
import { isFiltered, isWanted } from "../state/filters.js";
import { isWeighted, ranking, rankShift } from "../state/ranking.js";
import { change, hover, isPlanned, state } from "../state/store.js";
import { cityName, fill, named, placeName, rowName, valueWord, word } from "../state/words.js";
import { barParts } from "./criteria.js";
import { $, focused, h } from "./elements.js";
import { requestBadge } from "./asked.js";
import { compareBox } from "./compare.js";
import { chanceOf, chanceText } from "./sure.js";

// Parks that a plan holds its own against say so in their role.
/** @param {Row} row */
const isComparison = (row) => String(row.role || "").startsWith("comparison");

const assumed = new Set(Object.keys(data.measures).filter((id) => own(data.measures, id, []).some((row) => row.status === "assumed")));
/** @param {string} id */
const isAssumed = (id) => assumed.has(id);
/** @type {Map<string, ReturnType<typeof makeItem>>} */
const items = new Map();
const FIRST_ROWS = 50; // of a list; the others come when they are asked for
/** @type {Map<string, number>} */
const shownRows = new Map();

/** @param {string} id */
function makeItem(id) {
  const parts = {
    rank: h("span", { class: "rank" }),
    name: h("span", { class: "names" }),
    total: h("span", { class: "total" }),
    bar: h("span", { class: "bar", "aria-hidden": "true" }),
    notes: h("span", { class: "notes" }),
  };
  const button = h("button", { type: "button", class: "row", onclick: () => change({ site: id, cable: null }, { origin: "list" }) },
    parts.rank, parts.name, parts.total, parts.bar, parts.notes);
  const box = compareBox(id);
  const item = h("li", {
    "data-site": id,
    onmouseenter: () => hover(id), onmouseleave: () => hover(null),
    onfocusin: () => hover(id), onfocusout: () => hover(null),
  }, button, box);
  return { item, button, box, ...parts };
}

/** @param {string} id */
function itemOf(id) {
  const item = items.get(id) ?? makeItem(id);
  if (!items.has(id)) {
    items.set(id, item);
    markChosen(id, item);
  }
  return item;
}

/** @param {SiteScore} score */
function fillItem(score) {
  const place = score.rank;
  const { item, rank, name, total, bar, notes, box } = itemOf(score.id);
  const parks = findLayer("parks");
  const row = parks.rows[indexIn(parks, score.id)];
  rank.textContent = place ? String(place) : "";
  name.textContent = rowName(row);
  box.setAttribute("aria-label", named("page.compare_with", rowName(row)));
  box.title = word("page.compare_with");
  total.textContent = score.total === null ? "–" : score.total.toFixed(3);
  total.title = score.total === null ? word("value.unknown") : `${score.total} (${score.low} – ${score.high})`;
  item.classList.toggle("incomplete", !score.full);
  bar.replaceChildren(...barParts(score));
  const chance = place && isPlanned() ? chanceOf(score.id) : null;
  const shift = rankShift(score);
  notes.replaceChildren(
    h("span", {}, joined([cityName(row), place ? null : valueWord(row.level), valueWord(row.status)])),
    score.full || !isWeighted() ? "" : h("span", { class: "badge" }, fill("page.coverage_of", { share: percent(score.coverage) })),
    requestBadge(score.id),
    isComparison(row) ? h("span", { class: "badge" }, word("page.comparison")) : "",
    isAssumed(score.id) ? h("span", { class: "badge assumed" }, word("page.has_assumed")) : "",
    shift ? h("span", { class: shift > 0 ? "shift up" : "shift down", title: word("page.shift") }, `${shift > 0 ? "▲" : "▼"}${Math.abs(shift)}`) : "",
    chance === null ? "" : h("span", { class: "chance-note" }, chanceText(chance)));
}

// The rows of a list that are in sight, and a button for the rest; nothing of a list that is folded.
/** @param {HTMLElement} list @param {SiteScore[]} rows */
function fillList(list, rows) {
  const kept = rows.filter((row) => isWanted(row.id));
  const most = shownRows.get(list.id) ?? FIRST_ROWS;
  const shown = kept.slice(0, most);
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const before = new Map(isStill ? [] : [...list.children].map((item) => [item, item.getBoundingClientRect().top]));
  const wanted = shown.map((row) => {
    fillItem(row);
    return itemOf(row.id).item;
  });
  showRest(list, kept.length - shown.length);
  if (wanted.every((item, i) => item === list.children[i]) && wanted.length === list.children.length) return;
  const hasFocus = focused();
  list.replaceChildren(...wanted);
  if (hasFocus && list.contains(hasFocus)) hasFocus.focus({ preventScroll: true });
  if (isStill) return;
  const tops = wanted.map((item) => item.getBoundingClientRect().top);
  wanted.forEach((item, i) => {
    const top = before.get(item);
    const moved = top === undefined ? 0 : top - tops[i];
    // What moves is a layer of its own: those that are seen alone.
    if (moved && Math.min(top ?? 0, tops[i]) < innerHeight) item.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: 220, easing: "ease-out" });
  });
}

/** @param {HTMLElement} list @param {number} rest */
function showRest(list, rest) {
  const after = list.nextElementSibling;
  const button = after?.classList.contains("rest") ? after : h("button", {
    type: "button", class: "plain-button rest",
    onclick: () => {
      shownRows.set(list.id, (shownRows.get(list.id) ?? FIRST_ROWS) + FIRST_ROWS);
      fillRanking();
    },
  });
  if (button !== after) list.after(button);
  /** @type {HTMLElement} */ (button).hidden = rest <= 0;
  button.textContent = fill("page.rest_of", { n: Math.min(rest, FIRST_ROWS), all: rest });
}

// Folded, the list waits until it is opened; its names alone follow the language.
/** @param {boolean} isRenamed */
function fillOthers(isRenamed) {
  const { others } = ranking();
  $("others-section").hidden = others.length === 0;
  $("others-count").textContent = countText(others);
  if (!isRenamed && !$("others-section").open) return;
  fillList($("others"), others);
}

/** @param {SiteScore[]} rows */
const countText = (rows) => (isFiltered()
  ? fill("page.filter_shown", { n: rows.filter((row) => isWanted(row.id)).length, all: rows.length }) : String(rows.length));

/** @param {boolean} [isRenamed] */
export function fillRanking(isRenamed = false) {
  const { ranked, partial } = ranking();
  fillList($("ranking"), ranked);
  fillList($("partial"), partial);
  fillOthers(isRenamed);
  $("partial-title").hidden = $("partial-hint").hidden = !partial.some((row) => isWanted(row.id)) || !isWeighted();
  $("weightless").hidden = isWeighted();
  $("ranking-title").textContent = fill("page.ranking", { level: valueWord(data.info.level) });
  $("ranking-count").textContent = countText(ranked);
  $("filter-hint").hidden = !isFiltered();
  if (ranked.length) $("ranking-news").textContent = fill("page.leader", { name: placeName(ranked[0].id) });
}

/** @param {string} id @param {ReturnType<typeof makeItem>} item */
function markChosen(id, { item, button }) {
  const chosen = id === state.site;
  item.classList.toggle("chosen", chosen);
  if (chosen) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
}

export function fillChosen() {
  for (const [id, item] of items) markChosen(id, item);
}

/** @param {string | null} id */
export const showHovered = (id) => {
  for (const [one, { item }] of items) item.classList.toggle("hot", one === id);
};

export function startSites() {
  $("others-section").addEventListener("toggle", () => fillOthers(true));
}
