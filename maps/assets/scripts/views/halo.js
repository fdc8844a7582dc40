// What is chosen stands out on the map.

import { indexIn } from "../state/data.js";
import { isMarked, litCables } from "../state/marked.js";
import { state } from "../state/store.js";
import { makePath } from "./paths.js";
import { findDrawn, isShown, rendererOf, stage } from "./stage.js";

export const halo = L.layerGroup();

export function drawHalo() {
  halo.clearLayers();
  lightCable();
  const { site, cable, feature } = state;
  if (feature && isShown(feature.layer)) drawFeature(feature);
  if (site && isShown("parks")) {
    const { layer, members } = findDrawn("parks");
    const i = indexIn(layer, site);
    const [lon, lat] = layer.shapes[i];
    const options = { pane: "steppe-halo", interactive: false };
    L.circle([lat, lon], { ...options, radius: layer.rows[i].accuracy_m || 0, className: "accuracy" }).addTo(halo);
    L.circleMarker(members.get(i).getLatLng(), { ...options, radius: members.get(i).getRadius() + 5, className: "chosen" }).addTo(halo);
  }
  if (cable && isShown("fibre")) {
    const { layer } = findDrawn("fibre");
    const i = indexIn(layer, cable);
    const options = { pane: "steppe-halo", renderer: rendererOf("steppe-halo"), interactive: false };
    makePath(layer, i, { ...options, weight: 9, opacity: 1, dashArray: null, className: "chosen-line" }).addTo(halo);
  }
}

// A ring around a marker, the outline of anything else.
/** @param {Feature} feature */
function drawFeature({ layer: name, id }) {
  const { layer } = findDrawn(name);
  const i = indexIn(layer, id);
  const options = { pane: "steppe-marks", renderer: rendererOf("steppe-marks"), interactive: false };
  if (layer.style.geometry === "marker") {
    const [lon, lat] = layer.shapes[i];
    L.circleMarker([lat, lon], { ...options, radius: layer.rules[i].symbol.size_px / 2 + 5, className: "chosen chosen-feature" }).addTo(halo);
  } else makePath(layer, i, { ...options, weight: 4, opacity: 1, fill: false, dashArray: null, className: "chosen-line chosen-feature" }).addTo(halo);
}

function lightCable() {
  if (!isShown("fibre")) return;
  const { layer, members, places } = findDrawn("fibre");
  const lit = litCables();
  stage.map.getPane("steppe-fibre")?.classList.toggle("dimmed", lit.size > 0 || isMarked());
  members.forEach((member, i) => member.getElement().classList.toggle("on", lit.has(layer.rows[i].cable_id)));
  // Of a heap they are drawn once more, by themselves.
  const options = { pane: "steppe-fibre", renderer: rendererOf("steppe-fibre"), interactive: false };
  if (places) lit.forEach((id) => makePath(layer, indexIn(layer, id), options).addTo(halo));
}

/** @param {string | null} id */
export function markOnMap(id) {
  if (!isShown("parks")) return;
  const { layer, members } = findDrawn("parks");
  members.forEach((member) => member.getElement() && member.getElement().classList.remove("hot"));
  if (id && layer.byId.has(id)) members.get(indexIn(layer, id)).getElement().classList.add("hot");
}
