// What of two or three values is the best.

import { isKnown } from "./numbers.js";

// How good a value of a measure is, for an order alone: from the worst end to the best, or from
// point to point.
/** @param {Measure} measure @param {number} value */
export function worthOf({ worst, best, points }, value) {
  if (points && points.length) {
    const after = points.findIndex(([at]) => value <= at);
    if (after === 0) return points[0][1];
    if (after < 0) return points[points.length - 1][1];
    const [[a, worthA], [b, worthB]] = [points[after - 1], points[after]];
    return worthA + ((worthB - worthA) * (value - a)) / (b - a);
  }
  return isKnown(worst) && isKnown(best) ? (value - worst) / (best - worst) : 0;
}

// Which are the best: none where all are alike or fewer than two are known.
/** @param {(number | null | undefined)[]} worths @returns {boolean[]} */
export function findBest(worths) {
  const known = worths.filter(isKnown);
  const most = Math.max(...known);
  const isTold = known.length > 1 && known.some((worth) => worth < most);
  return worths.map((worth) => isTold && worth === most);
}
