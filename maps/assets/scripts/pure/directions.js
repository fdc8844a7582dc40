// Texts that run from right to left, or that tell others to.

// Hebrew, Arabic and the scripts beside them, their forms of presentation, and the marks of direction.
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]|[\ud802\ud803\ud83a\ud83b]/;
// A text for within another: one that could turn its neighbours round is set between marks that keep it to itself.
/** @param {string} text */
export const apart = (text) => (TURNS.test(text) ? `\u2068${text}\u2069` : text);
