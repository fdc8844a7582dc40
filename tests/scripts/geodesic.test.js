import assert from "node:assert/strict";
import test from "node:test";

import { arc, geodesicKm } from "../../maps/assets/scripts/pure/geodesic.js";
import { draw } from "./draws.js";

const near = (found, wanted, off) => assert.ok(Math.abs(found - wanted) <= off, `${found}, not ${wanted}`);
const dms = (degrees, minutes, seconds) => Math.sign(degrees) * (Math.abs(degrees) + minutes / 60 + seconds / 3600);

test("Flinders Peak to Buninyong is as long as the GDA manual says", () => {
  // Geocentric Datum of Australia, Technical Manual 2.4 (ICSM 2014), chapter 4: 54 972.271 m on GRS80.
  const [flinders, buninyong] = [[dms(-37, 57, 3.7203), dms(144, 25, 29.5244)], [dms(-37, 39, 10.1561), dms(143, 55, 35.3839)]];
  near(geodesicKm(flinders, buninyong), 54.972271, 1e-6);
});

test("a quarter of the meridian and of the equator are as long as GRS80 has them", () => {
  // Moritz (2000): the meridian quadrant is 10 001 965.7293 m.
  near(geodesicKm([0, 0], [90, 0]), 10001.9657293, 1e-6);
  near(geodesicKm([0, 10], [0, 100]), (Math.PI * 6378.137) / 2, 1e-6);
});

test("a length is the same there and back and over the date line, and nothing to where one is", () => {
  for (const random of draw(200)) {
    const [a, b] = [0, 1].map(() => [160 * random() - 80, 360 * random() - 180]);
    near(geodesicKm(a, b), geodesicKm(b, a), 1e-6);
    near(geodesicKm(a, [b[0], b[1] + 360]), geodesicKm(a, b), 1e-6);
    assert.equal(geodesicKm(a, a), 0);
  }
  near(geodesicKm([50, 179.5], [50, -179.5]), geodesicKm([50, 0], [50, 1]), 1e-9);
});

test("almost opposite points have a length all the same", () => {
  for (const to of [[0, 180], [0.5, 179.7], [-40, -60]]) near(geodesicKm(to[0] === -40 ? [40, 120] : [0, 0], to), 20004, 110);
});

test("an arc begins and ends where it should and is hardly longer than the geodesic", () => {
  for (const random of draw(100)) {
    const [a, b] = [0, 1].map(() => [60 * random(), 100 + 60 * random()]);
    const spots = arc(a, b, 64);
    near(spots[spots.length - 1][0], b[0], 1e-9);
    near(spots[spots.length - 1][1], b[1], 1e-9);
    const along = spots.slice(1).reduce((sum, spot, i) => sum + geodesicKm(spots[i], spot), 0);
    near(along / geodesicKm(a, b), 1, 1e-4);
  }
  const over = arc([50, 170], [50, -170], 8);
  assert.ok(over.every(([, lon], i) => i === 0 || Math.abs(lon - over[i - 1][1]) < 10));
});
