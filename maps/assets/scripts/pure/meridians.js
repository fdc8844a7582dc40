// Meridians and parallels in whole steps.

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30];
const MOST_LINES = 8;

// The smallest step of degrees that cuts a span into no more than so many lines.
/** @param {number} span */
export const stepOf = (span) => STEPS.find((step) => span / step <= MOST_LINES) ?? STEPS[STEPS.length - 1];

// The multiples of a step from one number to another.
/** @param {number} from @param {number} to @param {number} step */
export function multiples(from, to, step) {
  const found = [];
  for (let k = Math.ceil(from / step); k * step <= to; k += 1) found.push(Number((k * step).toFixed(4)));
  return found;
}

/** @param {number} degrees @param {string} plus @param {string} minus */
const named = (degrees, plus, minus) =>
  `${Number(Math.abs(degrees).toFixed(4))}°${degrees === 0 ? "" : degrees > 0 ? plus : minus}`;

// Longitudes may go on over 180 degrees, where the map does.
/** @param {number} lon */
export function nameMeridian(lon) {
  const turned = ((((lon + 180) % 360) + 360) % 360) - 180;
  return turned === -180 ? "180°" : named(turned, "E", "W");
}
/** @param {number} lat */
export const nameParallel = (lat) => named(lat, "N", "S");
