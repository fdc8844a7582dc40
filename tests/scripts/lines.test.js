import assert from "node:assert/strict";
import test from "node:test";

import { shiftLine } from "../../maps/assets/scripts/pure/lines.js";
import { draw } from "./draws.js";

const line = (...pairs) => pairs.map(([x, y]) => ({ x, y }));
const near = (found, wanted) => {
  assert.equal(found.length, wanted.length);
  found.forEach((point, i) => assert.ok(Math.hypot(point.x - wanted[i].x, point.y - wanted[i].y) < 1e-9, JSON.stringify(found)));
};

// How far a point lies to the right of a straight line, on a screen whose y grows downwards.
const rightOf = (point, from, to) => {
  const along = { x: to.x - from.x, y: to.y - from.y };
  return ((point.y - from.y) * along.x - (point.x - from.x) * along.y) / Math.hypot(along.x, along.y);
};

test("the lane of a line in the middle is the line", () => {
  const middle = line([0, 0], [10, 5]);
  assert.equal(shiftLine(middle, 0), middle);
});

test("right of the way east is south, and left of it north", () => {
  near(shiftLine(line([0, 0], [100, 0]), 4), line([0, 4], [100, 4]));
  near(shiftLine(line([0, 0], [100, 0]), -4), line([0, -4], [100, -4]));
});

test("a right angle is mitred", () => {
  near(shiftLine(line([0, 0], [100, 0], [100, 100]), 5), line([0, 5], [95, 5], [95, 100]));
  near(shiftLine(line([0, 0], [100, 0], [100, 100]), -5), line([0, -5], [105, -5], [105, 100]));
});

test("a hairpin's corner is cut, for its tip would be far away", () => {
  const shifted = shiftLine(line([0, 0], [100, 0], [0, 10]), -5);
  assert.ok(shifted.every((point) => point.x <= 105));
});

test("parallel lanes of straight lines keep their distance in every direction", () => {
  for (const random of draw(50)) {
    const [from, to] = line([random() * 500, random() * 500], [random() * 500, 600 + random() * 500]);
    for (const lane of [-2, -1, 1, 2]) {
      for (const point of shiftLine([from, to], lane * 3)) assert.ok(Math.abs(rightOf(point, from, to) - lane * 3) < 1e-6);
    }
  }
});

test("there and back on the same way, the lanes lie on the two sides of it", () => {
  const way = line([0, 0], [60, 20], [140, 10]);
  const back = shiftLine([...way].reverse(), 4).reverse();
  near(back, shiftLine(way, -4));
});

test("a line that goes into a station and comes back is followed without the dead end", () => {
  const shifted = shiftLine(line([0, 0], [50, 0], [50, -9], [50, 0], [100, 0]), -4);
  assert.ok(shifted.every((point) => point.y === -4), JSON.stringify(shifted));
  assert.deepEqual([shifted[0].x, shifted[shifted.length - 1].x], [0, 100]);
});

test("a bend tighter than the lane makes no loop", () => {
  const bend = [...Array(13).keys()].map((k) => (Math.PI * k) / 24).map((turn) => [100 + 8 * Math.sin(turn), 8 - 8 * Math.cos(turn)]);
  const shifted = shiftLine(line([0, 0], ...bend, [108, 108]), 12);
  shifted.slice(1).forEach((point, i) => assert.ok(point.x >= shifted[i].x - 1e-9 && point.y >= shifted[i].y - 1e-9));
});

test("a line of one place stays as it is", () => {
  const place = line([3, 3], [3, 3]);
  assert.equal(shiftLine(place, 5), place);
});
