import assert from "node:assert/strict";
import test from "node:test";

import { compareCables, mergeLayer, mergeMeasures, mergeParts, mergeRequest, mergeRows, variantOf } from "../../maps/assets/scripts/pure/scenarios.js";

const packed = (rows, gone = []) => ({
  fields: ["id", "n"], columns: [rows.map(([id]) => id), rows.map(([, n]) => n)], n_rows: rows.length, gone,
});

test("rows that differ take the place of the base's, new ones follow, what is gone is gone", () => {
  const base = [{ id: "a", n: 1 }, { id: "b", n: 2 }, { id: "c", n: 3 }];
  const merged = mergeRows(base, packed([["d", 4], ["b", 20]], [["c"]]), ["id"]);
  assert.deepEqual(merged, [{ id: "a", n: 1 }, { id: "b", n: 20 }, { id: "d", n: 4 }]);
  assert.deepEqual(base.map((row) => row.n), [1, 2, 3]);
});

test("without a difference all is the base's", () => {
  const base = [{ id: "a", n: 1 }];
  assert.deepEqual(mergeRows(base, packed([]), ["id"]), base);
  assert.deepEqual(mergeParts({ a: { x: 1 } }, {}), { a: { x: 1 } });
});

test("a request takes the parks that say otherwise, and loses those that are gone", () => {
  const base = { demand_mw: 5, year: 2020, fields: ["test"], sites: { p: [["land"]], q: [["land"]], r: [["land"]] } };
  const merged = mergeRequest(base, { demand_mw: 5, year: 2030, fields: ["test"], sites: { q: [["fibre"]], s: [["plants"]] }, gone: ["r"] });
  assert.deepEqual(merged, { demand_mw: 5, year: 2030, fields: ["test"], sites: { p: [["land"]], q: [["fibre"]], s: [["plants"]] } });
  assert.equal(mergeRequest(base, undefined), base);
  assert.equal(mergeRequest(base, null), null);
  assert.deepEqual(mergeRequest(null, base), base);
});

test("names that objects have of their own are names like others", () => {
  const changes = JSON.parse('{"__proto__": {"x": 2}, "toString": {"x": 3}}');
  const merged = mergeParts({ a: { x: 1 } }, changes);
  assert.equal(Object.getPrototypeOf(merged), Object.prototype);
  assert.deepEqual(Object.keys(merged).sort(), ["__proto__", "a", "toString"]);
  const measures = mergeMeasures({}, JSON.parse('{"__proto__": [{"measure_id": "m", "value": 1}]}'));
  assert.deepEqual(Object.keys(measures), ["__proto__"]);
});

test("measures keep their places, and those that the base lacks follow", () => {
  const base = { p: [{ measure_id: "a", value: 1 }, { measure_id: "b", value: 2 }], q: [] };
  const merged = mergeMeasures(base, { p: [{ measure_id: "c", value: 3 }, { measure_id: "a", value: 9 }] });
  assert.deepEqual(merged.p.map((row) => [row.measure_id, row.value]), [["a", 9], ["b", 2], ["c", 3]]);
  assert.equal(merged.q, base.q);
});

test("a layer loses features, and others follow another rule", () => {
  const rules = [{ id: "old", when: [["status", "eq", "old"]] }, { id: "new", when: [] }];
  const layer = { key: "id", style: { rules }, rows: ["a", "b", "c"].map((id) => ({ id, status: "old" })), shapes: [1, 2, 3] };
  const { rows, shapes, rules: picked, byId } = mergeLayer(layer, { gone: ["a"], rows: { c: { status: "new" } } });
  assert.deepEqual(rows.map(({ id, status }) => [id, status]), [["b", "old"], ["c", "new"]]);
  assert.deepEqual(shapes, [2, 3]);
  assert.deepEqual(picked.map(({ id }) => id), ["old", "new"]);
  assert.deepEqual([byId.get("b"), byId.get("c"), byId.get("a")], [0, 1, undefined]);
});

test("cables are new, gone or of another status", () => {
  assert.deepEqual(compareCables(["a", "b"], ["b", "c"], { b: { status: "x" }, c: { status: "x" }, d: { status: "x" } }),
    { built: ["c"], gone: ["a"], changed: ["b"] });
});

test("a scenario's data are its own where they differ, and texts stand in its rows once", () => {
  const empty = packed([]);
  const base = {
    info: { criteria: [{ name: "k", weight: 1 }] }, decision: { costs: [] }, measures: { p: [] }, scores: { p: { k: { value: 1 } } },
    latency: [], redundancy: [], checks: { sites: { p: [[0]], q: [[1]] }, scenarios: { s: { p: [[2]] } } }, request: { demand_mw: 5 },
    shared_texts: ["reason_en"], texts: ["because"],
    variants: { s: {
      year: 2030, weights: { k: 0.5 }, counted: ["c"], scores: { p: { k: { value: 2 } } }, latency: empty, redundancy: empty, costs: empty,
      acceptability: {}, measures: { p: [{ measure_id: "m", reason_en: 0 }] },
    } },
  };
  for (let again = 0; again < 2; again += 1) {
    const { info, tables } = variantOf(base, "s");
    assert.deepEqual([info.scenario, info.year, info.criteria[0].weight], ["s", 2030, 0.5]);
    assert.equal(tables.measures.p[0].reason_en, "because");
    assert.deepEqual(tables.checks.sites, { p: [[2]], q: [[1]] });
    assert.equal(tables.request, base.request);
    assert.equal(tables.scores.p.k.value, 2);
  }
  assert.equal(base.scores.p.k.value, 1);
});
