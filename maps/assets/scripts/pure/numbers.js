// Numbers as the page writes them; what is unknown is a dash, never a zero.

/** @template T @param {T | null | undefined} value @returns {value is T} */
export const isKnown = (value) => value !== null && value !== undefined;

// Three digits that count, and the thousands apart where there are tens of them.
/** @param {number | null | undefined} value */
export function shortNumber(value) {
  if (!isKnown(value)) return "–";
  const short = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return String(short).replace(/^(-?\d{2,3})(\d{3})(?!\d)/, "$1\u2009$2");
}

// Money: three digits that count, and every three digits apart.
/** @param {number} value */
export const shortMoney = (value) =>
  Number(value.toPrecision(3)).toFixed(0).replace(/\B(?=(\d{3})+$)/g, "\u2009");

/** @param {number} share */
export const percent = (share) => `${Math.round(share * 100)}\u2009%`;
