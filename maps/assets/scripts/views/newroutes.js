// Where would the next cable run: the questions for new routes that the plan asks, and their answers.

import { shortNumber } from "../pure/numbers.js";
import { data, layers } from "../state/data.js";
import { onChange } from "../state/store.js";
import { fill, inTongue, word } from "../state/words.js";
import { $, h } from "./elements.js";
import { isSaid } from "./fields.js";
import { swatch } from "./paths.js";
import { showFeature } from "./viewport.js";

const ROUTES = "proposed_routes";

// What a route says of itself in its row: how long, and how long light takes.
/** @param {Row} row */
const note = (row) => (isSaid(row.rtt_ms)
  ? fill("page.route_km_ms", { km: row.length_km.toFixed(0), low: shortNumber(row.rtt_low_ms), high: shortNumber(row.rtt_high_ms) })
  : fill("page.route_km", { km: row.length_km.toFixed(1) }));

/** @param {Layer} layer @param {Row} row @param {number} i */
const routeItem = (layer, row, i) => h("li", { "data-proposed-route": row.route_id },
  h("button", { type: "button", class: "row feature-row", onclick: () => showFeature(ROUTES, row.route_id) },
    swatch("line", layer.rules[i].symbol), h("span", {}, inTongue(row, "name")), h("small", {}, note(row))));

/** @param {Layer | undefined} layer @param {Row} question */
function questionPart(layer, question) {
  const rows = layer ? layer.rows.flatMap((row, i) => (row.question_id === question.question_id ? [routeItem(layer, row, i)] : [])) : [];
  return h("section", { "data-question": question.question_id },
    h("h3", {}, inTongue(question, "title")),
    h("p", { class: question.n_routes ? "" : "warning" }, inTongue(question, "text")),
    rows.length ? h("ol", { class: "ranking proposed" }, rows) : null);
}

function fillNewRoutes() {
  const { questions } = data;
  if (!questions.length) return;
  const layer = layers.get(ROUTES);
  $("routes-count").textContent = String(questions.reduce((sum, question) => sum + question.n_routes, 0));
  $("routes").replaceChildren(
    h("p", { class: "warning" }, word("page.routes_warning")),
    ...questions.map((question) => questionPart(layer, question)),
    h("p", { class: "hint" }, word("page.routes_hint")));
}

export function startNewRoutes() {
  $("routes-section").hidden = !data.questions.length;
  onChange((changed) => { if (changed.has("lang")) fillNewRoutes(); });
}
