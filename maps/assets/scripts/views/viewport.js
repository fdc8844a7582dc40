// Where the map looks.

import { data, findLayer, indexIn } from "../state/data.js";
import { change, openFeature, state } from "../state/store.js";
import { $ } from "./elements.js";
import { boundsOf, outlineOf } from "./paths.js";
import { stage } from "./stage.js";

const SITE_ZOOM = 8;
const [WEST, SOUTH, EAST, NORTH] = data.info.view;
const FIRST_VIEW = L.latLngBounds([[SOUTH, WEST], [NORTH, EAST]]);

// The part of the map that neither legend nor card lies on, as paddings.
function free() {
  const frame = stage.map.getContainer().getBoundingClientRect();
  const taken = (/** @type {string} */ id) => {
    const box = $(id).getBoundingClientRect();
    const beside = !$(id).hidden && box.top < frame.bottom && box.bottom > frame.top && box.width < frame.width * 0.6;
    return beside ? box.width + 32 : 20;
  };
  const left = taken("legend"), right = taken("card");
  return frame.width - left - right > 280 ? { left, right } : { left: 20, right };
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {string} id @param {Origin} origin */
export function lookAtSite(id, origin) {
  const layer = findLayer("parks");
  const [lon, lat] = layer.shapes[indexIn(layer, id)];
  const { left, right } = free();
  const zoom = origin === "map" ? stage.map.getZoom() : Math.max(stage.map.getZoom(), SITE_ZOOM);
  const point = stage.map.project([lat, lon], zoom);
  if (origin === "map") {
    const at = stage.map.latLngToContainerPoint([lat, lon]);
    if (at.x > left && at.x < stage.map.getSize().x - right) return;
  }
  const centre = stage.map.unproject(point.add([(right - left) / 2, 0]), zoom);
  stage.map.setView(centre, zoom, { animate: !calm() && origin !== "address" });
}

/** @param {string} id @param {Origin} origin */
export function lookAtCable(id, origin) {
  if (origin === "map") return;
  const layer = findLayer("fibre");
  lookAt(boundsOf(layer, indexIn(layer, id)), origin);
}

/** @param {L.LatLngBoundsExpression} wanted @param {Origin} origin */
export function lookAt(wanted, origin) {
  const { left, right } = free();
  stage.map.fitBounds(wanted, {
    paddingTopLeft: [left, 50], paddingBottomRight: [right, 60], maxZoom: SITE_ZOOM, animate: !calm() && origin !== "address",
  });
}

// Where the map may be moved to: the plan's box, and however far its cables reach.
export function everything() {
  const [west, south, east, north] = data.info.bbox;
  const reach = L.latLngBounds([[south, west], [north, east]]);
  const fibre = findLayer("fibre");
  fibre.rows.forEach((_, i) => reach.extend(boundsOf(fibre, i)));
  return reach.pad(0.35);
}

// The outline of the region itself; without one, the first view.
function regionBounds() {
  const layer = findLayer("boundaries");
  const own = layer.rows.map((_, i) => i).filter((i) => layer.rows[i].kind === "region");
  const reach = L.latLngBounds(own.flatMap((i) => outlineOf(layer, i)));
  return reach.isValid() ? reach : FIRST_VIEW;
}

export function showRegion() {
  const { left } = free();
  stage.map.fitBounds(regionBounds(), { animate: false, paddingTopLeft: [left, 10], paddingBottomRight: [10, 10] });
}

export function showView() {
  const { left } = free();
  stage.map.fitBounds(FIRST_VIEW, { animate: false, paddingTopLeft: [left, 10], paddingBottomRight: [10, 10] });
}

// A feature of any layer: the layer is switched on, its card opened, the map moved there.
/** @param {string} name @param {string} id */
export function showFeature(name, id) {
  const layer = findLayer(name);
  change({ layers: new Set([...state.layers, name]), cut: null, route: null });
  openFeature(name, id);
  const [lon, lat] = layer.shapes[indexIn(layer, id)];
  lookAt(L.latLngBounds([[lat, lon]]), "list");
}
