// Meridians and parallels under what is planned, with their degrees along the edges of the map.

import { multiples, nameMeridian, nameParallel, stepOf } from "../pure/meridians.js";
import { onChange, state } from "../state/store.js";
import { $, h, svg } from "./elements.js";
import { stage } from "./stage.js";

const EDGE_LAT = 85; // Web Mercator ends there

export const makeGraticule = () => h("div", { class: "graticule", id: "graticule" });

function drawGraticule() {
  $("graticule").replaceChildren();
  if (!state.layers.has("graticule")) return;
  const { map } = stage;
  const shown = map.getBounds();
  const around = shown.pad(0.4); // so much may be dragged into sight
  const corner = map.containerPointToLayerPoint([0, 0]);
  const right = corner.x + map.getSize().x;
  const step = Math.max(stepOf(shown.getEast() - shown.getWest()), stepOf(shown.getNorth() - shown.getSouth()));
  const [south, north] = [Math.max(around.getSouth(), -EDGE_LAT), Math.min(around.getNorth(), EDGE_LAT)];
  const at = (/** @type {number} */ lat, /** @type {number} */ lon) => map.latLngToLayerPoint([lat, lon]);
  const [low, high] = [at(south, around.getWest()), at(north, around.getEast())];
  const lines = [], names = [];
  for (const lon of multiples(around.getWest(), around.getEast(), step)) {
    const { x } = at(0, lon);
    lines.push(`M${x},${low.y}V${high.y}`);
    names.push(h("span", { class: "degrees meridian", style: { left: `${x}px`, top: `${corner.y + 2}px` } }, nameMeridian(lon)));
  }
  for (const lat of multiples(south, north, step)) {
    const { y } = at(lat, 0);
    lines.push(`M${low.x},${y}H${high.x}`);
    names.push(h("span", { class: "degrees parallel", style: { left: `${right - 4}px`, top: `${y}px` } }, nameParallel(lat)));
  }
  $("graticule").append(svg("svg", {}, svg("path", { d: lines.join("") })), ...names);
}

export function startGraticule() {
  stage.map.on("moveend zoomend resize", drawGraticule);
  onChange((changed) => changed.has("layers") && drawGraticule());
}
