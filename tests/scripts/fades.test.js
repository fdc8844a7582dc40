// How opaque grids are, in an address that anybody may have written.

import assert from "node:assert/strict";
import test from "node:test";

import { readFades, spellFades } from "../../maps/assets/scripts/pure/fades.js";

const KNOWN = ["relief", "slope"];

test("what is spelled is read", () => {
  for (const fades of [{}, { relief: 0 }, { slope: 100, relief: 35 }]) {
    assert.deepEqual(readFades(spellFades(fades), KNOWN), fades);
  }
  assert.equal(spellFades({ slope: 80, relief: 40 }), "relief:40 slope:80");
});

test("what is no percent of a grid is left out", () => {
  for (const text of ["", "relief", "relief:", "relief:101", "relief:-1", "relief:1e2", "relief:4.5", "sky:40",
    "__proto__:40", "relief:40:40", "<b>:40", "relief:999999"]) {
    assert.deepEqual(readFades(text, KNOWN), {});
  }
  assert.deepEqual(readFades("sky:1 slope:20", KNOWN), { slope: 20 });
});
