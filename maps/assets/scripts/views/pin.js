// A place that the reader named by its coordinates: a pin on the map, and what of the plan is nearest to it.

import { spellCoordinates } from "../pure/coordinates.js";
import { geodesicKm } from "../pure/geodesic.js";
import { shortNumber } from "../pure/numbers.js";
import { findLayer } from "../state/data.js";
import { change, onChange, state } from "../state/store.js";
import { featureName, word } from "../state/words.js";
import { $, h, svg } from "./elements.js";
import { stage } from "./stage.js";
import { showFeature } from "./viewport.js";

const TOLD = { parks: "page.pin_parks", nodes: "page.pin_nodes", substations: "page.pin_substations" };
const SIZE_PX = 30;
const PIN = "M12 1C7.6 1 4 4.6 4 9c0 6 8 14 8 14s8-8 8-14c0-4.4-3.6-8-8-8Zm0 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6Z";

/** @type {L.Marker | null} */
let marker = null;
/** @type {HTMLElement} */
let told;

/** @param {Layer} layer @param {Spot} spot */
function nearestIn(layer, spot) {
  let best = { i: -1, km: Infinity };
  layer.shapes.forEach(([lon, lat], i) => {
    const km = geodesicKm(spot, [lat, lon]);
    if (km < best.km) best = { i, km };
  });
  return best;
}

/** @param {string} name @param {string} title @param {Spot} spot */
function nearestLine(name, title, spot) {
  const layer = findLayer(name);
  const { i, km } = nearestIn(layer, spot);
  if (i < 0) return null;
  const id = String(layer.rows[i][layer.key]);
  return h("li", { "data-nearest": name }, `${word(title)} `,
    h("button", { type: "button", class: "link", onclick: () => showFeature(name, id) }, featureName(layer, i)),
    ` ${shortNumber(km)}\u2009km`);
}

function tell() {
  const spot = state.pin;
  told.hidden = !spot;
  if (!spot) { told.replaceChildren(); return; }
  told.replaceChildren(
    h("strong", {}, spellCoordinates(spot)),
    h("button", { type: "button", class: "close", title: word("page.pin_remove"), "aria-label": word("page.pin_remove"), onclick: () => change({ pin: null }) }, "×"),
    h("p", { class: "hint" }, word("page.pin_nearest")),
    h("ul", {}, Object.entries(TOLD).map(([name, title]) => nearestLine(name, title, spot)).filter((line) => line !== null)));
}

function draw() {
  marker?.remove();
  marker = null;
  if (!state.pin) return;
  const icon = L.divIcon({
    className: "pin", iconSize: [SIZE_PX, SIZE_PX], iconAnchor: [SIZE_PX / 2, SIZE_PX],
    html: /** @type {any} */ (svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: PIN }))),
  });
  marker = L.marker(state.pin, { icon, pane: "steppe-marks", interactive: false, keyboard: false }).addTo(stage.map);
}

export function startPin() {
  told = h("div", { class: "pin-told", id: "pin", role: "status", hidden: true });
  $("search-section").append(told);
  onChange((changed) => {
    if (changed.has("pin")) draw();
    if (changed.has("pin") || changed.has("lang")) tell();
  });
}
