// Two or three parks side by side.

import { findBest, worthOf } from "../pure/comparing.js";
import { joined } from "../pure/directions.js";
import { shortMoney, shortNumber } from "../pure/numbers.js";
import { weightedScore } from "../pure/scoring.js";
import { own } from "../pure/tables.js";
import { verdictOn } from "../state/asking.js";
import { isCompared, isFull, toggleCompared } from "../state/compared.js";
import { criteria, data, findRow } from "../state/data.js";
import { checksOf, isExcluding } from "../state/lookups.js";
import { ranking, scoresOf } from "../state/ranking.js";
import { change, onChange, state } from "../state/store.js";
import { criterionTitle, fill, inTongue, named, placeName, rowName, say, valueWord, word } from "../state/words.js";
import { $, findAll, h } from "./elements.js";

const FEWEST = 2; // of one park its card tells all
const UNITLESS = new Set(["1", "-", ""]);

/** @param {number | null | undefined} low @param {number | null | undefined} high @param {(value: number) => string} spell */
const band = (low, high, spell) => (low === null || low === undefined || high === null || high === undefined || !(high > low) ? "" : `${spell(low)}–${spell(high)}`);
const score = (/** @type {number} */ value) => value.toFixed(3);

/** @param {string} text @param {string} small @param {number | null} [worth] @returns {Compared} */
const cell = (text, small = "", worth = null) => ({ text, small, worth });
const nothing = () => cell("–");

/** @param {string} title @param {Compared[]} cells @param {string} [key] */
function line(title, cells, key) {
  const best = findBest(cells.map((one) => one.worth));
  return h("tr", { "data-compared": key }, h("th", { scope: "row" }, title), cells.map((one, i) =>
    h("td", { class: best[i] ? "best" : null }, best[i] ? h("span", { class: "best-mark", "aria-hidden": "true" }, "★ ") : null, one.text,
      best[i] ? h("span", { class: "sr-only" }, ` ${word("page.compare_best")}`) : null, one.small ? h("small", {}, one.small) : null)));
}

/** @param {string[]} ids */
function totalLines(ids) {
  const totals = ids.map((id) => weightedScore(state.weights, scoresOf(id), criteria));
  const { ranked } = ranking();
  const ranks = ids.map((id) => ranked.find((row) => row.id === id)?.rank ?? null);
  return [
    line(word("page.compare_rank"), ranks.map((rank) => (rank === null ? cell(word("page.not_ranked")) : cell(String(rank), "", -rank))), "rank"),
    line(word("page.compare_total"), totals.map(({ total, low, high, full }) =>
      (total === null ? nothing() : cell(score(total), band(low, high, score), full ? total : null))), "total"),
  ];
}

/** @param {string[]} ids @param {Criterion} criterion */
function criterionLines(ids, criterion) {
  const parts = ids.map((id) => scoresOf(id)[criterion.name]);
  const scored = criterion.measures.filter((measure) => measure.weight > 0);
  return [
    h("tr", { class: "compare-group", "data-compared": `criterion.${criterion.name}` }, ...line(criterionTitle(criterion.name), parts.map((part) =>
      (!part || part.value === null ? nothing() : cell(score(part.value), band(part.low, part.high, score), part.value)))).children),
    ...scored.map((measure) => measureLine(ids, measure)),
  ];
}

/** @param {string[]} ids @param {Measure} measure */
function measureLine(ids, measure) {
  const unit = UNITLESS.has(measure.unit) ? "" : ` ${measure.unit}`;
  return line(say(measure.title) + unit.replace(/^ (.+)$/, fill("page.bracket", { text: "$1" })), ids.map((id) => {
    const row = own(data.measures, id, []).find((one) => one.measure_id === measure.id);
    if (!row || row.status === "unknown") return cell(word("value.unknown"));
    if (row.value === undefined) return cell(inTongue(row, "text") ?? "–");
    return cell(shortNumber(row.value), band(row.low, row.high, shortNumber), worthOf(measure, row.value));
  }), measure.id);
}

/** @param {string[]} ids @param {string} target */
function tripLine(ids, target) {
  return line(`→ ${placeName(target)} (ms)`, ids.map((id) => {
    const row = data.latency.find((one) => one.from_id === id && one.to_id === target);
    return !row || row.rtt_ms === null || row.status === "unknown" ? cell(word("value.unknown"))
      : cell(shortNumber(row.rtt_ms), band(row.rtt_low_ms, row.rtt_high_ms, shortNumber), -row.rtt_ms);
  }), `rtt.${target}`);
}

