// What is drawn in a circle: distances on the ellipsoid GRS80, as steppe.routing.circles has them.

import { geodesicKm } from "./geodesic.js";

const A_KM = 6378.137, F = 1 / 298.257222101, ES = F * (2 - F);
const RADIANS = Math.PI / 180;
// No two points of the earth are farther from each other.
const FARTHEST_KM = 20004;
const UNIT_DEG = 1e-6; // of the lines as they travel
const STEEP = 0.9;

/** @typedef {[number, number, number]} Space */

/** @param {string} text @returns {Disc | null} */
export function readDisc(text) {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  const [lon, lat, km] = numbers;
  return Math.abs(lon) <= 360 && Math.abs(lat) <= 90 && km > 0 && km <= FARTHEST_KM ? { lon, lat, km } : null;
}

// Through the Earth, kilometres: routing/tangent_plane.py, as all that follows.
/** @param {number} lonDeg @param {number} latDeg @returns {Space} */
function toSpace(lonDeg, latDeg) {
  const lon = lonDeg * RADIANS, lat = latDeg * RADIANS, across = A_KM / Math.sqrt(1 - ES * Math.sin(lat) ** 2);
  return [across * Math.cos(lat) * Math.cos(lon), across * Math.cos(lat) * Math.sin(lon), across * (1 - ES) * Math.sin(lat)];
}
/** @param {Space} space */
function toDegrees([x, y, z]) {
  return [Math.atan2(y, x) / RADIANS, Math.atan2(z, (1 - ES) * Math.hypot(x, y)) / RADIANS];
}
/** @param {Space} a @param {Space} b @returns {Space} */
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** @param {Space} a @param {Space} b */
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** @param {Space} a @param {Space} b @returns {Space} */
const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** @param {Space} a @returns {Space} */
const unit = (a) => { const length = Math.hypot(...a); return [a[0] / length, a[1] / length, a[2] / length]; };

// The place on a leg that is nearest to a point, in the tangent plane in their midst.
/** @param {Space} start @param {Space} stop @param {Space} point */
function nearestOn(start, stop, point) {
  const middle = /** @type {Space} */ ([0, 1, 2].map((k) => (start[k] + stop[k] + point[k]) / 3));
  const up = unit([middle[0], middle[1], middle[2] / (1 - ES)]);
  const east = unit(cross(Math.abs(up[2]) > STEEP ? [1, 0, 0] : [0, 0, 1], up)), north = cross(up, east);
  const flat = (/** @type {Space} */ space) => [dot(minus(space, middle), east), dot(minus(space, middle), north)];
  const [[x, y], [x2, y2], [px, py]] = [flat(start), flat(stop), flat(point)];
  const length = (x2 - x) ** 2 + (y2 - y) ** 2;
  const share = length === 0 ? 0 : Math.min(Math.max(((px - x) * (x2 - x) + (py - y) * (y2 - y)) / length, 0), 1);
  return toDegrees(/** @type {Space} */ (start.map((one, k) => one + (stop[k] - one) * share)));
}

// The points of a part of a line, through the Earth.
/** @type {WeakMap<number[], Space[]>} */
const laid = new WeakMap();
/** @param {number[]} steps @returns {Space[]} */
function pointsOf(steps) {
  let points = laid.get(steps);
  if (!points) {
    points = [];
    for (let i = 0, lon = 0, lat = 0; i < steps.length; i += 2) {
      lon += steps[i];
      lat += steps[i + 1];
      points.push(toSpace(lon * UNIT_DEG, lat * UNIT_DEG));
    }
    laid.set(steps, points);
  }
  return points;
}

// Whether a line comes into the circle; a chord through the Earth is never longer than the way on it.
/** @param {number[][]} parts @param {Disc} disc @param {Space} centre */
const comesInto = (parts, disc, centre) => parts.some((steps) => {
  const points = pointsOf(steps);
  return points.slice(1).some((stop, i) => {
    const start = points[i], middle = /** @type {Space} */ ([0, 1, 2].map((k) => (start[k] + stop[k]) / 2));
    if (Math.hypot(...minus(middle, centre)) - Math.hypot(...minus(stop, start)) / 2 > disc.km + 1e-3) return false;
    const [lon, lat] = nearestOn(start, stop, centre);
    return geodesicKm([disc.lat, disc.lon], [lat, lon]) <= disc.km;
  });
});

// The cables and the nodes of a graph in a circle.
/** @param {Graph} graph @param {Disc} disc */
export function findInside(graph, disc) {
  const centre = toSpace(disc.lon, disc.lat);
  const cables = graph.cables.map((_, cable) => cable).filter((cable) => comesInto(graph.drawn[cable], disc, centre));
  const nodes = graph.nodes.map((_, node) => node).filter((node) =>
    geodesicKm([graph.at[2 * node + 1], graph.at[2 * node]], [disc.lat, disc.lon]) <= disc.km);
  return { cables, nodes };
}
