import assert from "node:assert/strict";
import test from "node:test";

import { shapeAround, shapePath } from "../../maps/assets/scripts/pure/markers.js";
import { nearestTo, partsIn, placesOf } from "../../maps/assets/scripts/pure/places.js";
import { draw } from "./draws.js";

const near = (a, b, within = 1e-9) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);
const line = (random) => Array.from({ length: 2 + Math.floor(4 * random()) }, () => [100 + 20 * random(), 35 + 15 * random()]).flat();

test("places are where EPSG:3857 has them, as shares of its world", () => {
  // The worked example of IOGP Guidance Note 7-2, method 1024: lat 24°22'54.433"N, lon 100°20'00.000"W is
  // E -11169055.58 m, N 2800000.00 m on a sphere of 6378137 m.
  const { xs, ys } = placesOf([[-(100 + 20 / 60), 24 + 22 / 60 + 54.433 / 3600]]);
  const round = 2 * Math.PI * 6378137;
  near((xs[0] - 0.5) * round, -11169055.58, 0.01);
  near((0.5 - ys[0]) * round, 2800000, 0.02);
});

test("the world ends where its map does: poles stay on it", () => {
  const { xs, ys } = placesOf([[180, 90], [-180, -90], [0, 0]]);
  [[1, 0], [0, 1], [0.5, 0.5]].forEach(([x, y], i) => { near(xs[i], x); near(ys[i], y, 1e-6); });
});

test("what is in a box is every part whose own box meets it", () => {
  for (const random of draw(30)) {
    const places = placesOf(Array.from({ length: 40 }, () => [line(random), line(random)]));
    const left = 0.78 + 0.05 * random(), top = 0.38 + 0.03 * random();
    const box = { left, top, right: left + 0.02 * random(), bottom: top + 0.02 * random() };
    const found = new Set(partsIn(places, box));
    for (let k = 0; k < places.of.length; k += 1) {
      const xs = places.xs.slice(places.ends[k], places.ends[k + 1]), ys = places.ys.slice(places.ends[k], places.ends[k + 1]);
      const meets = Math.min(...xs) <= box.right && Math.max(...xs) >= box.left && Math.min(...ys) <= box.bottom && Math.max(...ys) >= box.top;
      assert.equal(found.has(k), meets);
    }
  }
});

// How far a place is from a line, by many points of it.
function farFrom(places, part, { x, y }) {
  let least = Infinity;
  for (let j = places.ends[part]; j + 1 < places.ends[part + 1]; j += 1) {
    for (let step = 0; step <= 400; step += 1) {
      const share = step / 400;
      const at = [places.xs, places.ys].map((values) => values[j] + share * (values[j + 1] - values[j]));
      least = Math.min(least, Math.hypot(at[0] - x, at[1] - y));
    }
  }
  return least;
}

test("the nearest line is the one to which the way is least, and none where all are too far", () => {
  for (const random of draw(25)) {
    const places = placesOf(Array.from({ length: 12 }, () => [line(random)]));
    const at = { x: 0.78 + 0.05 * random(), y: 0.38 + 0.03 * random() };
    const ways = places.of.reduce((all, _, k) => [...all, farFrom(places, k, at)], []);
    const least = Math.min(...ways), reach = 0.004;
    const found = nearestTo(places, at, reach);
    if (found < 0) assert.ok(least > reach * 0.999);
    else assert.ok(ways[found] <= Math.min(least, reach) + 1e-4);
  }
});

test("of markers in one place the last, which is drawn on top, is meant", () => {
  const places = placesOf([[110, 40], [110, 40], [111, 40]]);
  assert.equal(nearestTo(places, { x: places.xs[0], y: places.ys[0] }, 1e-6), 1);
  assert.equal(nearestTo(places, { x: places.xs[2] + 1e-7, y: places.ys[2] }, 1e-6), 2);
  assert.equal(nearestTo(places, { x: places.xs[2] + 1e-5, y: places.ys[2] }, 1e-6), -1);
  assert.equal(nearestTo(placesOf([]), { x: 0, y: 0 }, 1), -1);
});

// Corners of a path, where relative and absolute steps are both followed.
function cornersOf(path) {
  let at = [0, 0], start = at;
  const corners = [];
  for (const [, sign, numbers] of path.matchAll(/([MmLlaZ])([^MmLlaZ]*)/g)) {
    const values = numbers.split(/[ ,]/).filter(Boolean).map(Number).slice(-2);
    if (sign === "Z") { at = start; continue; }
    at = "ML".includes(sign) ? values : [at[0] + values[0], at[1] + values[1]];
    if ("Mm".includes(sign)) start = at;
    corners.push(at);
  }
  return corners;
}

test("a marker drawn from its place has the corners of one drawn on the map", () => {
  for (const shape of ["circle", "square", "diamond", "triangle", "star", "cross"]) {
    const wanted = cornersOf(shapePath(shape, 200, 100, 6));
    const found = cornersOf(`M200,100${shapeAround(shape, 6)}`).slice(1);
    assert.equal(found.length, wanted.length);
    wanted.forEach(([x, y], i) => { near(found[i][0], x, 0.1); near(found[i][1], y, 0.1); });
  }
});
