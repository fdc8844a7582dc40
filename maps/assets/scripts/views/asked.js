// What a park says to the load that is asked for, in its row and in its card.

import { joined } from "../pure/directions.js";
import { testsOf, verdictOn } from "../state/asking.js";
import { data } from "../state/data.js";
import { state } from "../state/store.js";
import { fill, inTongue, valueWord } from "../state/words.js";
import { h } from "./elements.js";

/** @type {Record<string, string>} */
const CLASSES = { can: "holds", may: "partly", unknown: "cannot_be_checked", cannot: "fails" };

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
  const { request } = data;
  if (!request || verdict === null) return null;
  const limit = (/** @type {Row} */ one) => (one.can_mw === null ? "" : fill("page.request_up_to", { mw: Math.floor(one.can_mw) }));
  return h("section", { class: "request" },
    h("h3", {}, fill("page.request_of", { mw: state.demand }), " ", badge(verdict)),
    tests.map((one) => h("div", { class: "claim", "data-test": one.test },
      h("p", { class: "claim-head" }, badge(one.verdict), h("span", {}, joined([valueWord(`request_${one.test}`), limit(one)]))),
      h("p", { class: "reason" }, inTongue(one, "reason")))));
}
