// The request: a load that the reader may change, and what each park says to it.

import { joinVerdicts, judgeTest, readLoad } from "../pure/request.js";
import { own } from "../pure/tables.js";
import { data } from "../state/data.js";
import { change, state } from "../state/store.js";
import { fill, say, valueWord, word } from "../state/words.js";
import { $, h } from "./elements.js";

const { request } = data;
const VERDICTS = ["can", "may", "unknown", "cannot"];
/** @type {Record<string, string>} */
const CLASSES = { can: "holds", may: "partly", unknown: "cannot_be_checked", cannot: "fails" };

/** @param {string} id @returns {Row[]} */
function testsOf(id) {
  if (!request || state.demand === null) return [];
  const { demand } = state;
  return own(request.sites, id, []).map((row) => {
    const test = /** @type {Row} */ (Object.fromEntries(request.fields.map((field, i) => [field, row[i]])));
    return { ...test, verdict: judgeTest(test, demand) };
  });
}

/** @param {string} id @returns {string | null} */
function verdictOn(id) {
  const tests = testsOf(id);
  return tests.length ? joinVerdicts(Object.fromEntries(tests.map((one) => [one.test, one.verdict]))) : null;
}

/** @param {string} verdict */
const badge = (verdict) => h("span", { class: `verdict ${CLASSES[verdict]}` }, valueWord(verdict));

// The verdict in a park's row of the ranking; nothing where no load is asked for.
/** @param {string} id */
export function requestBadge(id) {
  const verdict = verdictOn(id);
  return verdict === null ? "" : h("span", { class: "request-badge", "data-request": verdict }, badge(verdict));
}

// What a park's card says of the load.
/** @param {string} id */
export function requestList(id) {
  const tests = testsOf(id);
  const verdict = verdictOn(id);
  if (!request || verdict === null) return null;
  const { reasons } = request;
  const limit = (/** @type {Row} */ one) => (one.can_mw === null ? "" : fill("page.request_up_to", { mw: Math.floor(one.can_mw) }));
  return h("section", { class: "request" },
    h("h3", {}, fill("page.request_of", { mw: state.demand }), " ", badge(verdict)),
    tests.map((one) => h("div", { class: "claim", "data-test": one.test },
      h("p", { class: "claim-head" }, badge(one.verdict), h("span", {}, [valueWord(`request_${one.test}`), limit(one)].filter(Boolean).join(" · "))),
      h("p", { class: "reason" }, say(reasons[one.reason])))));
}

/** @type {HTMLInputElement} */
let input;

export function startRequest() {
  $("request").hidden = !request;
  if (!request) return;
  input = h("input", {
    type: "number", id: "demand", min: "1", step: "any", inputmode: "decimal",
    oninput: () => {
      const demand = readLoad(input.value);
      if (demand !== null) change({ demand });
    },
  });
  $("request-line").append(input);
}

export function fillRequest() {
  if (!request) return;
  const load = String(state.demand);
  if (readLoad(input.value) !== state.demand) input.value = load;
  const verdicts = Object.keys(request.sites).map(verdictOn);
  $("request-label").textContent = request.year === null ? word("page.request_load") : fill("page.request_by", { year: request.year });
  $("request-counts").replaceChildren(...VERDICTS.map((verdict) =>
    h("span", { "data-verdict": verdict }, badge(verdict), ` ${verdicts.filter((one) => one === verdict).length} `)));
}
