// Labels that nobody takes for another's: each stands nearest to its own marker, or is joined to it
// by a leader, or is not drawn.  None lies on a marker, on another label or on a leader.

const DIRECTIONS = [0, 180, -45, 45, -135, 135, -90, 90, -22, 22, -158, 158, -68, 68, -112, 112];
const RAYS = DIRECTIONS.map((degrees) => (degrees * Math.PI) / 180).map((turn) => ({ x: Math.cos(turn), y: Math.sin(turn) }));
const NEAR_RAYS = RAYS.slice(0, 8);
const NEAR_PX = 3;
const FAR_PX = [14, 22, 32, 44, 58];
const MARGIN_PX = 2;
export const NEARER_PX = 4; // by so much a label without a leader is nearer to its own marker than to any other
export const CLEAR_PX = 4; // a label on a leader keeps this far from the markers of others
const LEADER_PX = 1.5; // and its leader this far
const LEADER_COST = 6; // pixels that a label would rather stand elsewhere than on a leader
const CELL_PX = 8;
const BIN_PX = 32;
const COVER_COST = 0.6; // pixels that a label would rather stand off than hide one cell of a line
const SHY_COST = 8; // what a label of lesser weight may cost at most

// The box beside a marker whose nearest point lies `distance` away from the marker's centre.
/** @param {Label} label @param {Point} ray @param {number} distance @returns {Box} */
function boxAt({ own, width, height }, ray, distance) {
  const x = own.x + distance * ray.x;
  const y = own.y + distance * ray.y;
  const left = ray.x > 0.1 ? x : ray.x < -0.1 ? x - width : x - width / 2;
  const top = ray.y > 0.1 ? y : ray.y < -0.1 ? y - height : y - height / 2;
  return { left, top, right: left + width, bottom: top + height };
}

/** @param {Box} a @param {Box} b @param {number} margin */
const meet = (a, b, margin) =>
  a.left < b.right + margin && b.left < a.right + margin && a.top < b.bottom + margin && b.top < a.bottom + margin;

/** @param {Box} a @param {Box} view */
const inside = (a, view) =>
  a.left >= view.left && a.top >= view.top && a.right <= view.right && a.bottom <= view.bottom;

/** @param {Point} point @param {Box} box */
const offBox = ({ x, y }, box) =>
  Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));

/** @param {Point} point @param {Leader} leader */
function offLeader(point, { from, to }) {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const share = ((point.x - from.x) * x + (point.y - from.y) * y) / (x * x + y * y || 1);
  const at = Math.min(1, Math.max(0, share));
  return Math.hypot(from.x + at * x - point.x, from.y + at * y - point.y);
}

/** @param {Leader} leader @returns {Box} */
const boxOf = ({ from, to }) => ({
  left: Math.min(from.x, to.x), right: Math.max(from.x, to.x), top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y),
});

/** @param {Point} a @param {Point} b @param {Point} c */
const side = (a, b, c) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** @param {Leader} one @param {Leader} other */
const cross = (one, other) =>
  side(one.from, one.to, other.from) * side(one.from, one.to, other.to) <= 0 &&
  side(other.from, other.to, one.from) * side(other.from, other.to, one.to) <= 0;

/** @param {Leader} leader @param {Box} box @param {number} margin */
function runsThrough(leader, box, margin) {
  if (!meet(boxOf(leader), box, margin)) return false;
  const [left, top, right, bottom] = [box.left - margin, box.top - margin, box.right + margin, box.bottom + margin];
  const corners = [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }];
  return offBox(leader.from, box) <= margin || offBox(leader.to, box) <= margin ||
    corners.some((corner, i) => cross(leader, { from: corner, to: corners[(i + 1) % 4] }));
}

// From the edge of a marker to the nearest point of its label.
/** @param {Circle} own @param {Box} box @returns {Leader} */
function leaderTo(own, box) {
  const to = { x: Math.min(Math.max(own.x, box.left), box.right), y: Math.min(Math.max(own.y, box.top), box.bottom) };
  const far = Math.hypot(to.x - own.x, to.y - own.y) || 1;
  return { from: { x: own.x + ((to.x - own.x) * own.r) / far, y: own.y + ((to.y - own.y) * own.r) / far }, to };
}

// The cells of a grid over the view through which lines run; a function that counts those
// in a box.
/** @param {Point[][]} lines @param {Box} view @returns {(place: Box) => number} */
function gridOf(lines, view) {
  const columns = Math.ceil((view.right - view.left) / CELL_PX) + 1;
  const rows = Math.ceil((view.bottom - view.top) / CELL_PX) + 1;
  const cells = new Uint8Array(columns * rows);
  const column = (/** @type {number} */ x) => Math.floor((x - view.left) / CELL_PX);
  const row = (/** @type {number} */ y) => Math.floor((y - view.top) / CELL_PX);
  const mark = (/** @type {number} */ x, /** @type {number} */ y) => {
    if (x >= view.left && x <= view.right && y >= view.top && y <= view.bottom) cells[row(y) * columns + column(x)] = 1;
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
      for (let i = column(place.left); i <= column(place.right); i += 1) count += cells[j * columns + i];
    }
    return count;
  };
}

