import assert from "node:assert/strict";
import test from "node:test";

import { paceOf, readFeature, readParts, readView, roundView, spellParts } from "../../maps/assets/scripts/pure/addresses.js";
import { draw } from "./draws.js";

// Signs that addresses are made of, and some that they are not.
const SIGNS = [..."0123456789.,-+eE:;=&#%/ \u0000\u202e\ud800<>\"'`$", "{", "}", "NaN", "Infinity", "__proto__", "呼", "1e308", "\u{1f5fa}"];
const textOf = (random) => Array.from({ length: Math.floor(random() * 12) }, () => SIGNS[Math.floor(random() * SIGNS.length)]).join("");

test("a view is three numbers that a map can look at, and nothing else", () => {
  assert.deepEqual(readView("40.8,111.7,6.25"), [40.8, 111.7, 6.25]);
  assert.deepEqual(readView("-33.9,-181.5,2"), [-33.9, -181.5, 2]);
  for (const text of ["", "40.8", "40.8,111.7", "40.8,111.7,6,1", "91,0,3", "0,541,3", "0,0,-1", "0,0,25", "1e1,0,3", "NaN,0,3",
    "Infinity,0,3", " 1,2,3", "0x1,2,3", "1,,3", "１,2,3", "40.8,111.7,6\n"]) assert.equal(readView(text), null, text);
});

test("whatever stands for a view gives one on the map, or none", () => {
  for (const random of draw(3000)) {
    const view = readView([textOf(random), textOf(random), textOf(random)].join(","));
    if (view === null) continue;
    assert.ok(view.every(Number.isFinite));
    assert.ok(Math.abs(view[0]) <= 85 && Math.abs(view[1]) <= 540 && view[2] >= 0 && view[2] <= 24);
  }
});

test("a rounded view is read as it was written", () => {
  for (const random of draw(500)) {
    const view = roundView([170 * random() - 85, 1080 * random() - 540, 2 + 11 * random()]);
    assert.deepEqual(readView(view.join(",")), view);
  }
});

test("a feature is a layer and an identifier, which may hold anything", () => {
  assert.deepEqual(readFeature("risks:crossing:a:b"), { layer: "risks", id: "crossing:a:b" });
  for (const text of ["", ":", "risks", "risks:", ":id"]) assert.equal(readFeature(text), null, text);
});

const number = (key, pace) => ({
  key, pace, write: (state) => (state[key] === 0 ? null : String(state[key])),
  read: (text, read) => { if (/^\d{1,3}$/.test(text)) read[key] = Number(text); },
});
const PARTS = [number("a", "step"), number("b", "gesture"), number("c", "quiet")];
const PLAIN = { a: 0, b: 0, c: 0 };

test("the plain state has a plain address, and every state comes back from its own", () => {
  assert.equal(spellParts(PARTS, PLAIN).size, 0);
  for (const random of draw(300)) {
    const state = Object.fromEntries(Object.keys(PLAIN).map((key) => [key, Math.floor(3 * random()) * Math.floor(300 * random())]));
    const text = new URLSearchParams([...spellParts(PARTS, state)]).toString();
    assert.deepEqual(readParts(PARTS, new URLSearchParams(text), PLAIN), state);
  }
});

test("no text in an address breaks its reading, or brings in what is no part", () => {
  for (const random of draw(3000)) {
    const said = new URLSearchParams([textOf(random), `a=${textOf(random)}`, `__proto__=${textOf(random)}`, `b=${textOf(random)}`].join("&"));
    const read = readParts(PARTS, said, PLAIN);
    assert.deepEqual(Object.keys(read), Object.keys(PLAIN));
    assert.ok(Object.values(read).every(Number.isFinite));
    assert.equal(Object.getPrototypeOf(read), Object.prototype);
  }
});

test("a change is as great a step as the greatest of its parts", () => {
  const pace = (before, after) => paceOf(PARTS, spellParts(PARTS, { ...PLAIN, ...before }), spellParts(PARTS, { ...PLAIN, ...after }));
  assert.equal(pace({}, {}), null);
  assert.equal(pace({ a: 1, b: 2 }, { a: 1, b: 2 }), null);
  assert.equal(pace({}, { c: 1 }), "quiet");
  assert.equal(pace({ b: 1 }, { b: 2, c: 1 }), "gesture");
  assert.equal(pace({ a: 1 }, { b: 2 }), "step");
});
