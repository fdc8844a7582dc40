// Pure geometry in screen pixels: lines that run beside others.

const SAME_PX = 0.01;
const SPUR_PX = 15;
const MITRE = 3; // longest tip of a corner, in shifts

/** @param {Point} a @param {Point} b */
const add = (a, b) => ({ x: a.x + b.x, y: a.y + b.y });
/** @param {Point} a @param {Point} b */
const subtract = (a, b) => ({ x: a.x - b.x, y: a.y - b.y });
/** @param {Point} a @param {number} factor */
const scale = (a, factor) => ({ x: a.x * factor, y: a.y * factor });
/** @param {Point} a @param {Point} b */
const distance = (a, b) => Math.sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));

// A line `shift` pixels to the right of another, mitred, without the loops of tight bends.
// What `simplify` leaves of the line is followed: small bends only make a parallel jagged.
/**
 * @param {Point[]} points @param {number} shift @param {(line: Point[]) => Point[]} [simplify]
 * @returns {Point[]}
 */
export function shiftLine(points, shift, simplify = (line) => line) {
  if (!shift || points.length < 2) return points;
  const line = withoutSpurs(simplify(points));
  if (line.length < 2) return points;
  const sides = line.slice(1).map((point, i) => {
    const along = subtract(point, line[i]);
    const across = scale({ x: -along.y, y: along.x }, shift / Math.hypot(along.x, along.y));
    return { from: add(line[i], across), to: add(point, across), along };
  });
  const kept = withoutLoops(sides, Math.abs(shift));
  const corners = kept.slice(1).flatMap((side, i) => corner(kept[i], side, Math.abs(shift)));
  return [kept[0].from, ...corners, kept[kept.length - 1].to];
}

// Where two shifted sides meet; far off or nowhere, the corner is cut.
/** @param {Side} a @param {Side} b @param {number} reach */
function corner(a, b, reach) {
  const turn = a.along.x * b.along.y - a.along.y * b.along.x;
  const gap = subtract(b.from, a.to);
  const share = (gap.x * b.along.y - gap.y * b.along.x) / turn;
  const at = add(a.to, scale(a.along, share));
  return Number.isFinite(share) && distance(at, a.to) < MITRE * reach ? [at] : [a.to, b.from];
}

// Drop the sides that their neighbours leave no room: they would run backwards.
/** @param {Side[]} sides @param {number} reach */
function withoutLoops(sides, reach) {
  /** @type {Side[]} */
  const kept = [];
  for (const side of sides) {
    kept.push(side);
    while (kept.length > 2 && isSwallowed(kept.slice(-3), reach)) kept.splice(-2, 1);
  }
  return kept;
}

/** @param {Side[]} sides @param {number} reach */
function isSwallowed([before, side, after], reach) {
  const left = subtract(corner(side, after, reach)[0], corner(before, side, reach).slice(-1)[0]);
  return left.x * side.along.x + left.y * side.along.y < 0;
}

// Drop short dead ends, where a line goes into a station and comes back, and all but the first of
// points in one place, between which there is no way to run beside.
/** @param {Point[]} line */
function withoutSpurs(line) {
  /** @type {Point[]} */
  const kept = [];
  for (const point of line) {
    while (kept.length > 1 && isSpur(kept[kept.length - 2], kept[kept.length - 1], point)) kept.pop();
    if (!kept.length || distance(point, kept[kept.length - 1]) > SAME_PX) kept.push(point);
  }
  return kept;
}

/** @param {Point} before @param {Point} tip @param {Point} after */
function isSpur(before, tip, after) {
  const there = subtract(tip, before), back = subtract(after, tip);
  const lengths = [Math.hypot(there.x, there.y), Math.hypot(back.x, back.y)];
  const turn = (there.x * back.x + there.y * back.y) / (lengths[0] * lengths[1] || 1);
  return turn < -0.3 && Math.min(...lengths) < SPUR_PX;
}
