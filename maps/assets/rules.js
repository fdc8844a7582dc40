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

  // The weighted mean over the known criteria; coverage is the known share of the weight,
  // where a criterion counts by what share of its own measures is known.
  steppe.score = function (weights, parts, names) {
    let all = 0, known = 0, covered = 0, full = true;
    const sums = { value: 0, low: 0, high: 0 };
    for (const name of names) {
      const weight = weights[name];
      const part = parts && parts[name];
      const share = !part || isEmpty(part.value) ? 0 : part.coverage;
      all += weight;
      covered += weight * share;
      if (weight > 0 && share !== 1) full = false;
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
      coverage: all > 0 ? covered / all : 0,
      full: all > 0 && full,
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

  const TIE = 1e-12; // totals no farther apart are equal

  // Sites with full coverage are ranked, the others stand apart, as do those that a rule excludes.
  // A rank is one more than the number of better sites, so ties share it; among them the order
  // is that of identifiers.
  steppe.rank = function (ids, scores, weights, names) {
    const rows = ids.map((id) => ({ id, ...steppe.score(weights, scores[id], names) }));
    const isOpen = (row) => row.full && !(steppe.isExcluded && steppe.isExcluded(row.id));
    const full = rows.filter(isOpen);
    const ranked = full.map((row) => ({ ...row, rank: 1 + full.filter((one) => one.total > row.total + TIE).length }));
    return {
      ranked: ranked.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1)),
      partial: rows.filter((row) => !isOpen(row)).sort(compare),
    };
  };

  // Whole percents that add up to 100, by the largest remainders; null where all is 0.
  steppe.shares = function (values) {
    const all = values.reduce((sum, value) => sum + value, 0);
    if (!(all > 0)) return null;
    const exact = values.map((value) => (100 * value) / all);
    const whole = exact.map(Math.floor);
    const left = 100 - whole.reduce((sum, part) => sum + part, 0);
    const order = exact.map((_, i) => i).sort((a, b) => (exact[b] - whole[b]) - (exact[a] - whole[a]) || a - b);
    order.slice(0, left).forEach((i) => { whole[i] += 1; });
    return whole;
  };
})();
