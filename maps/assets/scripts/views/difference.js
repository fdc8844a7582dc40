// What is another in the scenario that is shown than in the base, on the map and in its legend.

import { BASE, indexIn, layerAtFirst } from "../state/data.js";
import { ranking, rankShift } from "../state/ranking.js";
import { state } from "../state/store.js";
import { word } from "../state/words.js";
import { $, h } from "./elements.js";
import { makePath } from "./paths.js";
import { SIGNS, movedCables } from "./scenariopick.js";
import { findDrawn, isShown } from "./stage.js";

const PANE = "steppe-difference";
const BAND_PX = 9;
const WORDS = { built: "page.difference_built", gone: "page.difference_gone", changed: "page.difference_changed" };
const KINDS = /** @type {(keyof typeof SIGNS)[]} */ (Object.keys(SIGNS));

export const differences = L.layerGroup();
/** @type {L.Renderer | null} */
let renderer = null; // of what is drawn now

const isTold = () => state.difference && state.scenario !== BASE;

/** @param {keyof typeof SIGNS} kind @param {string} id */
function drawCable(kind, id) {
  const layer = layerAtFirst("fibre");
  const options = { pane: PANE, renderer, interactive: false, opacity: 1, dashArray: null, weight: BAND_PX };
  const line = makePath(layer, indexIn(layer, id), { ...options, className: `difference ${kind}` }).addTo(differences);
  line.getElement().setAttribute("data-difference", id);
  const icon = L.divIcon({ className: `difference-sign ${kind}`, html: h("span", {}, SIGNS[kind]), iconSize: [16, 16] });
  L.marker(line.getCenter(), { pane: "steppe-marks", icon, interactive: false, keyboard: false }).addTo(differences);
}

/** @param {SiteScore} score */
function drawShift(score) {
  const shift = rankShift(score);
  if (!shift) return;
  const { layer, members } = findDrawn("parks");
  const member = members.get(indexIn(layer, score.id));
  const kind = shift > 0 ? "up" : "down";
  const icon = L.divIcon({ className: `rank-shift ${kind}`, html: h("span", {}, `${shift > 0 ? "▲" : "▼"}${Math.abs(shift)}`),
    iconSize: [26, 14], iconAnchor: [-member.getRadius() + 2, member.getRadius() + 12] });
  L.marker(member.getLatLng(), { pane: "steppe-marks", icon, interactive: false, keyboard: false }).addTo(differences)
    .getElement()?.setAttribute("data-shifted", score.id);
}

export function drawDifferences() {
  differences.clearLayers();
  renderer?.remove();
  renderer = null;
  if (!isTold()) return;
  renderer = L.svg({ pane: PANE, padding: 0.4 });
  const moved = movedCables();
  if (isShown("fibre")) for (const kind of KINDS) moved[kind].forEach((id) => drawCable(kind, id));
  if (isShown("parks")) ranking().ranked.forEach(drawShift);
}

// The signs that are drawn, in words.
export function fillDifferenceLegend() {
  $("legend-difference").replaceChildren();
  $("legend-difference").hidden = true;
  if (!isTold()) return;
  const moved = movedCables();
  const rows = KINDS.filter((kind) => moved[kind].length).map((kind) => h("div", { class: "legend-rule" },
    h("span", { class: `difference-key ${kind}`, "aria-hidden": "true" }, SIGNS[kind]), h("span", {}, word(WORDS[kind]))));
  const shifts = ranking().ranked.some((row) => rankShift(row) !== 0)
    ? [h("div", { class: "legend-rule" }, h("span", { class: "rank-shift up" }, "▲1"), h("span", { class: "rank-shift down" }, "▼1"), h("span", {}, word("page.difference_rank")))] : [];
  $("legend-difference").hidden = !(rows.length + shifts.length);
  $("legend-difference").replaceChildren(h("fieldset", {}, h("legend", {}, word("page.difference")), rows, shifts));
}
