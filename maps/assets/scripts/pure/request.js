// What the tests of a request say of a load, as Python has it (gis/criteria/request.py).

import { isKnown } from "./numbers.js";

const SUPPLY = ["voltage", "plants"];

// Of a test that hangs on no load, its verdict stands.
/** @param {Row} test @param {number} demand @returns {string} */
export function judgeTest(test, demand) {
  const { can_mw: can, cannot_mw: cannot, verdict } = test;
  if (!isKnown(can) && !isKnown(cannot)) return verdict;
  if (isKnown(can) && demand <= can) return "can";
  return isKnown(cannot) && demand > cannot ? "cannot" : "may";
}

// One `cannot` is enough; spare capacity that somebody told stands for voltage and plants.
/** @param {Record<string, string>} verdicts @returns {string} */
export function joinVerdicts(verdicts) {
  const all = Object.entries(verdicts);
  if (all.some(([, verdict]) => verdict === "cannot")) return "cannot";
  const isTold = (verdicts.spare ?? "unknown") !== "unknown";
  const told = all.filter(([name]) => (isTold ? !SUPPLY.includes(name) : name !== "spare")).map(([, verdict]) => verdict);
  if (told.includes("unknown")) return "unknown";
  return !isTold || told.includes("may") ? "may" : "can";
}

// A load that a reader may ask for: a number above 0; anything else is none.
/** @param {string} text @returns {number | null} */
export function readLoad(text) {
  const load = Number(text);
  return text.trim() !== "" && Number.isFinite(load) && load > 0 ? load : null;
}
