import assert from "node:assert/strict";
import test from "node:test";

import { readCoordinates, spellCoordinates } from "../../maps/assets/scripts/pure/coordinates.js";
import { draw } from "./draws.js";

const BOX = [97, 37, 127, 54];
const WANTED = [40 + 48 / 60, 111 + 39 / 60 + 36 / 3600];
const near = (found, [lat, lon], text) => {
  assert.ok(found, text);
  assert.ok(Math.abs(found[0] - lat) < 1e-6 && Math.abs(found[1] - lon) < 1e-6, `${text}: ${found}`);
};

test("one place in all its writings", () => {
  for (const text of [
    "40.8, 111.66", "40.8 111.66", "111.66, 40.8", "111.66 40.8", "111.66E 40.8N", "40.8N 111.66E", "N40.8 E111.66", "n 40.8, e 111.66",
    "E111.66N40.8", "40°48'N 111°39'36\"E", "40°48′0″ N, 111°39′36″ E", "40 48 0 N 111 39 36 E", "40 48 0 111 39 36", "40:48:00 111:39:36",
    "北纬40.8 东经111.66", "东经111度39分36秒，北纬40度48分", "４０．８，１１１．６６", "(40.8, 111.66)", "40.8; 111.66", "40.8/111.66",
    "40º48’ 111º39’36”", "+40.8, +111.66", "40.8N, 111.66", "  40.8 ,  111.66  ",
  ]) near(readCoordinates(text, BOX), WANTED, text);
});

test("south and west are below zero", () => {
  near(readCoordinates("1.3S 36.8E", BOX), [-1.3, 36.8]);
  near(readCoordinates("-1.3, 36.8", BOX), [-1.3, 36.8]);
  near(readCoordinates("51°30'N 0°7'30\"W", BOX), [51.5, -0.125]);
});

test("the order is turned where the other alone lies in the plan's box, and not where both do", () => {
  near(readCoordinates("50, 100", BOX), [50, 100]);
  near(readCoordinates("100, 50", BOX), [50, 100]);
  near(readCoordinates("36, 37", [30, 30, 40, 40]), [36, 37]);
  near(readCoordinates("10, 20", BOX), [10, 20]);
});

test("what is no coordinates is none", () => {
  for (const text of ["", "呼和浩特", "40.8", "40.8N", "1 2 3", "40.8, 111.66, 3", "91, 181", "40N 41S", "110E 111E", "40°61' 111°0'", "NaN, 3",
    "1e2, 40", "40.5 30 0 N 111 0 0 E", "-40S 111E", "N40N 111E", "110kV 220kV", "Infinity Infinity", `40,${"1".repeat(90)}`]) {
    assert.equal(readCoordinates(text, BOX), null, text);
  }
});

test("no text breaks the reading, and every place comes back from how it is written", () => {
  const signs = [..."0123456789.,-+°'\" NSEWnsew北纬东经度分秒()\u202e\ud800\n"];
  for (const random of draw(3000)) {
    const text = Array.from({ length: Math.floor(24 * random()) }, () => signs[Math.floor(random() * signs.length)]).join("");
    const found = readCoordinates(text, BOX);
    assert.ok(found === null || (Math.abs(found[0]) <= 90 && Math.abs(found[1]) <= 180));
    const spot = [180 * random() - 90, 360 * random() - 180];
    const read = readCoordinates(spellCoordinates(spot), BOX);
    assert.ok(Math.abs(read[0] - spot[0]) <= 1e-5 && Math.abs(read[1] - spot[1]) <= 1e-5, spellCoordinates(spot));
  }
});
