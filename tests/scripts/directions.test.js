import assert from "node:assert/strict";
import test from "node:test";

import { apart } from "../../maps/assets/scripts/pure/directions.js";

test("a text that runs from left to right stays as it is", () => {
  for (const text of ["", "Ulanqab 1", "呼和浩特", "ᠮᠣᠩᠭᠣᠯ", "😀", "12.5 ms"]) assert.equal(apart(text), text);
});

test("a text that could turn its neighbours round is kept to itself", () => {
  for (const text of ["\u05e2\u05d1\u05e8", "a \u0627", "a\u202eb", "\u200fa", "\ufefb", "\u{10900}", "\u{1e900}"])
    assert.equal(apart(text), `\u2068${text}\u2069`);
});
