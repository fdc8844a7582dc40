// The ranking under the weights that are chosen, and under those of the plan.

import { percent } from "../pure/numbers.js";
import { rankSites, wholePercents } from "../pure/scoring.js";
import { own } from "../pure/tables.js";
import { criteria, data, findLayer } from "./data.js";
import { isExcluded } from "./lookups.js";
import { plannedWeights, state } from "./store.js";

const parks = findLayer("parks");
const isOfLevel = (/** @type {Row} */ row) => row.level === data.info.level;

// What the parks of a scenario score, those that are ranked and the others.
function readScores() {
  const scoresOfAll = (/** @type {(row: Row) => boolean} */ wants) =>
    new Map(parks.rows.filter(wants).map((row) => [row.park_id, own(data.scores, row.park_id, /** @type {Parts} */ ({}))]));
  return { all: scoresOfAll(() => true), ofLevel: scoresOfAll(isOfLevel), ofOtherLevels: scoresOfAll((row) => !isOfLevel(row)) };
}
/** @type {Map<string, ReturnType<typeof readScores>>} */
const read = new Map();
/** @returns {ReturnType<typeof readScores>} */
function scores() {
  const found = read.get(state.scenario) ?? readScores();
  read.set(state.scenario, found);
  return found;
}

/** @param {string} id @returns {Parts} */
export const scoresOf = (id) => scores().all.get(id) ?? {};

/** @param {Map<string, Parts>} sites @param {Weights} weights */
const rankAll = (sites, weights) => rankSites(sites, weights, criteria, isExcluded);

/** @type {Map<string, Ranking>} */
const planned = new Map();
// Of the scenario that is shown, with its own weights.
export function plannedRanking() {
  const found = planned.get(state.scenario) ?? rankAll(scores().ofLevel, plannedWeights());
  planned.set(state.scenario, found);
  return found;
}
// The ranks of the plan as it stands: of its base, with its own weights.
/** @type {Map<string, number>} */
const ranksAtFirst = new Map(plannedRanking().ranked.map((row) => [row.id, row.rank]));
// How many ranks a park has won on these; below 0 it has lost some.
/** @param {SiteScore} score */
export const rankShift = ({ id, rank }) => (rank ? (ranksAtFirst.get(id) ?? rank) - rank : 0);

/** @param {Weights} weights @returns {Ranking & {others: SiteScore[]}} */
function rankBy(weights) {
  const { ranked, partial } = rankAll(scores().ofLevel, weights);
  const rest = rankAll(scores().ofOtherLevels, weights);
  return { ranked, partial, others: [...rest.ranked.map((row) => ({ ...row, rank: null })), ...rest.partial] };
}
// One step of a slider asks for it again and again.
let latest = { scenario: state.scenario, weights: state.weights, found: rankBy(state.weights) };
export function ranking() {
  const { scenario, weights } = state;
  if (latest.weights !== weights || latest.scenario !== scenario) latest = { scenario, weights, found: rankBy(weights) };
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
