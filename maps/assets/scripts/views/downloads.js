// What one takes along: the ranking as a table, the view as data and as a picture.

import { csvText } from "../pure/csv.js";
import { geometryOf } from "../pure/geojson.js";
import { BASE, criteria, data, findLayer, findRow, layers } from "../state/data.js";
import { ranking, scoresOf } from "../state/ranking.js";
import { state } from "../state/store.js";
import { featureName, inTongue, say, valueWord, word } from "../state/words.js";
import { saveFile } from "./copying.js";
import { h } from "./elements.js";
import { reachOf } from "./paths.js";
import { makePicture } from "./picture.js";
import { isShown, stage } from "./stage.js";
import { addMode, tellNews } from "./tools.js";

const ARROW = "M12 4v11M7 10.500l5 5 5-5M4 20h16";

/** @param {unknown} what */
const inName = (what) => String(what).replace(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, 80);
/** @param {string} what */
const fileName = (what) => [inName(data.info.name) || "plan", ...(state.scenario === BASE ? [] : [inName(state.scenario)]), what].join("-");

// Columns end in their units; scores and coverage are shares from 0 to 1.
export function rankingTable() {
  const sum = criteria.reduce((total, name) => total + state.weights[name], 0);
  const head = ["rank", "park_id", "name", "level", "status", "city", "lat_deg", "lon_deg", "score_1", "score_low_1", "score_high_1", "coverage_1",
    ...criteria.flatMap((name) => [`${name}_score_1`, `${name}_weight_pct`]), "scenario", "year"];
  const { ranked, partial, others } = ranking();
  const parks = findLayer("parks");
  const rows = [...ranked, ...partial, ...others].map((score) => {
    const row = /** @type {Row} */ (findRow("parks", score.id));
    const [lon, lat] = parks.shapes[parks.byId.get(score.id) ?? -1];
    const parts = scoresOf(score.id);
    return [score.rank ?? null, score.id, inTongue(row, "name"), valueWord(row.level), valueWord(row.status), row.city, lat, lon,
      score.total, score.low, score.high, score.coverage,
      ...criteria.flatMap((name) => [parts[name]?.value ?? null, sum ? (100 * state.weights[name]) / sum : null]), data.info.scenario, data.info.year];
  });
  return { head, rows };
}

/** @param {Layer} layer @param {number} i */
function featureOf(layer, i) {
  const row = layer.rows[i];
  const told = ["name_zh", "name_en", ...layer.card, "accuracy_m", "source_id"].filter((field) => row[field] !== undefined && row[field] !== null);
  return {
    type: "Feature", id: `${layer.name}:${row[layer.key]}`, geometry: geometryOf(layer.style.geometry, layer.shapes[i]),
    properties: { layer: layer.name, id: row[layer.key], name: featureName(layer, i), kind: say(layer.rules[i].label),
      ...Object.fromEntries(told.map((field) => [field, row[field]])) },
  };
}

// The features that are shown and in view, each whole, with who says so.
export function viewCollection() {
  const view = stage.map.getBounds();
  const features = [...layers.values()].filter(({ name }) => isShown(name)).flatMap((layer) =>
    layer.rows.map((_, i) => i).filter((i) => view.intersects(reachOf(layer, i))).map((i) => featureOf(layer, i)));
  const used = new Set(features.map(({ properties }) => /** @type {Row} */ (properties).source_id));
  const sources = Object.values(data.sources).filter(({ source_id }) => used.has(source_id))
    .map(({ source_id, title, publisher, year, licence, attribution, url, as_of }) => ({ source_id, title, publisher, year, licence, attribution, url, as_of }));
  const { info } = data;
  return {
    type: "FeatureCollection", title: say(info.title), scenario: info.scenario, year: info.year, as_of: info.as_of,
    note: [info.review_number === null ? null : info.review_number || word("note.not_reviewed"), layers.has("fibre") ? word("page.indicative") : null]
      .filter(Boolean).join(" "),
    ...(info.generalised_m === null ? {} : { generalised_m: info.generalised_m }),
    licence: [...new Set(sources.map(({ licence }) => licence))].join("; "), sources, features,
  };
}

const saveRanking = () => {
  const { head, rows } = rankingTable();
  saveFile(new Blob([csvText(head, rows)], { type: "text/csv;charset=utf-8" }), fileName("ranking.csv"));
};
const saveView = () =>
  saveFile(new Blob([JSON.stringify(viewCollection())], { type: "application/geo+json" }), fileName("view.geojson"));
const savePicture = () => makePicture().then((blob) => saveFile(blob, fileName("view.png")), () => tellNews(word("page.download_no_picture")));

export function startDownloads() {
  /** @type {(key: string, title: string, save: () => void) => HTMLElement} */
  const row = (key, title, save) => h("button", { type: "button", class: "plain-button", "data-save": key, onclick: save }, word(title));
  addMode({
    name: "download", title: "page.tool_download", icon: ARROW,
    fill: () => [h("div", { class: "tool-list" }, row("csv", "page.download_csv", saveRanking),
      row("geojson", "page.download_geojson", saveView), row("png", "page.download_png", savePicture))],
  });
}
