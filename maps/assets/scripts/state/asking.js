// What each park says to the load that is asked for.

import { joinVerdicts, judgeTest } from "../pure/request.js";
import { own } from "../pure/tables.js";
import { data } from "./data.js";
import { state } from "./store.js";

/** @param {string} id @returns {Row[]} */
export function testsOf(id) {
  const { request } = data;
  if (!request || state.demand === null) return [];
  const { demand } = state;
  return own(request.sites, id, []).map((row) => {
    const test = /** @type {Row} */ (Object.fromEntries(request.fields.map((field, i) => [field, row[i]])));
    return { ...test, verdict: judgeTest(test, demand) };
  });
}

/** @param {string} id @returns {string | null} */
export function verdictOn(id) {
  const tests = testsOf(id);
  return tests.length ? joinVerdicts(Object.fromEntries(tests.map((one) => [one.test, one.verdict]))) : null;
}
