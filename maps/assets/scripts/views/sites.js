// The ranking: a list of sites for each kind of place in it.

import { percent } from "../pure/numbers.js";
import { own } from "../pure/tables.js";
import { data, findLayer, indexIn } from "../state/data.js";
import { isWeighted, plannedRanks, ranking } from "../state/ranking.js";
import { change, hover, isPlanned, state } from "../state/store.js";
import { fill, placeName, rowName, valueWord, word } from "../state/words.js";
import { barParts } from "./criteria.js";
import { $, focused, h } from "./elements.js";
import { requestBadge } from "./asked.js";
import { chanceOf, chanceText } from "./sure.js";

// Parks that a plan holds its own against say so in their role.
/** @param {Row} row */
const isComparison = (row) => String(row.role || "").startsWith("comparison");

/** @param {string} id */
const isAssumed = (id) => own(data.measures, id, []).some((row) => row.status === "assumed");
const items = new Map();

/** @param {Row} row */
function makeItem(row) {
  const id = row.park_id;
  const parts = {
    rank: h("span", { class: "rank" }),
    total: h("span", { class: "total" }),
    name: h("span", { class: "names" }),
    bar: h("span", { class: "bar", "aria-hidden": "true" }),
    notes: h("span", { class: "notes" }),
  };
  const button = h("button", { type: "button", class: "row" },
    parts.rank,
    parts.name,
    parts.total, parts.bar, parts.notes);
  const item = h("li", {
    "data-site": id,
    onclick: () => change({ site: id, cable: null }, { origin: "list" }),
    onmouseenter: () => hover(id), onmouseleave: () => hover(null),
    onfocusin: () => hover(id), onfocusout: () => hover(null),
  }, button);
  return { item, button, ...parts };
}

/** @param {SiteScore} score */
function fillItem(score) {
  const place = score.rank;
  const { item, rank, name, total, bar, notes } = items.get(score.id);
  const parks = findLayer("parks");
  const row = parks.rows[indexIn(parks, score.id)];
  rank.textContent = place ? String(place) : "";
  name.textContent = rowName(row);
  total.textContent = score.total === null ? "–" : score.total.toFixed(3);
  total.title = score.total === null ? word("value.unknown") : `${score.total} (${score.low} – ${score.high})`;
  item.classList.toggle("incomplete", !score.full);
  bar.replaceChildren(...barParts(score));
  const chance = place && isPlanned() ? chanceOf(score.id) : null;
  const shift = place && !isPlanned() ? (plannedRanks.get(score.id) ?? place) - place : 0;
  notes.replaceChildren(
    h("span", {}, [row.city, place ? null : valueWord(row.level), valueWord(row.status)].filter(Boolean).join(" · ")),
    score.full || !isWeighted() ? "" : h("span", { class: "badge" }, fill("page.coverage_of", { share: percent(score.coverage) })),
    requestBadge(score.id),
    isComparison(row) ? h("span", { class: "badge" }, word("page.comparison")) : "",
    isAssumed(score.id) ? h("span", { class: "badge assumed" }, word("page.has_assumed")) : "",
    shift ? h("span", { class: shift > 0 ? "shift up" : "shift down", title: word("page.shift") }, `${shift > 0 ? "▲" : "▼"}${Math.abs(shift)}`) : "",
    chance === null ? "" : h("span", { class: "chance-note" }, chanceText(chance)));
}

/** @param {HTMLElement} list @param {SiteScore[]} rows */
function fillList(list, rows) {
  const before = new Map([...list.children].map((item) => [item, item.getBoundingClientRect().top]));
  const wanted = rows.map((row) => {
    fillItem(row);
    return items.get(row.id).item;
  });
  if (wanted.every((item, i) => item === list.children[i]) && wanted.length === list.children.length) return;
  const hasFocus = focused();
  list.replaceChildren(...wanted);
  if (hasFocus && list.contains(hasFocus)) hasFocus.focus({ preventScroll: true });
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const item of wanted) {
    const top = before.get(item);
    const moved = top === undefined ? 0 : top - item.getBoundingClientRect().top;
    if (moved) item.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: 220, easing: "ease-out" });
  }
}

export function fillRanking() {
  const { ranked, partial, others } = ranking();
  fillList($("ranking"), ranked);
  fillList($("partial"), partial);
  fillList($("others"), others);
  $("partial-title").hidden = $("partial-hint").hidden = !partial.length || !isWeighted();
  $("weightless").hidden = isWeighted();
  $("ranking-title").textContent = fill("page.ranking", { level: valueWord(data.info.level) });
  $("ranking-count").textContent = String(ranked.length);
  $("others-section").hidden = others.length === 0;
  $("others-count").textContent = String(others.length);
  if (ranked.length) $("ranking-news").textContent = fill("page.leader", { name: placeName(ranked[0].id) });
}

export function fillChosen() {
  for (const [id, { item, button }] of items) {
    const chosen = id === state.site;
    item.classList.toggle("chosen", chosen);
    if (chosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

/** @param {string | null} id */
export const showHovered = (id) => {
  for (const [one, { item }] of items) item.classList.toggle("hot", one === id);
};

export const makeItems = () => findLayer("parks").rows.forEach((row) => items.set(row.park_id, makeItem(row)));