// Things by the bins of the map that they reach into: a place meets those of its own bins alone.
/** @template Thing @param {(thing: Thing) => Box} reach */
function startBins(reach) {
  /** @type {Map<number, Thing[]>} */
  const bins = new Map();
  const bin = (/** @type {number} */ px) => Math.floor(px / BIN_PX);
  return {
    add(/** @type {Thing} */ thing) {
      const { left, right, top, bottom } = reach(thing);
      for (let row = bin(top); row <= bin(bottom); row += 1) {
        for (let column = bin(left); column <= bin(right); column += 1) {
          const key = column * 2 ** 26 + row;
          const held = bins.get(key);
          if (held) held.push(thing);
          else bins.set(key, [thing]);
        }
      }
    },
    has(/** @type {Box} */ place, /** @type {number} */ margin, /** @type {(thing: Thing) => boolean} */ wanted) {
      for (let row = bin(place.top - margin); row <= bin(place.bottom + margin); row += 1) {
        for (let column = bin(place.left - margin); column <= bin(place.right + margin); column += 1) {
          if (bins.get(column * 2 ** 26 + row)?.some(wanted)) return true;
        }
      }
      return false;
    },
  };
}

/** @param {Circle} circle @returns {Box} */
const around = ({ x, y, r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r });

// What stands on the map already, and whether a place is free of it.
/** @param {Circle[]} markers @param {Box[]} covers @param {Box} view */
function startGround(markers, covers, view) {
  /** @type {ReturnType<typeof startBins<Circle>>} */
  const circles = startBins(around);
  /** @type {ReturnType<typeof startBins<Box>>} */
  const boxes = startBins((box) => box);
  /** @type {Leader[]} */
  const leaders = [];
  markers.filter((marker) => meet(around(marker), view, 0)).forEach(circles.add);
  covers.filter((cover) => meet(cover, view, 0)).forEach(boxes.add);
  return {
    add(/** @type {Place} */ place) {
      boxes.add(place);
      if (place.leader) leaders.push(place.leader);
    },
    isFree: (/** @type {Box} */ box, /** @type {Circle} */ own, /** @type {number} */ clear) =>
      inside(box, view) &&
      !boxes.has(box, MARGIN_PX, (other) => meet(box, other, MARGIN_PX)) &&
      !circles.has(box, clear, (other) => other !== own && offBox(other, box) - other.r < clear) &&
      !leaders.some((leader) => runsThrough(leader, box, MARGIN_PX)),
    isOpen: (/** @type {Leader} */ leader, /** @type {Circle} */ own) =>
      !boxes.has(boxOf(leader), MARGIN_PX, (other) => runsThrough(leader, other, 0)) &&
      !circles.has(boxOf(leader), LEADER_PX, (other) => other !== own && offLeader(other, leader) - other.r < LEADER_PX) &&
      !leaders.some((other) => cross(leader, other)),
  };
}

/** @typedef {ReturnType<typeof startGround>} Ground */
/** @param {Label} label @param {Ground} ground @param {(place: Box) => number} hidden @returns {Place | null} */
function bestNear(label, ground, hidden) {
  /** @type {Place | null} */
  let found = null;
  for (const ray of NEAR_RAYS) {
    const place = boxAt(label, ray, label.own.r + NEAR_PX);
    if (!ground.isFree(place, label.own, NEAR_PX + NEARER_PX)) continue;
    const cost = COVER_COST * hidden(place);
    if ((label.shy && cost > SHY_COST) || (found && cost >= found.cost)) continue;
    found = { ...place, cost, leader: null };
    if (cost === 0) break;
  }
  return found;
}

/** @param {Label} label @param {Ground} ground @param {(place: Box) => number} hidden @param {Place | null} near */
function bestFar(label, ground, hidden, near) {
  let found = near;
  for (const distance of FAR_PX) {
    if (found && found.cost <= distance + LEADER_COST) break;
    for (const ray of RAYS) {
      const place = boxAt(label, ray, label.own.r + distance);
      if (!ground.isFree(place, label.own, CLEAR_PX)) continue;
      const cost = distance + LEADER_COST + COVER_COST * hidden(place);
      if (found && cost >= found.cost) continue;
      const leader = leaderTo(label.own, place);
      if (ground.isOpen(leader, label.own)) found = { ...place, cost, leader };
    }
  }
  return found;
}

// Place labels in the order given.  A label may stand `far` off or be `shy` of lines, which are
// what a label should rather not hide.  The result holds a place per label, or null where none
// was free; one that does not stand beside its own of the markers has a leader.
/**
 * @param {Label[]} labels @param {Circle[]} markers @param {Box[]} covers @param {Point[][]} lines @param {Box} view
 * @returns {(Place | null)[]}
 */
export function placeLabels(labels, markers, covers, lines, view) {
  const ground = startGround(markers, covers, view);
  const hidden = gridOf(lines, view);
  return labels.map((label) => {
    const near = bestNear(label, ground, hidden);
    const place = label.far ? bestFar(label, ground, hidden, near) : near;
    if (place) ground.add(place);
    return place;
  });
}
