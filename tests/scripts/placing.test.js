import assert from "node:assert/strict";
import test from "node:test";

import { CLEAR_PX, NEARER_PX, placeLabels } from "../../maps/assets/scripts/pure/labels.js";
import { inkOn, shapePath, spreadCircles } from "../../maps/assets/scripts/pure/markers.js";
import { draw } from "./draws.js";

const VIEW = { left: 0, top: 0, right: 400, bottom: 300 };
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const label = (own, more = {}) => ({ own, width: 50, height: 12, ...more });
const marker = (x, y, r = 4) => ({ x, y, r });
// How far a box lies from the edge of a marker; less than 0 where it lies on it.
const off = (box, { x, y, r }) =>
  Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) - r;
// Points along a line, near enough to one another that none of the boxes fits between.
const along = ({ from, to }) => Array.from({ length: 101 }, (_, k) =>
  ({ x: from.x + ((to.x - from.x) * k) / 100, y: from.y + ((to.y - from.y) * k) / 100 }));
const holds = (box, { x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom;

test("a label alone stands right of its marker, level with it", () => {
  const own = marker(100, 100);
  const [place] = placeLabels([label(own)], [own], [], [], VIEW);
  assert.deepEqual([place.left, place.top + 6, place.leader], [107, 100, null]);
});

test("every label is nearest to its own marker by a margin, or joined to it by a leader that nothing hides", () => {
  let stood = 0, led = 0;
  for (const random of draw(60)) {
    // Sparse maps, crowded ones, and markers on one another.
    const reach = [400, 150, 20][Math.floor(random() * 3)];
    const markers = Array.from({ length: 30 }, () => marker(random() * reach, random() * Math.min(reach, 300), 1 + 8 * random()));
    const labels = markers.filter(() => random() < 0.8).map((own) => label(own, { width: 20 + 60 * random(), far: random() < 0.5 }));
    const covers = [{ left: 150, top: 100, right: 250, bottom: 200 }];
    const places = placeLabels(labels, markers, covers, [], VIEW);
    assert.equal(places.length, labels.length);
    const stand = places.filter((place) => place !== null);
    places.forEach((place, k) => {
      if (!place) return;
      const { own, far } = labels[k];
      const others = markers.filter((one) => one !== own);
      const gap = off(place, own);
      assert.ok(gap > 0);
      assert.ok(place.left >= 0 && place.top >= 0 && place.right <= 400 && place.bottom <= 300);
      stood += 1;
      if (!place.leader) {
        assert.ok(others.every((other) => off(place, other) > gap + NEARER_PX - 1e-6));
        return;
      }
      led += 1;
      assert.ok(far);
      assert.ok(others.every((other) => off(place, other) > CLEAR_PX - 1e-6));
      // It begins at the marker's edge, ends at the label's, and runs over nothing of another's.
      const { from, to } = place.leader;
      assert.ok(Math.abs(Math.hypot(from.x - own.x, from.y - own.y) - own.r) < 1e-6);
      assert.ok(Math.abs(off(place, { ...to, r: 0 })) < 1e-6);
      for (const point of along(place.leader)) {
        assert.ok(others.every((other) => Math.hypot(point.x - other.x, point.y - other.y) > other.r));
        assert.ok(stand.every((box) => !holds(box, point)));
        assert.ok(covers.every((box) => !holds(box, point)));
      }
    });
    stand.forEach((place, i) => assert.ok([...covers, ...stand.slice(i + 1)].every((other) => !meet(place, other))));
  }
  assert.ok(led > 50 && stood - led > 300, `${led} of ${stood}`);
});

test("who comes first has the better place", () => {
  const [one, other] = [marker(100, 100), marker(100, 130)];
  const wall = { left: 104, top: 106, right: 300, bottom: 124 };
  const first = placeLabels([label(one), label(other)], [one, other], [wall], [], VIEW);
  assert.deepEqual(first[0], placeLabels([label(one)], [one, other], [wall], [], VIEW)[0]);
  assert.ok(!first[1] || !meet(first[0], first[1]));
});

test("where all around is taken a label stands off on a leader, or nowhere", () => {
  const own = marker(100, 100);
  const ring = Array.from({ length: 8 }, (_, k) => marker(100 + 14 * Math.cos((k * Math.PI) / 4), 100 + 14 * Math.sin((k * Math.PI) / 4), 2));
  assert.equal(placeLabels([label(own)], [own, ...ring], [], [], VIEW)[0], null);
  const [place] = placeLabels([label(own, { far: true })], [own, ...ring], [], [], VIEW);
  assert.ok(place.leader !== null);
});

test("a label that is shy leaves a line in sight, another may hide it", () => {
  const own = marker(100, 100);
  const lines = Array.from({ length: 30 }, (_, i) => [{ x: 0, y: 40 + 4 * i }, { x: 400, y: 40 + 4 * i }]);
  assert.equal(placeLabels([label(own, { shy: true, width: 200 })], [own], [], lines, VIEW)[0], null);
  assert.notEqual(placeLabels([label(own, { width: 200 })], [own], [], lines, VIEW)[0], null);
});

test("a free side is better than one on which a line runs", () => {
  const own = marker(100, 100);
  const [place] = placeLabels([label(own)], [own], [], [[{ x: 104, y: 100 }, { x: 400, y: 100 }]], VIEW);
  assert.ok(place.right < 100 || place.bottom < 100 || place.top > 100);
});

test("of twelve thousand markers each looks around itself alone", () => {
  const [random] = draw(1);
  const view = { left: 0, top: 0, right: 1400, bottom: 900 };
  let looked = 0;
  const counted = (x, y, r) => ({ y, r, get x() { looked += 1; return x; } });
  const markers = Array.from({ length: 12000 }, () => counted(random() * 1400, random() * 900, 2));
  const places = placeLabels(markers.slice(0, 2000).map((own) => label(own, { far: true })), markers, [], [], view);
  assert.equal(places.length, 2000);
  // All with all, once for each of eight places, were 2000 * 8 * 12000 = 192 million.
  assert.ok(looked < 4e6, String(looked));
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
