// Weights as an address has them; the bounds are Python's.

const [LEAST_WEIGHT, MOST_WEIGHT] = [1e-9, 1e9];
const NUMBER = /^\d+(\.\d+)?(e[+-]?\d+)?$/i;

// Digits that a number is too small to keep are no zero.
/** @param {string} text */
const isZero = (text) => !/[1-9]/.test(text.split(/e/i)[0]);

/** @param {string} text @param {number} planned */
function isWeight(text, planned) {
  if (!NUMBER.test(text)) return false;
  const weight = Number(text);
  if (weight === planned) return true;
  return weight === 0 ? isZero(text) : weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT;
}

// The plan's weights with those of the address that count, and whether it had others.
/** @param {Iterable<[string, string]>} parts @param {Weights} planned @returns {AddressedWeights} */
export function readWeights(parts, planned) {
  const wanted = [...parts].filter(([key]) => key.startsWith("w.")).map(([key, text]) => [key.slice(2), text]);
  const taken = wanted.filter(([name, text]) => Object.hasOwn(planned, name) && isWeight(text, planned[name]));
  const read = Object.fromEntries(taken.map(([name, text]) => [name, Number(text)]));
  return { weights: { ...planned, ...read }, isStrange: taken.length < wanted.length };
}

// Whether two sets of weights give every criterion the same share.
/** @param {Weights} a @param {Weights} b */
export function isSameBalance(a, b) {
  const sum = (/** @type {Weights} */ weights) => Object.values(weights).reduce((all, weight) => all + weight, 0);
  const [allA, allB] = [sum(a), sum(b)];
  return Object.keys(a).every((name) => Math.abs(a[name] * allB - b[name] * allA) <= 1e-12 * allA * allB);
}
