import assert from "node:assert/strict";
import test from "node:test";

import { rankSites, weightedScore, wholePercents } from "../../maps/assets/scripts/pure/scoring.js";
import { draw } from "./draws.js";

const part = (value, low = null, high = null, coverage = 1) => ({ value, low, high, coverage });
const unknown = part(null, null, null, 0);
const none = () => false;

test("a score is the weighted mean, worked by hand", () => {
  // (1 * 0.2 + 3 * 0.6) / 4 = 0.5; the ends (1 * 0.1 + 3 * 0.6) / 4 and (1 * 0.3 + 3 * 0.6) / 4.
  const { total, low, high, coverage, full } = weightedScore({ a: 1, b: 3 }, { a: part(0.2, 0.1, 0.3), b: part(0.6) }, ["a", "b"]);
  for (const [found, wanted] of [[total, 0.5], [low, 0.475], [high, 0.525], [coverage, 1]]) assert.ok(Math.abs(found - wanted) < 1e-12);
  assert.equal(full, true);
});

test("what is unknown is left out and lowers the coverage, and is never a zero", () => {
  const score = weightedScore({ a: 1, b: 3 }, { a: part(0.2), b: unknown }, ["a", "b"]);
  assert.deepEqual(score, { total: 0.2, low: 0.2, high: 0.2, coverage: 0.25, full: false });
  assert.equal(weightedScore({ a: 1 }, undefined, ["a"]).total, null);
});

test("a criterion without weight may be unknown, and weights that are all 0 say nothing", () => {
  const parts = { a: part(0.2), b: unknown };
  assert.equal(weightedScore({ a: 2, b: 0 }, parts, ["a", "b"]).full, true);
  assert.deepEqual(weightedScore({ a: 0, b: 0 }, parts, ["a", "b"]), { total: null, low: null, high: null, coverage: 0, full: false });
});

test("a score follows the proportions of the weights, not their sum", () => {
  for (const random of draw(50)) {
    const names = ["a", "b", "c"];
    const parts = Object.fromEntries(names.map((name) => [name, part(random())]));
    const weights = Object.fromEntries(names.map((name) => [name, random() + 0.01]));
    const doubled = Object.fromEntries(names.map((name) => [name, 2 * weights[name]]));
    const { total } = weightedScore(weights, parts, names);
    assert.ok(Math.abs(total - weightedScore(doubled, parts, names).total) < 1e-12);
    const values = names.map((name) => parts[name].value);
    assert.ok(total >= Math.min(...values) - 1e-12 && total <= Math.max(...values) + 1e-12);
  }
});

test("equal sites share a rank, and the next is counted on, as in a race", () => {
  const sites = new Map([["d", 0.1], ["c", 0.5], ["b", 0.9], ["a", 0.5]].map(([id, value]) => [id, { x: part(value) }]));
  const { ranked } = rankSites(sites, { x: 1 }, ["x"], none);
  assert.deepEqual(ranked.map(({ id, rank }) => [id, rank]), [["b", 1], ["a", 2], ["c", 2], ["d", 4]]);
});

test("totals that rounding alone tells apart are equal", () => {
  const sites = new Map([["a", { x: part(0.1 + 0.2) }], ["b", { x: part(0.3) }]]);
  assert.notEqual(0.1 + 0.2, 0.3);
  assert.deepEqual(rankSites(sites, { x: 1 }, ["x"], none).ranked.map((row) => row.rank), [1, 1]);
});

test("excluded and half known sites stand apart, the best first and the unknown last", () => {
  const half = (value) => ({ x: part(value, null, null, 0.5) });
  const sites = new Map([["z", { x: unknown }], ["low", half(0.2)], ["high", half(0.8)], ["out", { x: part(0.5) }], ["in", { x: part(0.1) }]]);
  const { ranked, partial } = rankSites(sites, { x: 1 }, ["x"], (id) => id === "out");
  assert.deepEqual(ranked.map((row) => row.id), ["in"]);
  assert.deepEqual(partial.map((row) => row.id), ["high", "out", "low", "z"]);
});

test("a rank is one more than the number of better sites", () => {
  for (const random of draw(30)) {
    const values = new Map([..."abcdefgh"].map((id) => [id, Math.floor(random() * 5) / 5]));
    const sites = new Map([...values].map(([id, value]) => [id, { x: part(value) }]));
    for (const { id, rank } of rankSites(sites, { x: 1 }, ["x"], none).ranked) {
      assert.equal(rank, 1 + [...values.values()].filter((value) => value > values.get(id)).length);
    }
  }
});

test("shares of three equal weights: the one percent that is left goes to the first", () => {
  assert.deepEqual(wholePercents([1, 1, 1]), [34, 33, 33]);
  assert.equal(wholePercents([0, 0]), null);
});

test("shares are whole, add up to 100, and are less than one percent off", () => {
  for (const random of draw(100)) {
    const values = Array.from({ length: 1 + Math.floor(random() * 9) }, () => (random() < 0.2 ? 0 : random()));
    const all = values.reduce((sum, value) => sum + value, 0);
    const shares = wholePercents(values);
    if (all === 0) { assert.equal(shares, null); continue; }
    assert.equal(shares.reduce((sum, share) => sum + share, 0), 100);
    shares.forEach((share, i) => assert.ok(Number.isInteger(share) && Math.abs(share - (100 * values[i]) / all) < 1));
  }
});
