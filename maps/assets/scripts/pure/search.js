// Finding features by their names and identifiers.

// A text without what a reader need not care for: case, accents, blanks, hyphens, underscores.
/** @param {string} text */
export const fold = (text) =>
  text.normalize("NFKD").toLowerCase().replace(/[\p{M}\p{Z}\p{P}\p{C}]/gu, "");

const END = "\n"; // in no folded text
const [EXACT, PREFIX, INSIDE] = [0, 1, 2];

// Each entry's texts as one string that can be looked through at once.
/** @param {string[]} texts */
export const keyOf = (texts) => END + [...new Set(texts.map(fold).filter(Boolean))].join(END) + END;

// How well a key fits: 0 where one of its texts is the query, 1 where one begins with it, 2 where one
// holds it; null where none does.
/** @param {string} key @param {string} query folded @returns {number | null} */
export function gradeOf(key, query) {
  if (query === "" || !key.includes(query)) return null;
  if (!key.includes(END + query)) return INSIDE;
  return key.includes(END + query + END) ? EXACT : PREFIX;
}

/** @param {Hit} a @param {Hit} b */
const byFit = (a, b) => a.grade - b.grade || a.group - b.group || a.length - b.length || a.i - b.i;

// Puts a hit where it belongs among the best; of as many as may be kept the last one goes.
/** @param {Hit[]} best @param {Hit} hit @param {number} most */
function keepBest(best, hit, most) {
  if (best.length === most && byFit(hit, best[most - 1]) > 0) return;
  let at = best.length;
  while (at > 0 && byFit(hit, best[at - 1]) < 0) at -= 1;
  best.splice(at, 0, hit);
  if (best.length > most) best.pop();
}

// The best entries for a query, grouped as they are: the group with the best one first, of equals the
// group that comes first in the list; within a group the best first, of equals the shorter.
/** @param {KeyGroup[]} groups @param {string} text @param {number} most @returns {Found} */
export function findBest(groups, text, most) {
  const query = fold(text);
  /** @type {Hit[]} */
  const best = [];
  let n = 0;
  groups.forEach(({ keys }, group) => keys.forEach((key, i) => {
    const grade = gradeOf(key, query);
    if (grade === null) return;
    n += 1;
    keepBest(best, { group, i, grade, length: key.length }, most);
  }));
  /** @type {Map<number, Hit[]>} */
  const kept = new Map();
  for (const hit of best) kept.set(hit.group, [...(kept.get(hit.group) ?? []), hit]);
  return { n, groups: [...kept].map(([group, hits]) => ({ name: groups[group].name, hits })) };
}
