import assert from "node:assert/strict";
import test from "node:test";

import { geometryOf } from "../../maps/assets/scripts/pure/geojson.js";
import { draw } from "./draws.js";

// The shoelace formula: above 0 against the clock.
const area = (ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i][0] * y - x * ring[i][1]) / 2, 0);
const within = ([lon]) => lon >= -180 && lon <= 180;

test("a point, a line, an area with a hole", () => {
  assert.deepEqual(geometryOf("marker", [111.7, 40.8]), { type: "Point", coordinates: [111.7, 40.8] });
  assert.deepEqual(geometryOf("line", [[1, 2, 3, 4]]), { type: "LineString", coordinates: [[1, 2], [3, 4]] });
  assert.equal(geometryOf("line", [[1, 2, 3, 4], [5, 6, 7, 8]]).type, "MultiLineString");
  const { type, coordinates } = geometryOf("fill", [[[0, 0, 0, 9, 9, 9, 9, 0, 0, 0], [3, 3, 6, 3, 6, 6, 3, 6, 3, 3]]]);
  assert.equal(type, "Polygon");
  assert.deepEqual(coordinates.map(area), [81, -9]); // RFC 7946, 3.1.6: the outer ring against the clock, holes with it
  for (const ring of coordinates) assert.deepEqual(ring[0], ring[ring.length - 1]);
});

test("what goes over 180 degrees is cut there", () => {
  assert.deepEqual(geometryOf("marker", [190, 60]).coordinates, [-170, 60]);
  assert.deepEqual(geometryOf("line", [[170, 10, 190, 30]]), {
    type: "MultiLineString", coordinates: [[[170, 10], [180, 20]], [[-180, 20], [-170, 30]]],
  });
  const { type, coordinates } = geometryOf("fill", [[[170, 0, 190, 0, 190, 10, 170, 10, 170, 0]]]);
  assert.equal(type, "MultiPolygon");
  assert.deepEqual(coordinates.map(([ring]) => area(ring)), [100, 100]);
  assert.ok(coordinates.flat(2).every(within));
  assert.deepEqual(geometryOf("line", [[170, 10, 180, 20]]).coordinates, [[170, 10], [180, 20]]);
});

test("nothing of a line or an area is lost or doubled by the cut", () => {
  for (const random of draw(300)) {
    const flat = Array.from({ length: 12 }, (_, i) => (i % 2 ? 160 * random() - 80 : 720 * random() - 360));
    const geometry = geometryOf("line", [flat]);
    const lines = geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
    assert.ok(lines.flat().every(within));
    const along = (line) => line.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - line[i][0], y - line[i][1]), 0);
    const whole = along(Array.from({ length: 6 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]));
    assert.ok(Math.abs(lines.reduce((sum, line) => sum + along(line), 0) - whole) < 1e-4);
    const [west, south, wide, high] = [500 * random() - 250, 100 * random() - 80, 5 + 100 * random(), 5 + 60 * random()];
    const box = [west, south, west, south + high, west + wide, south + high, west + wide, south, west, south];
    const cut = geometryOf("fill", [[box]]);
    const rings = cut.type === "Polygon" ? [cut.coordinates[0]] : cut.coordinates.map(([outer]) => outer);
    assert.ok(rings.every((ring) => area(ring) > 0 && ring.every(within)));
    assert.ok(Math.abs(rings.reduce((sum, ring) => sum + area(ring), 0) - wide * high) < 1e-3);
  }
});
