// How much of what lies below a grid shows through it, as the address spells it: `relief:40 slope:80`.

const WHOLE = 100;

/** @param {string} text @param {string[]} known @returns {Record<string, number>} */
export function readFades(text, known) {
  /** @type {Record<string, number>} */
  const read = {};
  for (const part of text.split(" ")) {
    const found = /^([^:]+):(\d{1,3})$/.exec(part);
    if (found && known.includes(found[1]) && Number(found[2]) <= WHOLE) read[found[1]] = Number(found[2]);
  }
  return read;
}

/** @param {Record<string, number>} fades */
export const spellFades = (fades) =>
  Object.keys(fades).sort().map((name) => `${name}:${fades[name]}`).join(" ");
