import assert from "node:assert/strict";
import test from "node:test";

import { apart, joined } from "../../maps/assets/scripts/pure/directions.js";

test("a text that runs from left to right stays as it is", () => {
  for (const text of ["", "Ulanqab 1", "呼和浩特", "ᠮᠣᠩᠭᠣᠯ", "😀", "12.5 ms"]) assert.equal(apart(text), text);
});

test("a text that could turn its neighbours round is kept to itself", () => {
  for (const text of ["\u05e2\u05d1\u05e8", "a \u0627", "a\u202eb", "\u200fa", "\ufefb", "\u{10900}", "\u{1e900}"])
    assert.equal(apart(text), `\u2068${text}\u2069`);
});

// How many isolates stand open at each sign of a text, as UAX 9 counts them.
function depths(text) {
  let depth = 0;
  return [...text].map((sign) => {
    if (/[\u2066-\u2068]/.test(sign)) return ++depth;
    return sign === "\u2069" && depth ? --depth : depth;
  });
}

test("what a text opens or ends too often stays within it", () => {
  const marks = ["\u2067", "\u2069", "\u202e", "a", "\u05d0"];
  const texts = marks.flatMap((a) => marks.flatMap((b) => marks.flatMap((c) => marks.map((d) => a + b + c + d))));
  for (const text of texts) {
    const told = depths(`${apart(text)}.`);
    assert.equal(told.at(-1), 0);
    if (apart(text) !== text) assert.ok(told.slice(0, -2).every((depth) => depth > 0), JSON.stringify(text));
  }
});

test("a line leaves out what is empty, and its parts do not turn each other round", () => {
  assert.equal(joined(["a", null, "", undefined, false, 0]), "a · 0");
  assert.equal(joined(["\u05d0", "b"], ", "), "\u2068\u05d0\u2069, b");
});
