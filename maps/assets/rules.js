"use strict";
// Pure sums: the symbology's pick and the weighted score, each as Python has it.
const steppe = {};
window.steppe = steppe;

(function () {
  const isEmpty = (value) => value === null || value === undefined;

  function holds([field, op, constant], row) {
    const value = row[field];
    if (isEmpty(value)) return op === "null";
    switch (op) {
      case "in": return constant.includes(value);
      case "eq": return value === constant;
      case "ne": return value !== constant;
      case "lt": return value < constant;
      case "le": return value <= constant;
      case "gt": return value > constant;
      case "ge": return value >= constant;
      default: return false;
    }
  }

  // The first rule whose comparisons all hold.
  steppe.pick = (rules, row) => rules.find((rule) => rule.when.every((when) => holds(when, row)));

  // The weighted mean over the known criteria; coverage is the known share of the weight.
  steppe.score = function (weights, parts, names) {
    let all = 0, known = 0;
    const sums = { value: 0, low: 0, high: 0 };
    for (const name of names) {
      const weight = weights[name];
      const part = parts && parts[name];
      all += weight;
      if (!part || isEmpty(part.value)) continue;
      known += weight;
      sums.value += weight * part.value;
      sums.low += weight * (isEmpty(part.low) ? part.value : part.low);
      sums.high += weight * (isEmpty(part.high) ? part.value : part.high);
    }
    return {
      total: known > 0 ? sums.value / known : null,
      low: known > 0 ? sums.low / known : null,
      high: known > 0 ? sums.high / known : null,
      coverage: all > 0 ? known / all : 0,
      full: all > 0 && known === all,
    };
  };

  function compare(a, b) {
    if (a.total !== b.total) {
      if (a.total === null) return 1;
      if (b.total === null) return -1;
      return b.total - a.total;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  }

  // Sites with full coverage are ranked, the others stand apart; ties go by identifier.
  steppe.rank = function (ids, scores, weights, names) {
    const rows = ids.map((id) => ({ id, ...steppe.score(weights, scores[id], names) }));
    return {
      ranked: rows.filter((row) => row.full).sort(compare),
      partial: rows.filter((row) => !row.full).sort(compare),
    };
  };
})();
