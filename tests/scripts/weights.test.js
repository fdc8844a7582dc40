import assert from "node:assert/strict";
import test from "node:test";

import { readWeights } from "../../maps/assets/scripts/pure/weights.js";

const PLANNED = { climate: 0.6, power: 0.4 };
const read = (address, planned = PLANNED) => readWeights(new URLSearchParams(address), planned);

test("what an address does not say is the plan's", () => {
  assert.deepEqual(read("site=a&lang=en"), { weights: PLANNED, isStrange: false });
  assert.deepEqual(read("w.power=3.5"), { weights: { climate: 0.6, power: 3.5 }, isStrange: false });
});

test("zero and both ends of the bounds are weights", () => {
  for (const text of ["0", "0.0", "0e5", "1e-9", "1E9", "1000000000"]) {
    assert.deepEqual(read(`w.power=${text}`), { weights: { climate: 0.6, power: Number(text) }, isStrange: false }, text);
  }
});

test("what is no number, or none that a sum of weights bears, is told and not taken", () => {
  for (const text of ["", "-1", "NaN", "Infinity", "0x10", " 1", ".5", "1e308", "1e-320", "1e-400", "1e10", "9e-10"]) {
    assert.deepEqual(read(`w.power=${encodeURIComponent(text)}`), { weights: PLANNED, isStrange: true }, text);
  }
});

test("a plan's own weight is a weight whatever the bounds", () => {
  assert.deepEqual(read("w.power=1e-12", { power: 1e-12 }), { weights: { power: 1e-12 }, isStrange: false });
});

test("a criterion that the plan does not have is told, also if every object has its name", () => {
  for (const name of ["none", "__proto__", "constructor"]) assert.deepEqual(read(`w.${name}=1`), { weights: PLANNED, isStrange: true }, name);
});
