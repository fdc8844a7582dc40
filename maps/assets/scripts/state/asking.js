// What each park says to the load that is asked for.

import { joinVerdicts, judgeTest } from "../pure/request.js";
import { own, recordsOf, shareTexts } from "../pure/tables.js";
import { data } from "./data.js";
import { state } from "./store.js";

/** @param {string} id @returns {Row[]} */
export function testsOf(id) {
  const { request } = data;
  if (!request || state.demand === null) return [];
  const { demand } = state;
  const tests = recordsOf({ fields: request.fields, rows: own(request.sites, id, []) });
  shareTexts(tests, data);
  return tests.map((test) => ({ ...test, verdict: judgeTest(test, demand) }));
}

/** @param {string} id @returns {string | null} */
export function verdictOn(id) {
  const tests = testsOf(id);
  return tests.length ? joinVerdicts(Object.fromEntries(tests.map((one) => [one.test, one.verdict]))) : null;
}
