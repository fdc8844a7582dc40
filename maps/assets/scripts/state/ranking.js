// The ranking under the weights that are chosen, and under those of the plan.

import { percent } from "../pure/numbers.js";
import { rankSites, wholePercents } from "../pure/scoring.js";
import { own } from "../pure/tables.js";
import { criteria, data, findLayer } from "./data.js";
import { isExcluded } from "./lookups.js";
import { plannedWeights, state } from "./store.js";

const parks = findLayer("parks");
/** @param {(row: Row) => boolean} wants @returns {Map<string, Parts>} */
const scoresOfAll = (wants) =>
  new Map(parks.rows.filter(wants).map((row) => [row.park_id, own(data.scores, row.park_id, {})]));
const scores = scoresOfAll(() => true);
const isOfLevel = (/** @type {Row} */ row) => row.level === data.info.level;
const ofLevel = scoresOfAll(isOfLevel);
const ofOtherLevels = scoresOfAll((row) => !isOfLevel(row));

/** @param {string} id @returns {Parts} */
export const scoresOf = (id) => scores.get(id) ?? {};

/** @param {Map<string, Parts>} sites @param {Weights} weights */
const rankAll = (sites, weights) => rankSites(sites, weights, criteria, isExcluded);

export const plannedRanking = rankAll(ofLevel, plannedWeights());
/** @type {Map<string, number>} */
export const plannedRanks = new Map(plannedRanking.ranked.map((row) => [row.id, row.rank]));

/** @param {Weights} weights @returns {Ranking & {others: SiteScore[]}} */
function rankBy(weights) {
  const { ranked, partial } = rankAll(ofLevel, weights);
  const rest = rankAll(ofOtherLevels, weights);
  return { ranked, partial, others: [...rest.ranked.map((row) => ({ ...row, rank: null })), ...rest.partial] };
}
// One step of a slider asks for it again and again.
let latest = { weights: state.weights, found: rankBy(state.weights) };
export function ranking() {
  if (latest.weights !== state.weights) latest = { weights: state.weights, found: rankBy(state.weights) };
  return latest.found;
}
// Totals by park: what a test holds against Python's sums.
export const siteTotals = () => {
  const { ranked, partial, others } = ranking();
  return Object.fromEntries([...ranked, ...partial, ...others].map(({ id, total, coverage }) => [id, { total, coverage }]));
};
// Shares of the weights in words, by criterion; a dash for each where all are 0.
/** @param {Weights} weights @returns {Record<string, string>} */
export function weightShares(weights) {
  const shares = wholePercents(criteria.map((name) => weights[name]));
  return Object.fromEntries(criteria.map((name, i) => [name, shares ? percent(shares[i] / 100) : "\u2013"]));
}
export const isWeighted = () => criteria.some((name) => state.weights[name] > 0);
