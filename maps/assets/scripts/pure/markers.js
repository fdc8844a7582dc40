// Markers: how they make room for one another, their outlines, and what ink is read on them.

const SPREAD_STEPS = 120;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

// Push circles apart until none touches another; `fixed` ones stay where they are.
// The result holds the new places of the first list.
/** @param {Circle[]} circles @param {Circle[]} fixed @param {number} gap @returns {Circle[]} */
export function spreadCircles(circles, fixed, gap) {
  const placed = circles.map((circle, i) => ({
    x: circle.x + 0.5 * Math.cos(i * GOLDEN_ANGLE),
    y: circle.y + 0.5 * Math.sin(i * GOLDEN_ANGLE),
    r: circle.r,
  }));
  const size = 2 * largest([...circles, ...fixed]) + gap;
  const still = sortIntoCells(fixed, size);
  for (let step = 0; step < SPREAD_STEPS; step += 1) {
    const home = 0.06 * (1 - step / SPREAD_STEPS);
    placed.forEach((circle, i) => {
      circle.x += (circles[i].x - circle.x) * home;
      circle.y += (circles[i].y - circle.y) * home;
    });
    const moving = sortIntoCells(placed, size);
    placed.forEach((circle, i) => {
      for (const j of findNear(still, circle, size)) push(circle, fixed[j], gap, 1);
      for (const j of findNear(moving, circle, size)) if (j > i) push(circle, placed[j], gap, 0.5);
    });
  }
  return placed;
}

/** @param {Circle[]} circles */
const largest = (circles) => circles.reduce((most, circle) => Math.max(most, circle.r), 0.5);

// A cell is as wide as two circles that touch, so that only those of the cells beside it are looked at.
/** @param {number} column @param {number} row */
const cellKey = (column, row) => column * 2 ** 26 + row;

/** @param {Circle[]} circles @param {number} size @returns {Map<number, number[]>} */
function sortIntoCells(circles, size) {
  const cells = new Map();
  circles.forEach(({ x, y }, i) => {
    const key = cellKey(Math.floor(x / size), Math.floor(y / size));
    const cell = cells.get(key);
    if (cell) cell.push(i);
    else cells.set(key, [i]);
  });
  return cells;
}

// The numbers of the circles in the cells round a place, the lesser first.
/** @param {Map<number, number[]>} cells @param {Circle} circle @param {number} size */
function findNear(cells, { x, y }, size) {
  const near = [];
  const [column, row] = [Math.floor(x / size), Math.floor(y / size)];
  for (let across = -1; across <= 1; across += 1) {
    for (let up = -1; up <= 1; up += 1) near.push(...(cells.get(cellKey(column + across, row + up)) ?? []));
  }
  return near.length > 1 ? near.sort((one, other) => one - other) : near;
}

/** @param {Circle} circle @param {Circle} other @param {number} gap @param {number} share */
function push(circle, other, gap, share) {
  const x = circle.x - other.x;
  const y = circle.y - other.y;
  const apart = Math.hypot(x, y) || 1e-6;
  const lacking = circle.r + other.r + gap - apart;
  if (lacking <= 0) return;
  circle.x += (x / apart) * lacking * share;
  circle.y += (y / apart) * lacking * share;
  if (share < 1) {
    other.x -= (x / apart) * lacking * share;
    other.y -= (y / apart) * lacking * share;
  }
}

/** @typedef {(x: number, y: number, r: number) => string} Outline */

/** @param {number[][]} angles @returns {Outline} */
const polygon = (angles) => (x, y, r) =>
  "M" + angles.map(([turn, share]) => {
    const angle = turn * 2 * Math.PI - Math.PI / 2;
    return `${(x + r * share * Math.cos(angle)).toFixed(2)},${(y + r * share * Math.sin(angle)).toFixed(2)}`;
  }).join("L") + "Z";

/** @type {Record<string, Outline>} */
const shapes = {
  circle: (x, y, r) =>
    `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  square: polygon([1, 3, 5, 7].map((eighth) => [eighth / 8, Math.SQRT2 * 0.9])),
  diamond: polygon([0, 1, 2, 3].map((quarter) => [quarter / 4, 1.15])),
  triangle: polygon([0, 1, 2].map((third) => [third / 3, 1.2])),
  star: polygon([...Array(10).keys()].map((tenth) => [tenth / 10, tenth % 2 ? 0.5 : 1.2])),
  cross: (x, y, r) => `M${x - r},${y - r}L${x + r},${y + r}M${x - r},${y + r}L${x + r},${y - r}`,
};

// The SVG path of a marker shape around a point, `r` half its size.
/** @param {string} shape @param {number} x @param {number} y @param {number} r */
export const shapePath = (shape, x, y, r) => shapes[shape](x, y, r);

// Black or white, whichever is read more easily on a colour.
/** @param {string} colour */
export function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#111418" : "#ffffff"; // WCAG 2.1, equal contrast
}
