// Features as Leaflet paths: marker shapes, cables beside their parallels, swatches.

import { shiftLine } from "../pure/lines.js";
import { shapePath } from "../pure/markers.js";
import { svg } from "./elements.js";
import { coloursOf } from "./theme.js";

const SIMPLIFY_PX = 1.5; // bends smaller than this only make a parallel line jagged

// A line on the map `shift` pixels to the right of another.
/** @param {Point[]} points @param {number} shift */
export const shiftOnMap = (points, shift) =>
  shiftLine(points, shift, (line) => L.LineUtil.simplify(/** @type {L.Point[]} */ (line), SIMPLIFY_PX));

L.SVG.include({
  _updateShape(/** @type {any} */ marker) {
    const { x, y } = marker._point;
    this._setPath(marker, marker._empty() ? "M0 0" : shapePath(marker.options.shape, x, y, marker._radius));
  },
});
/** @type {any} */
const ShapeMarker = L.CircleMarker.extend({
  _updatePath() { this._renderer._updateShape(this); },
});
/** @type {any} */
const LaneLine = L.Polyline.extend({
  _projectLatlngs(/** @type {any} */ latlngs, /** @type {any[]} */ result, /** @type {any} */ projected) {
    const { _projectLatlngs: project } = /** @type {any} */ (L.Polyline.prototype);
    project.call(this, latlngs, result, projected);
    if (latlngs[0] instanceof L.LatLng) {
      result.push(shiftOnMap(result.pop(), this.options.shift || 0));
    }
  },
});

/** @param {Sign} symbol @returns {any} */
export function pathOptions(symbol) {
  const [fillColor, color] = coloursOf(symbol);
  return {
    color, opacity: symbol.stroke_opacity, weight: symbol.width_px,
    stroke: symbol.stroke_opacity > 0, fill: symbol.fill_opacity > 0,
    fillColor, fillOpacity: symbol.fill_opacity,
    dashArray: symbol.dash_px.length ? symbol.dash_px.join(" ") : null,
    lineCap: symbol.dash_px.length ? "butt" : "round", lineJoin: "round",
    radius: symbol.size_px / 2, shape: symbol.shape,
  };
}

// A symbol as a small picture, for legend and lists.
/** @param {string} geometry @param {Sign} symbol */
export function swatch(geometry, symbol) {
  const options = pathOptions(symbol);
  const size = geometry === "marker" ? Math.max(14, symbol.size_px + 4) : 18;
  const width = geometry === "line" ? 30 : size;
  const shape = geometry === "marker" ? shapePath(symbol.shape, width / 2, size / 2, symbol.size_px / 2)
    : geometry === "line" ? `M1,${size / 2}H${width - 1}` : `M2,3H${width - 2}V${size - 3}H2Z`;
  const [filled, edged] = [options.fill && geometry !== "line", options.stroke];
  // Swatches follow the theme by themselves, where the browser can.
  const themed = {
    fill: filled ? `light-dark(${symbol.fill}, ${symbol.dark[0]})` : "none",
    stroke: edged ? `light-dark(${symbol.stroke}, ${symbol.dark[1]})` : "none",
  };
  const paint = {
    d: shape, style: themed, fill: filled ? symbol.fill : "none", "fill-opacity": options.fillOpacity,
    stroke: edged ? symbol.stroke : "none", "stroke-opacity": options.opacity,
    "stroke-width": options.weight, "stroke-dasharray": options.dashArray,
  };
  const box = { width, height: size, viewBox: `0 0 ${width} ${size}`, "aria-hidden": "true", class: "swatch" };
  return svg("svg", box, svg("path", paint));
}

/** @param {number[]} flat */
const pairs = (flat) => {
  /** @type {[number, number][]} */
  const points = [];
  for (let i = 0; i < flat.length; i += 2) points.push([flat[i + 1], flat[i]]);
  return points;
};

// One feature as a path.
/** @param {Layer} layer @param {number} i @param {any} options */
export function makePath(layer, i, options) {
  const rule = layer.rules[i];
  const shape = layer.shapes[i];
  const style = { ...pathOptions(rule.symbol), ...options };
  if (layer.style.geometry === "marker") return new ShapeMarker([shape[1], shape[0]], style);
  if (layer.style.geometry === "fill") return L.polygon(shape.map((/** @type {number[][]} */ polygon) => polygon.map(pairs)), style);
  const lane = layer.style.offset_field ? layer.rows[i][layer.style.offset_field] || 0 : 0;
  // Clipping would divide by zero where a mitre ends on its neighbour.
  return new LaneLine(shape.map(pairs), { ...style, shift: lane * layer.style.offset_px, noClip: true });
}

// A path in the colours of the theme as it is.
/** @param {any} path @param {Rule} rule */
export function repaint(path, rule) {
  const [fillColor, color] = coloursOf(rule.symbol);
  path.setStyle({ fillColor, color });
}

// The corners of an area's rings.
/** @param {Layer} layer @param {number} i */
export const outlineOf = (layer, i) => layer.shapes[i].flat().flatMap(pairs);
// Where a line lies.
/** @param {Layer} layer @param {number} i */
export const boundsOf = (layer, i) => L.latLngBounds(layer.shapes[i].flatMap(pairs));
// Where a feature of any layer lies.
/** @param {Layer} layer @param {number} i */
export function reachOf(layer, i) {
  if (layer.style.geometry === "line") return boundsOf(layer, i);
  if (layer.style.geometry === "fill") return L.latLngBounds(outlineOf(layer, i));
  const [lon, lat] = layer.shapes[i];
  return L.latLngBounds([[lat, lon], [lat, lon]]);
}
