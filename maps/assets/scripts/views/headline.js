// Who is first, under the weights as they are and under the plan's own: the head of the panel.

import { BASE, data, findLayer } from "../state/data.js";
import { isWeighted, plannedRanking, ranking } from "../state/ranking.js";
import { isPlanned, state } from "../state/store.js";
import { fill, inTongue, ofHundred, placeName, word } from "../state/words.js";
import { $, h } from "./elements.js";
import { chanceOf } from "./sure.js";

const { decision, info } = data;
const MOST_NAMED = 2; // of parks that share the first place
const points = (/** @type {number} */ total) => total.toFixed(3);
const join = (/** @type {string[]} */ names) => names.join(word("page.comma"));

/** @param {RankedScore[]} ranked */
function firstWords(ranked) {
  const firsts = ranked.filter((row) => row.rank === 1);
  if (firsts.length > 1) {
    const names = join(firsts.slice(0, MOST_NAMED).map((row) => placeName(row.id)));
    const more = firsts.length > MOST_NAMED ? fill("page.headline_more", { n: firsts.length - MOST_NAMED }) : "";
    return fill("page.headline_shared", { names: names + more, points: points(firsts[0].total) });
  }
  const [first, next] = ranked;
  return fill("page.headline_first", { name: placeName(first.id), points: points(first.total) })
    + (next ? fill("page.headline_lead", { lead: points(first.total - next.total), next: placeName(next.id) }) : "");
}

// What was drawn says how sure the plan's own first is, and of nobody else.
/** @param {string} id @param {boolean} moved */
function sureWords(id, moved) {
  if (info.left_out.includes("robustness")) return fill("page.headline_left_out", { text: word("page.left_out") });
  const share = chanceOf(id);
  // Of another scenario no more was drawn than this.
  if (state.scenario !== BASE) {
    if (share === null) return "";
    return moved ? fill("page.headline_sure_short", { share: ofHundred(share) }) : fill("page.headline_share", { share: ofHundred(share) });
  }
  const row = decision.robustness.find((one) => one.site_id === id);
  if (!row) return "";
  const { low_rank: low, high_rank: high } = row;
  if (moved) return fill("page.headline_sure_short", { share: ofHundred(row.first_share) });
  const ranks = low === high ? fill("page.rank_of", { rank: low }) : fill("page.rank_range", { low, high });
  return fill("page.headline_sure", { share: ofHundred(row.first_share), ranks });
}

/** @param {RankedScore[]} planned @param {string} sure */
const plannedWords = (planned, sure) =>
  fill("page.headline_planned", { name: placeName(planned[0].id), points: points(planned[0].total), sure });

/** @param {string} text @param {string} beside @param {boolean} moved */
const lines = (text, beside, moved) =>
  [h("strong", { title: text }, text), beside ? h("span", { class: moved ? "beside moved-beside" : "beside" }, beside) : null].filter((one) => one !== null);

// Nothing is ranked: the plan's first answer says why, unless it is for want of weights.
function emptyWords() {
  if (!isWeighted()) return word("page.weightless");
  const [answer] = decision.answers;
  return (answer && inTongue(answer, "text")) || word("page.headline_none");
}

function headlineLines() {
  const { ranked, partial } = ranking();
  const planned = plannedRanking().ranked;
  const sure = planned.length ? sureWords(planned[0].id, !isPlanned()) : "";
  const beside = isPlanned() || !planned.length ? sure : plannedWords(planned, sure);
  if (!ranked.length) return lines(emptyWords(), beside, !isPlanned());
  const count = fill("page.headline_ranked", { n: ranked.length, all: ranked.length + partial.length });
  return lines(`${firstWords(ranked)}${word("page.stop")}`, isPlanned() ? `${count}${sure}` : beside, !isPlanned());
}

// The longest that the headline may become lies under it unseen, so that what stands below
// stays where a hand holds it.
function longestLines() {
  const planned = plannedRanking().ranked;
  if (!planned.length) return [];
  const byLength = [...planned].sort((a, b) => placeName(b.id).length - placeName(a.id).length);
  const [first, next = first] = byLength;
  const text = fill("page.headline_first", { name: placeName(first.id), points: points(0) })
    + fill("page.headline_lead", { lead: points(0), next: placeName(next.id) })
    + word("page.stop");
  const { id } = planned[0];
  const count = fill("page.headline_ranked", { n: planned.length, all: findLayer("parks").rows.length });
  // Lines break where words end: one word more than the longest is on the safe side.
  const longest = text.split(" ").sort((a, b) => b.length - a.length)[0].slice(0, 6);
  return [...lines(`${text} ${longest}`, count + sureWords(id, false), false), ...lines("", plannedWords(planned, sureWords(id, true)), true)];
}

export function fillHeadline() {
  $("headline").replaceChildren(...headlineLines());
}
export function fillLongest() {
  $("headline-longest").replaceChildren(...longestLines());
}
