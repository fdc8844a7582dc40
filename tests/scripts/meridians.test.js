import assert from "node:assert/strict";
import test from "node:test";

import { multiples, nameMeridian, nameParallel, stepOf } from "../../maps/assets/scripts/pure/meridians.js";

test("a step cuts the map into a few whole parts", () => {
  assert.deepEqual([30, 12, 7, 4, 1.5, 0.9].map(stepOf), [5, 2, 1, 0.5, 0.2, 0.2]);
  for (let span = 0.5; span < 240; span *= 1.07) assert.ok(span / stepOf(span) <= 8 && span / stepOf(span) > 3, String(span));
});

test("lines stand at multiples alone, on either side of nought", () => {
  assert.deepEqual(multiples(-3, 4.5, 2), [-2, 0, 2, 4]);
  assert.deepEqual(multiples(0.25, 0.65, 0.1), [0.3, 0.4, 0.5, 0.6]);
  assert.deepEqual(multiples(111, 112, 5), []);
});

test("degrees have their side of the earth, also beyond the antimeridian", () => {
  assert.deepEqual([112, -70.5, 0, 180, -180, 190, 540].map(nameMeridian), ["112°E", "70.5°W", "0°", "180°", "180°", "170°W", "180°"]);
  assert.deepEqual([40, -1.5, 0].map(nameParallel), ["40°N", "1.5°S", "0°"]);
});
