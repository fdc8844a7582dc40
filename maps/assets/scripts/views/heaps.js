// Many features as one path for each rule, which thousands of elements would be too slow for; what the
// pointer is over is found by where it is.

import { shapeAround } from "../pure/markers.js";
import { nearestTo, partsIn, placesOf } from "../pure/places.js";
import { layers } from "../state/data.js";
import { markerScale } from "./crowd.js";
import { pathOptions, shiftOnMap } from "./paths.js";
import { drawn, isShown, stage } from "./stage.js";

const TILE_PX = 256; // side of the world at zoom 0
const REACH_PX = 6; // how far off the pointer still means a line or a marker

// Where the world begins and how wide it is, in the pixels that layers are drawn in.
function scaleOf() {
  const origin = /** @type {any} */ (stage.map).getPixelOrigin();
  return { side: TILE_PX * 2 ** stage.map.getZoom(), origin };
}

/** @type {any} */
const Heap = L.Path.extend({
  initialize(/** @type {Layer} */ layer, /** @type {Places} */ places, /** @type {Rule} */ rule, /** @type {any} */ options) {
    L.Util.setOptions(this, { ...pathOptions(rule.symbol), ...options, fillRule: "nonzero", className: `heap${options.casing || ""}`, interactive: false, rule });
    this._layer = layer;
    this._places = places;
  },
  _project() {},
  _reset() { this._update(); },
  _update() { if (this._map) this._renderer._setPath(this, this._spell() || "M0 0"); },
  _spell() {
    const { min, max } = this._renderer._bounds;
    const parts = visibleParts(this._places, min, max).filter((k) => this._layer.rules[this._places.of[k]] === this.options.rule);
    if (this._layer.style.geometry !== "marker") return parts.map((k) => spellLine(this._layer, this._places, k)).join("");
    const { side, origin } = scaleOf();
    const { xs, ys, ends } = this._places;
    const outline = shapeAround(this.options.shape, this.options.radius * markerScale());
    return parts.map((k) => `M${(xs[ends[k]] * side - origin.x).toFixed(1)},${(ys[ends[k]] * side - origin.y).toFixed(1)}${outline}`).join("");
  },
});

/** @param {Places} places @param {L.Point} min @param {L.Point} max */
function visibleParts(places, min, max) {
  const { side, origin } = scaleOf();
  return partsIn(places, {
    left: (min.x + origin.x) / side, right: (max.x + origin.x) / side, top: (min.y + origin.y) / side, bottom: (max.y + origin.y) / side,
  });
}

// A part of a line in pixels, without what is shorter than one.
/** @param {Layer} layer @param {Places} places @param {number} part */
function pointsOf(layer, { xs, ys, ends, of }, part) {
  const { side, origin } = scaleOf();
  /** @type {Point[]} */
  const points = [];
  let last = { x: Infinity, y: Infinity };
  for (let j = ends[part]; j < ends[part + 1]; j += 1) {
    const point = { x: xs[j] * side - origin.x, y: ys[j] * side - origin.y };
    if (j < ends[part + 1] - 1 && Math.abs(point.x - last.x) + Math.abs(point.y - last.y) < 1) continue;
    points.push(point);
    last = point;
  }
  const lane = layer.style.offset_field ? layer.rows[of[part]][layer.style.offset_field] || 0 : 0;
  return lane ? shiftOnMap(points, lane * layer.style.offset_px) : points;
}

/** @param {Layer} layer @param {Places} places @param {number} part */
const spellLine = (layer, places, part) =>
  `M${pointsOf(layer, places, part).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}`;

// The paths of a layer, what is drawn last on top, and what lies below them all where `casing` pixels are asked for.
/** @param {Layer} layer @param {any} options @param {number} casing @returns { { places: Places, paths: L.Path[], casings: L.Path[] } } */
export function heapUp(layer, options, casing) {
  const places = placesOf(layer.shapes);
  const used = new Set(layer.rules);
  const rules = layer.style.rules.filter((rule) => used.has(rule)).reverse();
  const cased = (/** @type {Rule} */ rule) =>
    new Heap(layer, places, rule, { ...options, weight: rule.symbol.width_px + casing, dashArray: null, casing: " casing" });
  return { places, paths: rules.map((rule) => new Heap(layer, places, rule, options)), casings: casing ? rules.map(cased) : [] };
}

// The lines of a heap that are in view, in pixels.
/** @param {Layer} layer @param {Places} places */
export function linesInView(layer, places) {
  const corner = stage.map.containerPointToLayerPoint([0, 0]);
  return visibleParts(places, corner, corner.add(stage.map.getSize())).map((k) => pointsOf(layer, places, k));
}

// The feature of a heap at a place of the map, in the topmost layer that has one there.
/** @param {L.LatLng} latlng @returns { { layer: Layer, i: number } | null} */
export function featureAt(latlng) {
  const { side, origin } = scaleOf();
  const point = stage.map.latLngToLayerPoint(latlng).add(origin);
  const at = { x: point.x / side, y: point.y / side };
  for (const layer of layers.values()) {
    const places = drawn.get(layer.name)?.places;
    if (!places || !layer.card.length || !isShown(layer.name)) continue;
    const i = nearestTo(places, at, REACH_PX / side);
    if (i >= 0) return { layer, i };
  }
  return null;
}
