import assert from "node:assert/strict";
import test from "node:test";

import { percent, shortMoney, shortNumber } from "../../maps/assets/scripts/pure/numbers.js";
import { pickRule } from "../../maps/assets/scripts/pure/rules.js";
import { featuresOf, listIds, own, recordsOf, tripsOf, unpack } from "../../maps/assets/scripts/pure/tables.js";

const THIN = "\u2009";

test("numbers are three digits that count, or whole", () => {
  const told = [[0, "0"], [0.1234, "0.123"], [-5.6789, "-5.68"], [999.4, "999"], [1234.5, "1235"], [12345, `12${THIN}345`], [-123456, `-123${THIN}456`]];
  for (const [value, text] of told) assert.equal(shortNumber(value), text);
});

test("what is unknown is a dash", () => {
  assert.deepEqual([null, undefined].map(shortNumber), ["–", "–"]);
});

test("money is grouped by thousands, shares are whole percents", () => {
  assert.equal(shortMoney(1234567), `1${THIN}230${THIN}000`);
  assert.equal(percent(0.126), `13${THIN}%`);
});

test("half a round trip and its ratio follow; of none known or no distance there is none", () => {
  const table = { fields: ["rtt_ms", "floor_rtt_ms"], columns: [[3, null, 3], [2, 1, 0]], n_rows: 3 };
  assert.deepEqual(tripsOf(table).map((row) => [row.one_way_ms, row.floor_ratio]), [[1.5, 1.5], [null, null], [1.5, null]]);
});

const rule = (id, ...when) => ({ id, when });

test("the first rule that holds is picked, and all its comparisons must", () => {
  const rules = [rule("high", ["kv", "ge", 500], ["status", "eq", "built"]), rule("some", ["kv", "gt", 0]), rule("rest")];
  const pick = (row) => pickRule(rules, row)?.id;
  assert.equal(pick({ kv: 500, status: "built" }), "high");
  assert.equal(pick({ kv: 500, status: "planned" }), "some");
  assert.equal(pick({ kv: 0 }), "rest");
  assert.equal(pickRule([rules[0]], { kv: 1 }), undefined);
});

test("on each side of a limit, and on it", () => {
  const holds = (op, constant) => [1, 2, 3].map((value) => pickRule([rule("it", ["x", op, constant])], { x: value }) !== undefined);
  assert.deepEqual(holds("lt", 2), [true, false, false]);
  assert.deepEqual(holds("le", 2), [true, true, false]);
  assert.deepEqual(holds("gt", 2), [false, false, true]);
  assert.deepEqual(holds("ge", 2), [false, true, true]);
  assert.deepEqual(holds("eq", 2), [false, true, false]);
  assert.deepEqual(holds("ne", 2), [true, false, true]);
  assert.deepEqual(holds("in", [1, 3]), [true, false, true]);
});

test("of what is unknown nothing holds but that it is", () => {
  for (const row of [{ x: null }, {}]) {
    for (const op of ["lt", "le", "gt", "ge", "eq", "ne", "in"]) assert.equal(pickRule([rule("it", ["x", op, [0]])], row), undefined);
    assert.equal(pickRule([rule("it", ["x", "null", null])], row)?.id, "it");
  }
  assert.equal(pickRule([rule("it", ["x", "null", null])], { x: 0 }), undefined);
});

test("columns become rows", () => {
  assert.deepEqual(recordsOf({ fields: ["a", "b"], rows: [[1, 2], [3, null]] }), [{ a: 1, b: 2 }, { a: 3, b: null }]);
});

test("a column of values, a coded one and one of a single value become rows", () => {
  const layer = { fields: ["a", "b", "c"], columns: [[1, 2], { of: ["x", null], at: [1, 0] }, { of: [7] }], shapes: [[0, 0], [1, 1]] };
  assert.deepEqual(featuresOf(layer), [{ a: 1, b: null, c: 7 }, { a: 2, b: "x", c: 7 }]);
});

test("rows say their shared texts in full, and what is not said stays so", () => {
  const empty = { fields: [], columns: [], n_rows: 0 };
  const facts = { fields: ["layer", "id", "value"], columns: [{ of: ["fibre"] }, { of: ["a", "__proto__"], at: [0, 1, 0] }, [1, 2, 3]], n_rows: 3 };
  const data = unpack({
    latency: empty, redundancy: empty, disjoint: empty, cuts: { fields: ["rank"], columns: [[1]], n_rows: 1 }, facts,
    texts: ["first", "second"], shared_texts: ["reason"],
    measures: { park: [{ reason: 1 }, { value: 3 }] },
    decision: { costs: { fields: ["reason", "component"], rows: [[0, "power"], [null, "total"]] }, acceptability: {} },
  });
  assert.deepEqual(data.cuts, [{ rank: 1 }]);
  assert.deepEqual(own(data.facts.fibre, "a", []).map((fact) => fact.value), [1, 3]);
  assert.deepEqual(own(data.facts.fibre, "__proto__", []).map((fact) => fact.value), [2]);
  assert.deepEqual(data.measures.park, [{ reason: "second" }, { value: 3 }]);
  assert.deepEqual(data.decision.costs, [{ reason: "first", component: "power" }, { reason: null, component: "total" }]);
});

test("a site may be called like what every object has", () => {
  assert.equal(own({}, "constructor", "none"), "none");
  assert.equal(own(JSON.parse('{"__proto__": "a site"}'), "__proto__", "none"), "a site");
});

test("identifiers are told apart by blanks", () => {
  assert.deepEqual(listIds(" a  b "), ["a", "b"]);
  assert.deepEqual([null, undefined, ""].map(listIds), [[], [], []]);
});
