// How sure a park's rank is, why it has it, and what would change it: blocks of its card.

import { percent } from "../pure/numbers.js";
import { own } from "../pure/tables.js";
import { BASE, criteria, data } from "../state/data.js";
import { isPlanned, state } from "../state/store.js";
import { criterionTitle, fill, named, ofHundred, inTongue, word } from "../state/words.js";
import { criterionColour } from "./criteria.js";
import { h } from "./elements.js";
import { noteOfBase } from "./scenariotable.js";

const { decision } = data;

/** @param {string} table @param {string} id */
const ofSite = (table, id) => decision[table].filter((row) => row.site_id === id);
const sure = new Map(decision.robustness.map((row) => [row.site_id, row]));
// How often a park is first under the plan's weights; of another scenario no more was drawn.
/** @param {string} id @returns {number | null} */
export const chanceOf = (id) => (state.scenario === BASE ? sure.get(id)?.first_share
  : own(decision.acceptability, id, /** @type {any} */ ({})).plan?.[0]) ?? null;
/** @param {number} share */
export const chanceText = (share) => fill("page.chance", { share: ofHundred(share) });

// What was drawn with the plan's weights does not speak of others.
const movedNote = () => (isPlanned() ? null : h("p", { class: "warning moved" }, word("page.sure_moved")));

/** @param {number} low @param {number} high */
const span = (low, high) => (low === high ? fill("page.rank_of", { rank: low }) : fill("page.rank_range", { low, high }));

/** @param {Row} row */
function figures(row) {
  const told = [
    ["page.nine_of_ten", span(row.low_rank, row.high_rank)],
    ["page.first_planned", fill("page.of_draws", { share: ofHundred(row.first_share) })],
    ["page.first_any", fill("page.of_draws", { share: ofHundred(row.first_share_any) })],
    ...(row.first_share_assumed === null ? [] : [["page.first_assumed", fill("page.of_draws", { share: ofHundred(row.first_share_assumed) })]]),
    ["page.at_values", `${row.at_values.toFixed(3)} · ${fill("page.rank_of", { rank: row.at_values_rank })}`],
    ["page.by_topsis", fill("page.rank_of", { rank: row.topsis_rank })],
  ];
  return h("dl", { class: "fields" }, told.map(([key, text]) => [h("dt", {}, word(key)), h("dd", {}, text)]));
}

// Side by side for each rank: the share with the plan's weights, and with any.
/** @param {string} id */
function ranks(id) {
  const { plan = [], any = [] } = own(decision.acceptability, id, {});
  const count = Math.max(plan.length, any.length);
  if (!count) return null;
  const most = Math.max(...plan, ...any);
  const bar = (/** @type {number} */ share, /** @type {string} */ name) => h("span", { class: `chance ${name}`, style: { height: `${(100 * (share || 0)) / most}%` } });
  const tell = (/** @type {number} */ i) => `${fill("page.rank_of", { rank: i + 1 })}${word("page.colon")}` +
    [["page.with_plan", plan], ["page.with_any", any]].filter(([, shares]) => shares.length).map(([key, shares]) => `${word(key)} ${ofHundred(shares[i] || 0)}`).join(word("page.semicolon"));
  return [
    h("h4", {}, word("table.acceptability")),
    h("ol", { class: "chances" }, Array.from({ length: count }, (_, i) => h("li", { title: tell(i), "data-rank": i + 1 },
      h("span", { class: "sr-only" }, tell(i)),
      h("span", { class: "chance-pair", "aria-hidden": "true" }, bar(plan[i], "plan"), any.length ? bar(any[i], "any") : null),
      h("span", { class: "chance-rank", "aria-hidden": "true" }, String(i + 1))))),
    h("p", { class: "hint keys" }, h("span", { class: "chance-key plan" }), word("page.with_plan"),
      any.length ? [h("span", { class: "chance-key any" }), word("page.with_any")] : null),
  ];
}

// Between which weights it is first, each criterion moved alone.
/** @param {string} id */
function weights(id) {
  const rows = ofSite("weight_ranges", id);
  const order = (/** @type {Row} */ row) => criteria.indexOf(row.criterion);
  const text = (/** @type {Row} */ { low, high }) => (low <= 0 && high >= 1 ? word("page.any_weight")
    : low === high ? percent(low) : `${percent(low)} – ${percent(high)}`);
  return [
    h("h4", {}, word("page.weights_first")),
    rows.length ? null : h("p", { class: "hint" }, word("page.never_first")),
    h("ul", { class: "weight-ranges" }, [...rows].sort((a, b) => order(a) - order(b)).map((row) => h("li", { "data-range": row.criterion },
      h("span", {}, criterionTitle(row.criterion)),
      h("span", { class: "range-track", "aria-hidden": "true" }, h("span", { class: "piece", style: {
        left: `${100 * row.low}%`, width: `${Math.max(2, 100 * (row.high - row.low))}%`, background: criterionColour(row.criterion) } })),
      h("span", { class: "range-text" }, text(row))))),
  ];
}

/** @type {Record<string, string>} */
const SIGNS = { lifted: "▲", held: "▼" };

/** @param {string} id */
function reasons(id) {
  const rows = ofSite("explanations", id);
  const scored = ["lifted", "held"].flatMap((kind) => rows.filter((row) => row.kind === kind));
  const lines = (/** @type {string} */ kind, /** @type {string} */ key) => rows.filter((row) => row.kind === kind).map((row) =>
    h("p", { class: "sentence-line", "data-told": kind }, h("b", {}, named(key, "")), inTongue(row, "text")));
  return [
    scored.length ? h("h4", {}, word("page.why")) : null,
    scored.length ? h("ul", { class: "reasons" }, scored.map((row) => h("li", { "data-told": row.kind },
      h("span", { class: row.kind === "lifted" ? "shift up" : "shift down", "aria-hidden": "true" }, SIGNS[row.kind]), h("span", {}, inTongue(row, "text"))))) : null,
    lines("climb", "page.climb"), lines("survey", "page.survey"),
  ];
}

// The block of a park's card; nothing of a park that bears no rank.
/** @param {string} id */
export function howSure(id) {
  const row = sure.get(id);
  if (!row && data.info.left_out.includes("robustness")) {
    return h("section", { class: "how-sure" }, h("h3", {}, word("page.sure")), h("p", { class: "hint" }, word("page.left_out")));
  }
  if (state.scenario !== BASE) return sureInScenario(id);
  if (!row) return null;
  return h("section", { class: "how-sure" }, h("h3", {}, word("page.sure")), movedNote(),
    figures(row), ranks(id), weights(id), reasons(id));
}

// Of another scenario the ranks were drawn under its own weights; the rest is told of the base.
/** @param {string} id */
function sureInScenario(id) {
  const share = chanceOf(id);
  const row = sure.get(id);
  if (share === null && !row) return null;
  return h("section", { class: "how-sure" }, h("h3", {}, word("page.sure")), movedNote(),
    share === null ? null : h("dl", { class: "fields" }, h("dt", {}, word("page.first_planned")), h("dd", {}, fill("page.of_draws", { share: ofHundred(share) }))),
    ranks(id),
    row ? h("details", { class: "more" }, h("summary", {}, word("page.scenario_sure_base")), noteOfBase(), figures(row), weights(id), reasons(id)) : null);
}
