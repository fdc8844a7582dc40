// The weighted score of sites and their ranks, as Python has them.

import { isKnown } from "./numbers.js";

// The weighted mean over the known criteria; coverage is the known share of the weight,
// where a criterion counts by what share of its own measures is known.
/** @param {Weights} weights @param {Parts | undefined} parts @param {string[]} names @returns {Score} */
export function weightedScore(weights, parts, names) {
  let all = 0, known = 0, covered = 0, full = true;
  const sums = { value: 0, low: 0, high: 0 };
  for (const name of names) {
    const weight = weights[name];
    const part = parts && parts[name];
    const value = part ? part.value : null;
    const share = part && isKnown(value) ? part.coverage : 0;
    all += weight;
    covered += weight * share;
    if (weight > 0 && share !== 1) full = false;
    if (!part || !isKnown(value)) continue;
    known += weight;
    sums.value += weight * value;
    sums.low += weight * (isKnown(part.low) ? part.low : value);
    sums.high += weight * (isKnown(part.high) ? part.high : value);
  }
  return {
    total: known > 0 ? sums.value / known : null,
    low: known > 0 ? sums.low / known : null,
    high: known > 0 ? sums.high / known : null,
    coverage: all > 0 ? covered / all : 0,
    full: all > 0 && full,
  };
}

/** @param {string} a @param {string} b */
const compareIds = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {SiteScore} a @param {SiteScore} b */
function compare(a, b) {
  if (a.total === b.total) return compareIds(a.id, b.id);
  if (a.total === null) return 1;
  if (b.total === null) return -1;
  return b.total - a.total;
}

const TIE = 1e-12; // totals no farther apart are equal

// Sites with full coverage are ranked, the others stand apart, as do those that a rule excludes.
// A rank is one more than the number of better sites, so ties share it; among them the order
// is that of identifiers.
/**
 * @param {Map<string, Parts>} sites @param {Weights} weights @param {string[]} names
 * @param {(id: string) => boolean} isExcluded
 * @returns {Ranking}
 */
export function rankSites(sites, weights, names, isExcluded) {
  const rows = [...sites].map(([id, parts]) => ({ id, ...weightedScore(weights, parts, names) }));
  const isOpen = (/** @type {SiteScore} */ row) => row.full && !isExcluded(row.id);
  const full = rows.filter(isOpen).map((row) => ({ ...row, total: row.total ?? 0 })).sort((a, b) => b.total - a.total);
  let better = 0;
  const ranked = full.map((row) => {
    while (full[better].total > row.total + TIE) better += 1;
    return { ...row, rank: better + 1 };
  });
  return {
    ranked: ranked.sort((a, b) => a.rank - b.rank || compareIds(a.id, b.id)),
    partial: rows.filter((row) => !isOpen(row)).sort(compare),
  };
}

// Whole percents that add up to 100, by the largest remainders; null where all is 0.
/** @param {number[]} values @returns {number[] | null} */
export function wholePercents(values) {
  const all = values.reduce((sum, value) => sum + value, 0);
  if (!(all > 0)) return null;
  const exact = values.map((value) => (100 * value) / all);
  const whole = exact.map(Math.floor);
  const left = 100 - whole.reduce((sum, part) => sum + part, 0);
  const order = exact.map((_, i) => i).sort((a, b) => (exact[b] - whole[b]) - (exact[a] - whole[a]) || a - b);
  order.slice(0, left).forEach((i) => { whole[i] += 1; });
  return whole;
}