/** @param {string[]} ids @param {string} component */
function costLine(ids, component) {
  return line(word(`cost.${component}`), ids.map((id) => {
    const row = data.decision.costs.find((one) => one.site_id === id && one.component === component);
    return !row || row.cost_cny_mw_year === null ? cell(word("value.unknown"))
      : cell(shortMoney(row.cost_cny_mw_year), band(row.low_cny_mw_year, row.high_cny_mw_year, shortMoney), -row.cost_cny_mw_year);
  }), `cost.${component}`);
}

/** @param {string} id */
function excludedBy(id) {
  const names = checksOf(id).filter((row) => !row.rule.scenario && isExcluding(row)).map((row) => inTongue(row.rule, "name") ?? row.rule.rule_id);
  return names.length ? cell(joined(names, word("page.comma"))) : cell(word("page.compare_open"));
}

/** @param {string[]} ids */
function compareTable(ids) {
  const costs = ["energy", "total"].filter((component) =>
    data.decision.costs.some((row) => ids.includes(row.site_id) && row.component === component && row.cost_cny_mw_year !== null));
  const verdicts = ids.map(verdictOn);
  return h("table", { class: "compare" },
    h("caption", { class: "sr-only" }, word("page.compare")),
    h("thead", {}, h("tr", {}, h("td"), ids.map((id) => h("th", { scope: "col" },
      h("button", { type: "button", class: "link", onclick: () => change({ site: id, cable: null }, { origin: "list" }) }, rowName(findRow("parks", id))),
      h("button", { type: "button", class: "plain-button drop", "aria-label": named("page.compare_drop", rowName(findRow("parks", id))), onclick: () => toggleCompared(id) }, "×"))))),
    h("tbody", {}, totalLines(ids), data.info.criteria.map((criterion) => criterionLines(ids, criterion)),
      data.info.targets.length ? h("tr", { class: "compare-group" }, h("th", { scope: "rowgroup", colspan: String(ids.length + 1) }, word("page.latency"))) : null,
      data.info.targets.map((target) => tripLine(ids, target)),
      costs.length ? h("tr", { class: "compare-group" }, h("th", { scope: "rowgroup", colspan: String(ids.length + 1) }, word("page.compare_cost"))) : null,
      costs.map((component) => costLine(ids, component)),
      line(word("page.compare_limits"), ids.map(excludedBy), "excluded"),
      verdicts.some((verdict) => verdict !== null)
        ? line(fill("page.request_of", { mw: state.demand }), verdicts.map((verdict) => (verdict === null ? nothing() : cell(valueWord(verdict)))), "request") : null));
}

function fillCompare() {
  const ids = state.compare;
  const has = document.activeElement !== null && $("compare-section").contains(document.activeElement);
  $("compare-section").hidden = ids.length < FEWEST;
  $("compare").replaceChildren(...(ids.length < FEWEST ? [] : [compareTable(ids)]));
  if (has) $("compare-section").querySelector("button")?.focus({ preventScroll: true });
  $("compare-open").hidden = ids.length === 0;
  $("compare-open").textContent = fill("page.compare_open_n", { n: ids.length });
  /** @type {HTMLButtonElement} */ ($("compare-open")).disabled = ids.length < FEWEST;
  for (const box of /** @type {HTMLInputElement[]} */ (findAll("input[data-compare]"))) showBox(box);
}

/** @param {HTMLInputElement} box */
function showBox(box) {
  box.checked = isCompared(box.dataset.compare ?? "");
  box.disabled = !box.checked && isFull();
}

// The box of a park's row, by which it is set beside others.
/** @param {string} id */
export function compareBox(id) {
  const box = h("input", { type: "checkbox", class: "compare-box", "data-compare": id, onchange: () => toggleCompared(id) });
  showBox(box);
  return box;
}

export function startCompare() {
  $("compare-open").addEventListener("click", () => {
    $("compare-section").scrollIntoView({ block: "start" });
    $("compare-section").querySelector("button")?.focus({ preventScroll: true });
  });
  onChange((changed) => {
    const follows = state.compare.length && (changed.has("weights") || changed.has("demand"));
    if (changed.has("compare") || changed.has("lang") || follows) fillCompare();
  });
}
