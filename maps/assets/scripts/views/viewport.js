// Where the map looks.

import { roundView } from "../pure/addresses.js";
import { data, findLayer, indexIn } from "../state/data.js";
import { isMarked } from "../state/marked.js";
import { change, state } from "../state/store.js";
import { $ } from "./elements.js";
import { boundsOf, outlineOf, reachOf } from "./paths.js";
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

// ---------------------------------------------------------------- the view as a part of the state

const SAME_PX = 2; // a window of another size moves the middle by less
/** @type { { centre: L.LatLng, zoom: number } | null} */
let first = null; // the first view, as this window shows it
let isTold = false; // whether the address that is followed says where the map looks

// While a step of the zoom runs the map would take no other view.
function endZoom() {
  const map = /** @type {any} */ (stage.map);
  if (map._animatingZoom) map._onZoomTransitionEnd();
}

/** @param {L.LatLngExpression} centre @param {number} zoom @param {L.ZoomPanOptions} [options] */
function moveTo(centre, zoom, options = { animate: false }) {
  endZoom();
  stage.map.setView(centre, zoom, options);
}

/** @returns {View | null} */
function seenView() {
  const zoom = stage.map.getZoom();
  const centre = stage.map.getCenter();
  const off = first && first.zoom === zoom && stage.map.project(first.centre, zoom).distanceTo(stage.map.project(centre, zoom));
  return off !== null && off !== false && off <= SAME_PX ? null : roundView([centre.lat, centre.lng, zoom]);
}

let isHeld = false; // on paper the map has another frame, and its view is not the reader's

// To be called when the map has moved.
export function keepView() {
  if (isHeld) return;
  const at = seenView();
  if (String(at) !== String(state.at)) change({ at }, { origin: "map" });
}

// Holds what is seen while the map has another frame: `fit` shows the whole of it there about the same
// middle, `restore` brings back what was.
export function holdView() {
  const { map } = stage;
  endZoom();
  const seen = { centre: map.getCenter(), zoom: map.getZoom(), bounds: map.getBounds(), limits: map.options.maxBounds };
  const reframe = (/** @type {number} */ zoom) => {
    map.invalidateSize({ animate: false, pan: false });
    moveTo(seen.centre, zoom);
  };
  isHeld = true;
  // A map that is kept within its limits would move off the middle.
  map.setMaxBounds(/** @type {any} */ (null));
  return {
    fit() {
      map.invalidateSize({ animate: false, pan: false });
      reframe(map.getBoundsZoom(seen.bounds));
    },
    restore() {
      reframe(seen.zoom);
      if (seen.limits) map.setMaxBounds(seen.limits);
      isHeld = false;
    },
  };
}

// To be called at every change, before others look at what was chosen.
/** @param {Set<string>} changed @param {Origin} origin */
export function followView(changed, origin) {
  if (origin === "map") return;
  const { at, site, cable, feature } = state;
  isTold = origin === "address" && at !== null;
  if (!changed.has("at")) return;
  const isChosen = Boolean(site || cable || feature || isMarked());
  queueMicrotask(() => {
    if (at) moveTo([at[0], at[1]], at[2]);
    else if (!(isChosen && origin === "address") && seenView()) showView();
  });
}

// ---------------------------------------------------------------- looking at what was chosen

/** @param {string} id @param {Origin} origin */
export function lookAtSite(id, origin) {
  const layer = findLayer("parks");
  const [lon, lat] = layer.shapes[indexIn(layer, id)];
  const { left, right } = free();
  if (isTold && origin === "address") return;
  const zoom = origin === "map" ? stage.map.getZoom() : Math.max(stage.map.getZoom(), SITE_ZOOM);
  const point = stage.map.project([lat, lon], zoom);
  if (origin === "map") {
    const at = stage.map.latLngToContainerPoint([lat, lon]);
    if (at.x > left && at.x < stage.map.getSize().x - right) return;
  }
  const centre = stage.map.unproject(point.add([(right - left) / 2, 0]), zoom);
  moveTo(centre, zoom, { animate: !calm() && origin !== "address" });
}

/** @param {string} id @param {Origin} origin */
export function lookAtCable(id, origin) {
  if (origin === "map") return;
  const layer = findLayer("fibre");
  lookAt(boundsOf(layer, indexIn(layer, id)), origin);
}

/** @param {L.LatLngBoundsExpression} wanted @param {Origin} origin */
export function lookAt(wanted, origin) {
  if (isTold && origin === "address") return;
  const { left, right } = free();
  endZoom();
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

/** @param {L.LatLngBounds} bounds */
function showWhole(bounds) {
  const { left } = free();
  endZoom();
  stage.map.fitBounds(bounds, { animate: false, paddingTopLeft: [left, 10], paddingBottomRight: [10, 10] });
}

export const showRegion = () => showWhole(regionBounds());

export function showView() {
  showWhole(FIRST_VIEW);
  first = { centre: stage.map.getCenter(), zoom: stage.map.getZoom() };
  if (state.at) keepView();
}

/** @param {Feature} feature @param {Origin} origin */
export function lookAtFeature({ layer: name, id }, origin) {
  if (origin === "map") return;
  const layer = findLayer(name);
  lookAt(reachOf(layer, indexIn(layer, id)), origin);
}

// A feature of any layer: the layer is switched on, its card opened, the map moved there.
/** @param {string} name @param {string} id */
export function showFeature(name, id) {
  const layers = state.layers.has(name) ? state.layers : new Set([...state.layers, name]);
  const chosen = name === "parks" ? { site: id, cable: null } : name === "fibre" ? { cable: id, site: null }
    : { site: null, cable: null, feature: { layer: name, id } };
  change({ layers, route: null, ...chosen }, { origin: "list" });
}
