// Which parks a filter lets through.

// Of several clauses a park fails when it fails one, passes when it passes all, and is not known
// when it fails none but one is not known.
/** @param {string[]} verdicts @returns {string | null} */
export function joinClauses(verdicts) {
  if (!verdicts.length) return null;
  if (verdicts.includes("fail")) return "fail";
  return verdicts.every((verdict) => verdict === "pass") ? "pass" : "unknown";
}

// `may` asks for what can or may be carried.
/** @param {string | null} verdict @param {string} wanted */
export const carries = (verdict, wanted) =>
  verdict === wanted || (wanted === "may" && verdict === "can");

// A name that a source writes in two scripts, Chinese before Latin, in one of them.
/** @param {string} text @param {boolean} isChinese */
export function oneScript(text, isChinese) {
  const parts = /^([^A-Za-z]*[\u4e00-\u9fff]\S*)\s+([ -~]+)$/.exec(text);
  return parts ? parts[isChinese ? 1 : 2] : text;
}
