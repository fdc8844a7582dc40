// Labels that never pile up: each takes the best free place around its marker, or none.

const ANGLES = [0, 180, 45, 135, -45, -135, 90, -90].map((degrees) => (degrees * Math.PI) / 180);
const NEAR_PX = 3;
const FAR_PX = [14, 26, 40, 58, 80];
const MARGIN_PX = 2;
const CELL_PX = 8;
const BIN_PX = 64;
const COVER_COST = 0.6; // pixels that a label would rather stand off than hide one cell of a line
const SHY_COST = 8; // what a label of lesser weight may cost at most

/** @param {Label} label @param {number} angle @param {number} distance @returns {Box} */
function box(label, angle, distance) {
  const x = label.x + distance * Math.cos(angle);
  const y = label.y + distance * Math.sin(angle);
  const left = x - (label.width * (1 - Math.cos(angle))) / 2;
  const top = y - (label.height * (1 - Math.sin(angle))) / 2;
  return { left, top, right: left + label.width, bottom: top + label.height };
}

/** @param {Box} a @param {Box} b */
const meet = (a, b) =>
  a.left < b.right + MARGIN_PX && b.left < a.right + MARGIN_PX &&
  a.top < b.bottom + MARGIN_PX && b.top < a.bottom + MARGIN_PX;

/** @param {Box} a @param {Box} view */
const inside = (a, view) =>
  a.left >= view.left && a.top >= view.top && a.right <= view.right && a.bottom <= view.bottom;

// The cells of a grid over the view through which lines run; a function that counts those
// in a box.
/** @param {Point[][]} lines @param {Box} view @returns {(place: Box) => number} */
function gridOf(lines, view) {
  const columns = Math.ceil((view.right - view.left) / CELL_PX) + 1;
  /** @type {Set<number>} */
  const cells = new Set();
  const column = (/** @type {number} */ x) => Math.floor((x - view.left) / CELL_PX);
  const row = (/** @type {number} */ y) => Math.floor((y - view.top) / CELL_PX);
  const mark = (/** @type {number} */ x, /** @type {number} */ y) => {
    if (x >= view.left && x <= view.right && y >= view.top && y <= view.bottom) cells.add(row(y) * columns + column(x));
  };
  for (const line of lines) {
    for (let i = 1; i < line.length; i += 1) {
      const [a, b] = [line[i - 1], line[i]];
      const steps = Math.min(2000, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / CELL_PX)) || 1;
      for (let k = 0; k <= steps; k += 1) mark(a.x + ((b.x - a.x) * k) / steps, a.y + ((b.y - a.y) * k) / steps);
    }
  }
  return (place) => {
    let count = 0;
    for (let j = row(place.top); j <= row(place.bottom); j += 1) {
      for (let i = column(place.left); i <= column(place.right); i += 1) count += cells.has(j * columns + i) ? 1 : 0;
    }
    return count;
  };
}

// The boxes that are taken, by the bins of the map that they reach into: a place meets those of its own alone.
function startTaken() {
  /** @type {Map<number, Box[]>} */
  const bins = new Map();
  const bin = (/** @type {number} */ px) => Math.floor(px / BIN_PX);
  const keys = (/** @type {Box} */ { left, right, top, bottom }, /** @type {number} */ margin) => {
    const found = [];
    for (let row = bin(top - margin); row <= bin(bottom + margin); row += 1) {
      for (let column = bin(left - margin); column <= bin(right + margin); column += 1) found.push(column * 2 ** 26 + row);
    }
    return found;
  };
  return {
    add(/** @type {Box} */ place) {
      for (const key of keys(place, MARGIN_PX)) bins.set(key, [...(bins.get(key) ?? []), place]);
    },
    meets: (/** @type {Box} */ place) => keys(place, 0).some((key) => bins.get(key)?.some((other) => meet(place, other)) ?? false),
  };
}

/** @typedef {ReturnType<typeof startTaken>} Taken */
/** @param {Label} label @param {Taken} taken @param {(place: Box) => number} hidden @param {Box} view */
function best(label, taken, hidden, view) {
  /** @type {Place | null} */
  let found = null;
  for (const distance of label.far ? [NEAR_PX, ...FAR_PX] : [NEAR_PX]) {
    if (found && found.cost <= distance) break;
    for (const angle of ANGLES) {
      const place = box(label, angle, label.r + distance);
      if (!inside(place, view) || taken.meets(place)) continue;
      const cost = distance + COVER_COST * hidden(place);
      if (label.shy && cost > SHY_COST) continue;
      if (!found || cost < found.cost) found = { ...place, cost, led: distance > NEAR_PX };
    }
  }
  return found;
}

// Place labels in the order given.  A label may stand `far` off or be `shy` of lines, which are
// what a label should rather not hide.  The result holds a place per label, or null where none
// was free; `led` says that it stands off and wants a leader.
/**
 * @param {Label[]} labels @param {Box[]} obstacles @param {Point[][]} lines @param {Box} view
 * @returns {(Place | null)[]}
 */
export function placeLabels(labels, obstacles, lines, view) {
  const taken = startTaken();
  obstacles.filter((one) => meet(one, view)).forEach(taken.add);
  const hidden = gridOf(lines, view);
  return labels.map((label) => {
    const place = best(label, taken, hidden, view);
    if (place) taken.add(place);
    return place;
  });
}
