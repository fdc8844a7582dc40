// Markers: how they make room for one another, their outlines, and what ink is read on them.

const SPREAD_STEPS = 120;
const FEW_STEPS = 40; // of a great crowd, whose circles are small
const CROWD = 500;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

// Push circles apart until none touches another; `fixed` ones stay where they are, and so does
// whoever nobody touches.  The result holds the new places of the first list.
/** @param {Circle[]} circles @param {Circle[]} fixed @param {number} gap @returns {Circle[]} */
export function spreadCircles(circles, fixed, gap) {
  const size = 2 * largest([...circles, ...fixed]) + gap;
  const still = sortIntoCells(fixed, size);
  const placed = circles.map(({ x, y, r }) => ({ x, y, r }));
  let { moving, resting } = divide(findTouched(placed, still, fixed, size, gap));
  // Of those in one place each goes its own way.
  for (const i of moving) {
    placed[i].x += 0.5 * Math.cos(i * GOLDEN_ANGLE);
    placed[i].y += 0.5 * Math.sin(i * GOLDEN_ANGLE);
  }
  const pick = (/** @type {number[]} */ numbers) => numbers.map((i) => placed[i]);
  let quiet = sortIntoCells(pick(resting), size);
  const steps = circles.length > CROWD ? FEW_STEPS : SPREAD_STEPS;
  for (let step = 0; step < steps; step += 1) {
    const home = 0.06 * (1 - step / steps);
    for (const i of moving) {
      placed[i].x += (circles[i].x - placed[i].x) * home;
      placed[i].y += (circles[i].y - placed[i].y) * home;
    }
    const crowd = pick(moving);
    const cells = sortIntoCells(crowd, size);
    /** @type {Set<number>} */
    const woken = new Set();
    crowd.forEach((circle, k) => {
      visitNear(still, circle, (j) => push(circle, fixed[j], gap, 1));
      visitNear(cells, circle, (j) => j > k && push(circle, crowd[j], gap, 0.5));
      visitNear(quiet, circle, (j) => push(circle, placed[resting[j]], gap, 0.5) && woken.add(resting[j]));
    });
    if (!woken.size) continue;
    moving = [...moving, ...woken];
    resting = resting.filter((i) => !woken.has(i));
    quiet = sortIntoCells(pick(resting), size);
  }
  return placed;
}

/** @param {boolean[]} touched @returns { { moving: number[], resting: number[] } } */
function divide(touched) {
  const numbers = touched.map((_, i) => i);
  return { moving: numbers.filter((i) => touched[i]), resting: numbers.filter((i) => !touched[i]) };
}

/** @param {Circle[]} circles @param {Cells} still @param {Circle[]} fixed @param {number} size @param {number} gap */
function findTouched(circles, still, fixed, size, gap) {
  const cells = sortIntoCells(circles, size);
  return circles.map((circle, i) => {
    let isTouched = false;
    visitNear(still, circle, (j) => { isTouched ||= lack(circle, fixed[j], gap) > 0; });
    visitNear(cells, circle, (j) => { isTouched ||= j !== i && lack(circle, circles[j], gap) > 0; });
    return isTouched;
  });
}

/** @param {Circle} circle @param {Circle} other @param {number} gap */
const lack = (circle, other, gap) => circle.r + other.r + gap - Math.hypot(circle.x - other.x, circle.y - other.y);

/** @param {Circle[]} circles */
const largest = (circles) => circles.reduce((most, circle) => Math.max(most, circle.r), 0.5);

// The numbers of circles by the cells of a grid, row by row; those of cell `k` are from `ends[k]` to before
// `ends[k + 1]`.  A cell is as wide as two circles that touch, so that only those of the cells beside it are looked at.
/** @param {Circle[]} circles @param {number} size @returns {Cells} */
function sortIntoCells(circles, size) {
  if (!circles.length) return { west: 0, north: 0, size, columns: 0, rows: 0, ends: new Uint32Array(1), numbers: new Uint32Array(0) };
  let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
  for (const { x, y } of circles) {
    west = Math.min(west, x); east = Math.max(east, x); north = Math.min(north, y); south = Math.max(south, y);
  }
  // Where they lie far and wide, cells are wider: there are no more than four to a circle.
  const room = Math.max(1, 4 * circles.length);
  const wide = Math.max(size, Math.sqrt(((east - west) * (south - north)) / room), (east - west) / room, (south - north) / room);
  const cells = { west, north, size: wide, columns: 1 + Math.floor((east - west) / wide), rows: 1 + Math.floor((south - north) / wide) };
  const ends = new Uint32Array(cells.columns * cells.rows + 1);
  const at = circles.map(({ x, y }) => Math.floor((y - north) / wide) * cells.columns + Math.floor((x - west) / wide));
  for (const cell of at) ends[cell + 1] += 1;
  for (let cell = 0; cell + 1 < ends.length; cell += 1) ends[cell + 1] += ends[cell];
  const next = ends.slice(), numbers = new Uint32Array(circles.length);
  at.forEach((cell, i) => { numbers[next[cell]] = i; next[cell] += 1; });
  return { ...cells, ends, numbers };
}

/** @param {Cells} cells @param {Circle} circle @param {(number: number) => void} visit */
function visitNear({ west, north, size, columns, rows, ends, numbers }, { x, y }, visit) {
  const column = Math.floor((x - west) / size), row = Math.floor((y - north) / size);
  const first = Math.max(0, column - 1), last = Math.min(columns - 1, column + 1);
  if (first > last) return;
  for (let at = Math.max(0, row - 1); at <= Math.min(rows - 1, row + 1); at += 1) {
    for (let k = ends[at * columns + first]; k < ends[at * columns + last + 1]; k += 1) visit(numbers[k]);
  }
}

// Whether the two touched.
/** @param {Circle} circle @param {Circle} other @param {number} gap @param {number} share */
function push(circle, other, gap, share) {
  const x = circle.x - other.x;
  const y = circle.y - other.y;
  const least = circle.r + other.r + gap;
  const square = x * x + y * y;
  if (square >= least * least) return false;
  const apart = Math.sqrt(square) || 1e-6;
  const lacking = least - apart;
  circle.x += (x / apart) * lacking * share;
  circle.y += (y / apart) * lacking * share;
  if (share < 1) {
    other.x -= (x / apart) * lacking * share;
    other.y -= (y / apart) * lacking * share;
  }
  return true;
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

// The same to stand behind `Mx,y` of any point, for many markers of one shape.
/** @param {string} shape @param {number} r */
export function shapeAround(shape, r) {
  let [x, y] = [0, 0], start = [0, 0];
  return shapePath(shape, 0, 0, r).replace(/([MLaZ])([^MLaZ]*)/g, (_, sign, numbers) => {
    if (sign === "Z") {
      [x, y] = start;
      return "Z";
    }
    const values = numbers.split(/[ ,]/).map(Number);
    const [toX, toY] = values.slice(-2);
    if (sign === "a") {
      [x, y] = [x + toX, y + toY];
      return sign + numbers;
    }
    const step = `${sign.toLowerCase()}${(toX - x).toFixed(2)},${(toY - y).toFixed(2)}`;
    [x, y] = [toX, toY];
    if (sign === "M") start = [x, y];
    return step;
  });
}

// Black or white, whichever is read more easily on a colour.
/** @param {string} colour */
export function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#111418" : "#ffffff"; // WCAG 2.1, equal contrast
}
