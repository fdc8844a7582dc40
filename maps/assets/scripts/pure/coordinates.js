// Coordinates that a reader types, and how the page writes them.

const ANGLE = /^([NSEW]?)([+-]?)(\d+(?:\.\d+)?)(?:[°: ]+(\d+(?:\.\d+)?)(?:[': ]+(\d+(?:\.\d+)?))?)?[°'"]*([NSEW]?)$/;
const SIGNS = "NESW";
// First the Chinese words for north, south, east and west, for degree, minute and second.
/** @type {[RegExp, string][]} */
const SPELLINGS = [
  [/\u5317\u7eac/g, "N"], [/\u5357\u7eac/g, "S"], [/\u4e1c\u7ecf/g, "E"], [/\u897f\u7ecf/g, "W"], [/\u5ea6/g, "°"], [/[\u5206′’‘`]/g, "'"], [/[\u79d2″”“]|''/g, "\""],
  [/[−–—]/g, "-"], [/[、;；/]/g, ","], [/\s+/g, " "], [/ ?([°'",:NSEW]) ?/g, "$1"],
];

// One angle: its degrees, and the letter beside it.
/** @param {string} text @returns { { degrees: number, letter: string } | null} */
function readAngle(text) {
  const found = ANGLE.exec(text.trim());
  if (!found) return null;
  const [, before, sign, degrees, minutes, seconds, after] = found;
  if ((before && after) || (sign && (before || after))) return null;
  if (Number(minutes ?? 0) >= 60 || Number(seconds ?? 0) >= 60) return null;
  if ((minutes && degrees.includes(".")) || (seconds && minutes.includes("."))) return null;
  const size = Number(degrees) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600;
  const letter = before || after;
  return { degrees: sign === "-" || letter === "S" || letter === "W" ? -size : size, letter };
}

// Where the first of two angles ends.
/** @param {string} text @returns {[string, string] | null} */
function halve(text) {
  const commas = text.split(",").filter((part) => part.trim());
  if (commas.length === 2) return [commas[0], commas[1]];
  if (commas.length > 2) return null;
  const letters = [...text.matchAll(/[NSEW]/g)].map((found) => found.index);
  if (letters.length > 2) return null;
  if (letters.length === 2) {
    const at = letters[0] === 0 ? letters[1] : letters[0] + 1;
    return [text.slice(0, at), text.slice(at)];
  }
  const numbers = [...text.matchAll(/[+-]?\d+(?:\.\d+)?/g)].map((found) => found.index);
  const degrees = [...text.matchAll(/°/g)].map((found) => found.index);
  const at = degrees.length === 2 ? numbers.filter((one) => one < degrees[1]).pop()
    : numbers.length % 2 === 0 && numbers.length <= 6 ? numbers[numbers.length / 2] : undefined;
  return at === undefined ? null : [text.slice(0, at), text.slice(at)];
}

/** @param {Spot} spot @param {number[]} box */
const isWithin = ([lat, lon], [west, south, east, north]) => lat >= south && lat <= north && lon >= west && lon <= east;

// The place that a text names by its coordinates, in degrees or degrees, minutes and seconds.  Letters
// say which is which; without them latitude comes first, unless it is the other order alone that lies
// in the box of the plan.  Null where the text is no coordinates.
/** @param {string} text @param {number[]} box @returns {Spot | null} */
export function readCoordinates(text, box) {
  if (text.length > 80) return null;
  const plain = SPELLINGS.reduce((said, [from, to]) => said.replace(from, to), text.replace(/[º˚]/g, "°").normalize("NFKC").toUpperCase().trim());
  const halves = halve(plain.replace(/[()[\]]/g, ""));
  const [first, second] = halves ? halves.map(readAngle) : [null, null];
  if (!first || !second) return null;
  const isLat = (/** @type {string} */ letter) => letter === "N" || letter === "S";
  /** @type {(a: { degrees: number }, b: { degrees: number }) => Spot | null} */
  const spotOf = (lat, lon) => (Math.abs(lat.degrees) <= 90 && Math.abs(lon.degrees) <= 180 ? [lat.degrees, lon.degrees] : null);
  if (first.letter || second.letter) {
    if (first.letter && second.letter && isLat(first.letter) === isLat(second.letter)) return null;
    const latFirst = first.letter ? isLat(first.letter) : !isLat(second.letter);
    return latFirst ? spotOf(first, second) : spotOf(second, first);
  }
  const [asWritten, turned] = [spotOf(first, second), spotOf(second, first)];
  if (asWritten && isWithin(asWritten, box)) return asWritten;
  return turned && isWithin(turned, box) ? turned : asWritten ?? turned;
}

// In decimal degrees, latitude first; five digits are a metre.
/** @param {Spot} spot @param {number} [digits] */
export const spellCoordinates = ([lat, lon], digits = 5) => {
  const turned = ((((lon + 180) % 360) + 360) % 360) - 180;
  const [north, east] = [lat < 0 ? SIGNS[2] : SIGNS[0], turned < 0 ? SIGNS[3] : SIGNS[1]];
  return `${Math.abs(lat).toFixed(digits)}° ${north}, ${Math.abs(turned).toFixed(digits)}° ${east}`;
};
