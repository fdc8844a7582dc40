// Shapes as they travel, as the geometries of GeoJSON (RFC 7946).

const TURN = 360;
const LEAST_AREA = 1e-9; // square degrees; what a meridian only touches has none
/** @param {number} lon */
const turnOf = (lon) => Math.floor((lon + 180) / TURN);
/** @param {number[]} flat @returns {Position[]} */
const positions = (flat) => Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);

// Where the way from one position to another crosses a meridian.
/** @param {Position} a @param {Position} b @param {number} lon @returns {Position} */
const crossing = (a, b, lon) => [lon, a[1] + ((b[1] - a[1]) * (lon - a[0])) / (b[0] - a[0])];
/** @param {Position[]} line @param {number} turn @returns {Position[]} */
const home = (line, turn) => line.map(([lon, lat]) => [Number((lon - TURN * turn).toFixed(6)), Number(lat.toFixed(6))]);

// A line in pieces that keep within 180 degrees (RFC 7946, 3.1.9).
/** @param {Position[]} line @returns {Position[][]} */
function cutLine(line) {
  const turns = line.map(([lon]) => turnOf(lon));
  const [least, most] = [Math.min(...turns), Math.max(...turns)];
  if (least === most) return [home(line, least)];
  /** @type {Position[][]} */
  const pieces = [];
  let piece = [line[0]];
  let turn = turns[0];
  for (let i = 1; i < line.length; i += 1) {
    while (turn !== turns[i]) {
      const forth = turns[i] > turn;
      const edge = crossing(line[i - 1], line[i], TURN * (forth ? turn + 1 : turn) - 180);
      pieces.push(home([...piece, edge], turn));
      piece = [edge];
      turn += forth ? 1 : -1;
    }
    piece.push(line[i]);
  }
  return [...pieces, home(piece, turn)].filter((one) => one.some(([x, y]) => x !== one[0][0] || y !== one[0][1]));
}

// What of a ring lies on one side of a meridian (I. Sutherland and G. Hodgman, CACM 17, 1974).
/** @param {Position[]} ring @param {number} lon @param {number} side */
function clip(ring, lon, side) {
  const isIn = (/** @type {Position} */ [x]) => (x - lon) * side >= 0;
  return ring.flatMap((at, i) => {
    const before = ring[(i + ring.length - 1) % ring.length];
    return [...(isIn(at) !== isIn(before) ? [crossing(before, at, lon)] : []), ...(isIn(at) ? [at] : [])];
  });
}

/** @param {Position[]} ring */
const areaOf = (ring) => ring.reduce((sum, [x, y], i) => {
  const [nextX, nextY] = ring[(i + 1) % ring.length];
  return sum + x * nextY - nextX * y;
}, 0) / 2;

// A ring closed, the outer one against the clock, holes with it (RFC 7946, 3.1.6).
/** @param {Position[]} ring @param {boolean} isOuter */
function wound(ring, isOuter) {
  const turned = areaOf(ring) > 0 === isOuter ? ring : [...ring].reverse();
  return [...turned, turned[0]];
}

/** @param {Position[][]} rings closed, the outer one first @returns {Position[][][]} */
function cutPolygon(rings) {
  const open = rings.map((ring) => ring.slice(0, -1));
  const turns = rings[0].map(([lon]) => turnOf(lon));
  const [least, most] = [Math.min(...turns), Math.max(...turns)];
  /** @type {Position[][][]} */
  const parts = [];
  for (let turn = least; turn <= most; turn += 1) {
    const kept = least === most ? open
      : open.map((ring) => clip(clip(ring, TURN * turn - 180, 1), TURN * turn + 180, -1)).filter((ring) => Math.abs(areaOf(ring)) > LEAST_AREA);
    if (kept.length) parts.push(kept.map((ring, i) => wound(home(ring, turn), i === 0)));
  }
  return parts;
}

/** @param {string} kind @param {any} shape @returns { { type: string, coordinates: any }} */
export function geometryOf(kind, shape) {
  if (kind === "marker") return { type: "Point", coordinates: home([shape], turnOf(shape[0]))[0] };
  if (kind === "line") {
    const lines = shape.flatMap((/** @type {number[]} */ flat) => cutLine(positions(flat)));
    return lines.length === 1 ? { type: "LineString", coordinates: lines[0] } : { type: "MultiLineString", coordinates: lines };
  }
  const polygons = shape.flatMap((/** @type {number[][]} */ rings) => cutPolygon(rings.map(positions)));
  return polygons.length === 1 ? { type: "Polygon", coordinates: polygons[0] } : { type: "MultiPolygon", coordinates: polygons };
}
