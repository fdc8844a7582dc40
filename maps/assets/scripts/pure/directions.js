// Texts that run from right to left, or that tell others to.

// Hebrew, Arabic and the scripts beside them, their forms of presentation, and the marks of direction.
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]|[\ud802\ud803\ud83a\ud83b]/;
const BEGINS = /[\u2066-\u2068]/, BEGIN = "\u2068", END = "\u2069";

// How many isolates a text ends that it did not begin, and begins that it does not end.
/** @param {string} text */
function countOpen(text) {
  let ended = 0, open = 0;
  for (const sign of text) {
    if (BEGINS.test(sign)) open += 1;
    else if (sign === END && open) open -= 1;
    else if (sign === END) ended += 1;
  }
  return { ended, open };
}

// A text for within another: one that could turn its neighbours round is set between marks that keep it to itself,
// whatever marks of its own it leaves open or ends too often.
/** @param {string} text */
export function apart(text) {
  if (!TURNS.test(text)) return text;
  const { ended, open } = countOpen(text);
  return BEGIN.repeat(1 + ended) + text + END.repeat(1 + open);
}

// What is said of a thing in one line, without what is empty.
/** @param {any[]} parts @param {string} [mark] */
export const joined = (parts, mark = " · ") =>
  parts.filter((part) => part !== null && part !== undefined && part !== "" && part !== false).map((part) => apart(String(part))).join(mark);
