// Where else: the sites that a screening of the region proposes, and what each clause takes of it.

import { percent, shortNumber } from "../pure/numbers.js";
import { data, findLayer } from "../state/data.js";
import { onChange } from "../state/store.js";
import { fill, inTongue, named, say, word } from "../state/words.js";
import { $, h } from "./elements.js";
import { swatch } from "./paths.js";
import { showFeature } from "./viewport.js";

export const PROPOSED = "proposed_sites";

const km2 = (/** @type {number} */ area) => Math.round(area).toLocaleString("en").replaceAll(",", "\u202f");

/** @param {Layer} layer @param {Row} row @param {number} i */
function siteItem(layer, row, i) {
  const note = fill("page.proposed_note", {
    score: row.land_score.toFixed(3), low: row.low_rank, high: row.high_rank, n: row.n_compared,
  });
  return h("li", { "data-proposed": row.site_id }, h("button", { type: "button", class: "row feature-row", onclick: () => showFeature(PROPOSED, row.site_id) },
    swatch("marker", layer.rules[i].symbol), h("span", {}, inTongue(row, "name")), h("small", {}, note)));
}

// What each clause takes, alone and with others, as bars on one scale.
/** @param {Row} whole @param {Row[]} lost */
function lostTable(whole, lost) {
  const most = Math.max(...lost.map((row) => row.lost_km2));
  const wide = (/** @type {number} */ area) => ({ width: `${(100 * area) / most}%` });
  return h("table", { class: "swings area-lost" },
    h("caption", {}, fill("page.area_lost", { lost: km2(whole.lost_km2), region: km2(whole.region_km2), share: percent(whole.lost_km2 / whole.region_km2) })),
    h("thead", { class: "sr-only" }, h("tr", {}, ["page.area_lost_rule", "page.area_lost_km2"].map((key) => h("th", { scope: "col" }, word(key))))),
    h("tbody", {}, lost.map((row) => h("tr", { "data-rule": row.rule_id },
      h("th", { scope: "row" }, inTongue(row, "name")),
      h("td", {}, h("div", { class: "shares", "aria-hidden": "true" },
        h("span", { class: "share lost-whole", style: wide(row.lost_km2) }), h("span", { class: "share lost-alone", style: wide(row.alone_km2) })),
      h("span", { class: "swing-ends" }, fill("page.area_lost_of", { lost: km2(row.lost_km2), alone: km2(row.alone_km2) })))))));
}

function fillWhereElse() {
  const { proposals } = data;
  if (!proposals) return;
  const { whole, lost, untold } = proposals;
  const layer = findLayer(PROPOSED);
  $("proposals-count").textContent = String(layer.rows.length);
  const trial = whole.auc === undefined ? null
    : fill("page.back_test", { n: whole.n_parks, cities: whole.n_cities, auc: whole.auc.toFixed(2), low: whole.auc_low.toFixed(2), high: whole.auc_high.toFixed(2) });
  $("proposals").replaceChildren(...[
    h("p", {}, fill("page.proposed_lead", { n: layer.rows.length, mw: shortNumber(whole.demand_mw), km: shortNumber(whole.cell_m / 1000), spacing: shortNumber(whole.spacing_km) })),
    h("p", { class: "warning" }, word("page.proposed_warning")),
    h("ol", { class: "ranking proposed" }, layer.rows.map((row, i) => siteItem(layer, row, i))),
    h("p", { class: "hint" }, fill("page.proposed_ranks", { n: layer.rows[0]?.n_compared ?? 0 })),
    lost.length ? lostTable(whole, lost) : null,
    untold.length ? h("p", { class: "hint" }, named("page.area_untold", untold.map((row) => inTongue(row, "name")).join(word("page.semicolon")))) : null,
    trial ? h("p", { "data-told": "back_test" }, trial) : null,
    trial ? h("p", { class: "hint" }, word("page.back_test_caveat")) : null,
    h("p", { class: "hint" }, fill("page.surfaces_shown", {
      km: shortNumber(whole.shown_m / 1000), pue: shortNumber(whole.pue_off_at_most ?? 0), wue: shortNumber(whole.wue_off_at_most ?? 0), hours: shortNumber(whole.free_cooling_off_at_most ?? 0),
    })),
  ].filter((part) => part !== null));
}

/** @param {Measure[]} measures @param {string} id */
const measureNamed = (measures, id) => measures.find((one) => one.id === id);

// What was measured at a proposed site, as at the parks.
/** @param {string} siteId */
export function proposedMeasures(siteId) {
  const rows = (data.proposals?.measures ?? []).filter((/** @type {Row} */ row) => row.site_id === siteId);
  const all = data.info.criteria.flatMap((criterion) => criterion.measures);
  return [h("h3", {}, word("table.proposed_measures")), h("dl", { class: "fields" }, rows.flatMap((/** @type {Row} */ row) => {
    const measure = measureNamed(all, row.measure_id);
    const unit = row.unit === "1" ? "" : `\u2009${row.unit}`;
    const band = row.low === undefined || row.high === undefined || row.low === row.high ? "" : ` (${shortNumber(row.low)}–${shortNumber(row.high)})`;
    const told = row.value === undefined ? word("value.unknown") : `${shortNumber(row.value)}${unit}${band}`;
    return [h("dt", {}, measure ? say(measure.title) : row.measure_id), h("dd", {}, told)];
  }))];
}

export function startWhereElse() {
  $("proposals-section").hidden = !data.proposals;
  onChange((changed) => { if (changed.has("lang")) fillWhereElse(); });
}
