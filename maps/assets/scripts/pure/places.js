// Many features as plain numbers, on a map of the world whose sides are 1 (Web Mercator).

const MOST_LAT = 85.0511287798; // where Web Mercator ends

/** @param {number} lon */
const across = (lon) => (lon + 180) / 360;
/** @param {number} lat */
function down(lat) {
  const sine = Math.sin((Math.max(-MOST_LAT, Math.min(MOST_LAT, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

// The places of features: of the k-th part they are those from `ends[k]` to before `ends[k + 1]`,
// it belongs to feature `of[k]`, and lies from `boxes[4 * k]`: left, top, right, bottom.
/** @param {any[]} shapes each `[lon, lat]`, or parts of `[lon, lat, lon, lat, ...]` @returns {Places} */
export function placesOf(shapes) {
  /** @type {number[][]} */
  const parts = [];
  /** @type {number[]} */
  const of = [];
  shapes.forEach((shape, i) => {
    for (const part of Array.isArray(shape[0]) ? shape : [shape]) { parts.push(part); of.push(i); }
  });
  const ends = new Uint32Array(parts.length + 1);
  parts.forEach((part, k) => { ends[k + 1] = ends[k] + part.length / 2; });
  const xs = new Float64Array(ends[parts.length]), ys = new Float64Array(ends[parts.length]);
  const boxes = new Float64Array(4 * parts.length);
  parts.forEach((part, k) => {
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    for (let j = 0; j < part.length; j += 2) {
      const x = across(part[j]), y = down(part[j + 1]);
      xs[ends[k] + j / 2] = x;
      ys[ends[k] + j / 2] = y;
      left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
    }
    boxes.set([left, top, right, bottom], 4 * k);
  });
  return { xs, ys, ends, of: Uint32Array.from(of), boxes };
}

// The parts that reach into a box.
/** @param {Places} places @param {Box} box @returns {number[]} */
export function partsIn({ boxes, of }, { left, top, right, bottom }) {
  const found = [];
  for (let k = 0; k < of.length; k += 1) {
    const at = 4 * k;
    if (boxes[at] <= right && boxes[at + 2] >= left && boxes[at + 1] <= bottom && boxes[at + 3] >= top) found.push(k);
  }
  return found;
}

// How far a place is from a side, squared.
/** @param {number} x @param {number} y @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function squareTo(x, y, x1, y1, x2, y2) {
  const dx = x2 - x1, dy = y2 - y1;
  const length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length)) : 0;
  const gx = x - x1 - share * dx, gy = y - y1 - share * dy;
  return gx * gx + gy * gy;
}

// The feature nearest to a place, no farther than `reach`, or -1; of equally near ones the last, which is drawn on top.
/** @param {Places} places @param {Point} at @param {number} reach */
export function nearestTo(places, { x, y }, reach) {
  const { xs, ys, ends, of } = places;
  let nearest = -1, least = reach * reach;
  for (const k of partsIn(places, { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach })) {
    for (let j = ends[k]; j < ends[k + 1]; j += 1) {
      const before = j > ends[k] ? j - 1 : j;
      const square = squareTo(x, y, xs[before], ys[before], xs[j], ys[j]);
      if (square <= least) { least = square; nearest = of[k]; }
    }
  }
  return nearest;
}
