// Where much stands in one place markers make room for one another.

import { spreadCircles } from "../pure/markers.js";
import { findLayer } from "../state/data.js";
import { $, svg } from "./elements.js";
import { drawn, findDrawn, isShown, stage } from "./stage.js";

const FULL_SIZE_ZOOM = 5.5;
const SMALL_RADIUS_PX = 3; // smaller nodes give way to labels
const CROWD_GAP_PX = 2;

// On a small map of the whole region full-sized markers would bury it.
export const markerScale = () => Math.min(1, Math.max(0.5, (stage.map.getZoom() - FULL_SIZE_ZOOM) / 3 + 1));


// What share of the map the parks in view may cover: of very many each is drawn smaller.
const MOST_COVERED = 0.12;
let parkScale = 1;
function scaleParks() {
  const layer = findLayer("parks");
  const bounds = stage.map.getBounds();
  const { x, y } = stage.map.getSize();
  let covered = 0;
  layer.shapes.forEach(([lon, lat], i) => {
    if (bounds.contains([lat, lon])) covered += Math.PI * ((layer.rules[i].symbol.size_px / 2) * markerScale()) ** 2;
  });
  parkScale = Math.min(1, Math.sqrt((MOST_COVERED * x * y) / covered));
}

/** @param {Layer} layer @param {number} i */
const radiusOf = (layer, i) => (layer.rules[i].symbol.size_px / 2) * markerScale() * (layer.name === "parks" ? parkScale : 1);

function sizeMarkers() {
  for (const { layer, members } of drawn.values()) {
    // The paths of parks are spelled once, when their places are known.
    if (layer?.style.geometry === "marker" && layer.name !== "parks") members?.forEach((member, i) => member.setRadius(radiusOf(layer, i)));
  }
}

/** @param {Layer} layer @param {number} i */
const pointOf = (layer, i) => stage.map.latLngToLayerPoint([layer.shapes[i][1], layer.shapes[i][0]]);

/** @param {Layer} layer @param {number} i */
export const circleOf = (layer, i) => {
  const { x, y } = pointOf(layer, i);
  return { x, y, r: radiusOf(layer, i) };
};

/** @param {string} name */
export const circlesOf = (name) => {
  const layer = findLayer(name);
  return isShown(name) ? layer.rows.map((_, i) => circleOf(layer, i)) : [];
};

export function spreadParks() {
  scaleParks();
  sizeMarkers();
  $("leaders").replaceChildren();
  if (!isShown("parks")) return;
  const { layer, members } = findDrawn("parks");
  const homes = circlesOf("parks");
  const fixed = [...circlesOf("nodes"), ...circlesOf("ports"), ...circlesOf("proposed_sites")].filter((circle) => circle.r > SMALL_RADIUS_PX);
  const placed = spreadCircles(homes, fixed, CROWD_GAP_PX);
  /** @type {string[]} */
  const leaders = [];
  placed.forEach((circle, i) => {
    const home = homes[i];
    const member = members.get(i);
    member.options.radius = member._radius = circle.r;
    member.setLatLng(stage.map.layerPointToLatLng([circle.x, circle.y]));
    if (Math.hypot(circle.x - home.x, circle.y - home.y) > circle.r) {
      leaders.push(`M${home.x},${home.y}L${circle.x.toFixed(1)},${circle.y.toFixed(1)}`);
    }
  });
  // One path: the browser is slow to lay out thousands of lines that reach out of their frame.
  if (leaders.length) $("leaders").append(svg("path", { d: leaders.join(""), class: "leader" }));
  layer.placed = placed;
}
