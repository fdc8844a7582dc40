import assert from "node:assert/strict";
import test from "node:test";

import { findBest, fold, gradeOf, keyOf } from "../../maps/assets/scripts/pure/search.js";
import { draw } from "./draws.js";

const group = (name, ...features) => ({ name, keys: features.map((texts) => keyOf(texts)) });
const GROUPS = [
  group("parks", ["和林格尔新区", "Horinger New Area", "horinger"], ["呼和浩特园区", "Hohhot Park", "hohhot_park"], ["赤峰", "Chifeng", "chifeng"]),
  group("nodes", ["呼和浩特", "Hohhot", "hohhot"], ["集宁", "Jining", "jining"], ["München", "muenchen"]),
];
const found = (text, most = 20) => findBest(GROUPS, text, most).groups.flatMap(({ name, hits }) => hits.map((hit) => `${name} ${hit.i} ${hit.grade}`));

test("case, hyphens, underscores, blanks and accents do not matter", () => {
  for (const text of ["hohhot_park", "HOHHOT-PARK", "Hohhot Park", "hohhotpark", "ＨＯＨＨＯＴ park"]) assert.equal(found(text)[0], "parks 1 0", text);
  assert.equal(found("munchen")[0], "nodes 2 0");
  assert.equal(fold("  _-– "), "");
});

test("the exact comes before what begins so, and that before what holds it", () => {
  assert.deepEqual(found("hohhot"), ["nodes 0 0", "parks 1 1"]);
  assert.deepEqual(found("呼和浩特"), ["nodes 0 0", "parks 1 1"]);
  assert.deepEqual(found("ing"), ["parks 0 2", "nodes 1 2"]);
  assert.deepEqual(found("ho"), ["parks 1 1", "parks 0 1", "nodes 0 1"]);
});

test("nothing is found for nothing, and what no name holds is not found", () => {
  for (const text of ["", " ", "-", "xyz", "和林格尔园区"]) assert.deepEqual(found(text), [], text);
});

test("no more come than are asked for, and all are counted", () => {
  const many = [group("a", ...Array.from({ length: 70 }, (_, i) => [`site ${i}`]))];
  const { n, groups } = findBest(many, "site", 20);
  assert.equal(n, 70);
  assert.equal(groups[0].hits.length, 20);
});

test("a grade is that of looking at each text by itself", () => {
  const signs = [..."ab_-B 呼特\n"];
  for (const random of draw(2000)) {
    const word = () => Array.from({ length: Math.floor(5 * random()) }, () => signs[Math.floor(random() * signs.length)]).join("");
    const [texts, query] = [[word(), word(), word()], fold(word())];
    const folded = texts.map(fold).filter(Boolean);
    const wanted = query === "" ? null : folded.includes(query) ? 0 : folded.some((one) => one.startsWith(query)) ? 1
      : folded.some((one) => one.includes(query)) ? 2 : null;
    assert.equal(gradeOf(keyOf(texts), query), wanted);
  }
});
