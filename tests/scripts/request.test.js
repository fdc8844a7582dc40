import assert from "node:assert/strict";
import test from "node:test";

import { joinVerdicts, judgeTest, readLoad } from "../../maps/assets/scripts/pure/request.js";

test("a load is held against both limits of a test", () => {
  const land = { verdict: "may", can_mw: 100, cannot_mw: 300 };
  assert.deepEqual([1, 100, 100.1, 300, 300.1].map((mw) => judgeTest(land, mw)), ["can", "can", "may", "may", "cannot"]);
});

test("a limit that is not known decides nothing", () => {
  const [no, open] = [{ verdict: "may", can_mw: null, cannot_mw: 300 }, { verdict: "can", can_mw: 100, cannot_mw: null }];
  assert.deepEqual([1, 301].map((mw) => judgeTest(no, mw)), ["may", "cannot"]);
  assert.deepEqual([1, 1e9].map((mw) => judgeTest(open, mw)), ["can", "may"]);
});

test("without limits the verdict stands whatever the load", () => {
  for (const verdict of ["can", "may", "unknown", "cannot"]) {
    assert.equal(judgeTest({ verdict, can_mw: null, cannot_mw: null }, 1e6), verdict);
  }
});

test("one cannot is enough, and without word of the utility nothing is sure", () => {
  const all = { voltage: "can", plants: "can", spare: "unknown", land: "can", year: "can", fibre: "can" };
  assert.equal(joinVerdicts(all), "may");
  assert.equal(joinVerdicts({ ...all, spare: "can" }), "can");
  assert.equal(joinVerdicts({ ...all, spare: "can", voltage: "unknown" }), "can");
  assert.equal(joinVerdicts({ ...all, land: "unknown" }), "unknown");
  assert.equal(joinVerdicts({ ...all, voltage: "unknown" }), "unknown");
  assert.equal(joinVerdicts({ ...all, land: "unknown", year: "cannot" }), "cannot");
});

test("a load is a number above 0", () => {
  assert.deepEqual(["200", " 1.5 ", "", "0", "-3", "many", "Infinity"].map(readLoad), [200, 1.5, null, null, null, null, null]);
});
