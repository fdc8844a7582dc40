import assert from "node:assert/strict";
import test from "node:test";

import { placeLabels } from "../../maps/assets/scripts/pure/labels.js";
import { inkOn, shapePath, spreadCircles } from "../../maps/assets/scripts/pure/markers.js";
import { draw } from "./draws.js";

const VIEW = { left: 0, top: 0, right: 400, bottom: 300 };
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const label = (x, y, more = {}) => ({ x, y, r: 4, width: 50, height: 12, ...more });

test("a label alone stands right of its marker, level with it", () => {
  const [place] = placeLabels([label(100, 100)], [], [], VIEW);
  assert.deepEqual([place.left, place.top + 6, place.led], [107, 100, false]);
});

test("labels meet neither one another nor obstacles, and stay in view", () => {
  for (const random of draw(40)) {
    const labels = Array.from({ length: 25 }, () => label(random() * 400, random() * 300, { far: random() < 0.5 }));
    const obstacles = [{ left: 150, top: 100, right: 250, bottom: 200 }];
    const places = placeLabels(labels, obstacles, [], VIEW);
    assert.equal(places.length, labels.length);
    const stand = places.filter((place) => place !== null);
    stand.forEach((place, i) => {
      assert.ok([...obstacles, ...stand.slice(i + 1)].every((other) => !meet(place, other)));
      assert.ok(place.left >= 0 && place.top >= 0 && place.right <= 400 && place.bottom <= 300);
    });
  }
});

test("who comes first has the better place", () => {
  const twice = [label(100, 100), label(100, 100)];
  const [first, second] = placeLabels(twice, [], [], VIEW);
  assert.deepEqual(first, placeLabels([label(100, 100)], [], [], VIEW)[0]);
  assert.ok(second.cost >= first.cost && !meet(first, second));
});

test("where all around is taken a label stands off on a leader, or nowhere", () => {
  const walls = [{ left: 80, top: 80, right: 120, bottom: 120 }];
  assert.equal(placeLabels([label(100, 100)], walls, [], VIEW)[0], null);
  assert.equal(placeLabels([label(100, 100, { far: true })], walls, [], VIEW)[0].led, true);
});

test("a label that is shy leaves a line in sight, another may hide it", () => {
  const lines = Array.from({ length: 30 }, (_, i) => [{ x: 0, y: 40 + 4 * i }, { x: 400, y: 40 + 4 * i }]);
  assert.equal(placeLabels([label(100, 100, { shy: true, width: 200 })], [], lines, VIEW)[0], null);
  assert.notEqual(placeLabels([label(100, 100, { width: 200 })], [], lines, VIEW)[0], null);
});

test("a free side is better than one on which a line runs", () => {
  const [place] = placeLabels([label(100, 100)], [], [[{ x: 104, y: 100 }, { x: 400, y: 100 }]], VIEW);
  assert.ok(place.right < 100 || place.bottom < 100 || place.top > 100);
});

test("markers of one place make room for one another and for those that stay", () => {
  for (const random of draw(20)) {
    const circles = Array.from({ length: 8 }, () => ({ x: 100 + random(), y: 100 + random(), r: 5 + 4 * random() }));
    const fixed = [{ x: 100, y: 100, r: 6 }];
    const placed = spreadCircles(circles, fixed, 2);
    placed.forEach((circle, i) => {
      for (const other of [...fixed, ...placed.slice(i + 1)]) {
        assert.ok(Math.hypot(circle.x - other.x, circle.y - other.y) > circle.r + other.r);
      }
      assert.equal(circle.r, circles[i].r);
    });
    assert.deepEqual(fixed, [{ x: 100, y: 100, r: 6 }]);
  }
});

test("a thousand markers part from one another, and few of them go far", () => {
  const [random] = draw(1);
  const circles = Array.from({ length: 1000 }, () => ({ x: random() * 2000, y: random() * 2000, r: 5 }));
  const placed = spreadCircles(circles, [], 2);
  const sorted = placed.toSorted((one, other) => one.x - other.x);
  sorted.forEach((circle, i) => {
    for (let j = i + 1; j < sorted.length && sorted[j].x - circle.x < 10; j += 1) {
      assert.ok(Math.hypot(circle.x - sorted[j].x, circle.y - sorted[j].y) >= 10);
    }
  });
  const far = placed.filter((circle, i) => Math.hypot(circle.x - circles[i].x, circle.y - circles[i].y) > 20);
  assert.ok(far.length < 10);
});

test("markers that stand apart stay where they are", () => {
  const apart = [{ x: 0, y: 0, r: 5 }, { x: 100, y: 0, r: 5 }, { x: 0, y: 100, r: 5 }];
  spreadCircles(apart, [], 2).forEach((circle, i) => assert.ok(Math.hypot(circle.x - apart[i].x, circle.y - apart[i].y) < 0.1));
});

// WCAG 2.1, relative luminance and contrast ratio.
const luminance = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
  .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
const contrast = (a, b) => {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
};

test("black on white, white on black, and on any colour a contrast that can be read", () => {
  assert.deepEqual(["#ffffff", "#000000"].map(inkOn), ["#111418", "#ffffff"]);
  for (const random of draw(200)) {
    const colour = `#${[0, 0, 0].map(() => Math.floor(random() * 256).toString(16).padStart(2, "0")).join("")}`;
    assert.ok(contrast(colour, inkOn(colour)) > 4, colour);
  }
});

test("shapes go around their point and are closed, but for the cross", () => {
  for (const shape of ["square", "diamond", "triangle", "star"]) {
    const corners = [...shapePath(shape, 50, 20, 10).matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    assert.ok(corners.every(([x, y]) => Math.hypot(x - 50, y - 20) < 13.1), shape);
    assert.ok(Math.abs(corners.reduce((sum, [x]) => sum + x, 0) / corners.length - 50) < 0.01, shape);
    assert.match(shapePath(shape, 50, 20, 10), /Z$/);
  }
  assert.doesNotMatch(shapePath("cross", 0, 0, 5), /Z/);
});
