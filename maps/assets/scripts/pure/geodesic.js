// Lengths on the ellipsoid, as the plan has them.

// GRS80: Moritz, "Geodetic Reference System 1980", Journal of Geodesy 74 (2000): half axis and flattening.
const AXIS_M = 6378137;
const FLATTENING = 1 / 298.257222101;
const POLAR_M = AXIS_M * (1 - FLATTENING);
const MEAN_M = (2 * AXIS_M + POLAR_M) / 3;
const N_STEPS = 100; // far more than converging takes
const CONVERGED = 1e-12; // of a radian, some micrometres

const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;
const degreesOf = (/** @type {number} */ angle) => (angle * 180) / Math.PI;

// On a sphere; for points so far apart that Vincenty's series does not converge.
/** @param {Spot} from @param {Spot} to */
function onSphere([lat1, lon1], [lat2, lon2]) {
  const [a, b] = [radians(lat1), radians(lat2)];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return (2 * MEAN_M * Math.asin(Math.min(1, Math.sqrt(half)))) / 1000;
}

// Of the geodesic between two points as latitude and longitude, in kilometres.
// T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid with application of nested
// equations", Survey Review 23 (1975), equations 13 to 19; to half a millimetre.  Of points that lie
// almost opposite to each other the length is that on a sphere, true to half a hundredth.
/** @param {Spot} from @param {Spot} to */
export function geodesicKm(from, to) {
  const [u1, u2] = [from, to].map(([lat]) => Math.atan((1 - FLATTENING) * Math.tan(radians(lat))));
  const turn = radians((((to[1] - from[1]) % 360) + 540) % 360 - 180);
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = turn;
  for (let step = 0; step < N_STEPS; step += 1) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
    if (sinS === 0) return turn === 0 ? 0 : onSphere(from, to);
    const cosS = sin1 * sin2 + cos1 * cos2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinA = (cos1 * cos2 * sinL) / sinS;
    const cosA2 = 1 - sinA ** 2;
    const cosM = cosA2 === 0 ? 0 : cosS - (2 * sin1 * sin2) / cosA2; // on the equator there is no vertex
    const c = (FLATTENING / 16) * cosA2 * (4 + FLATTENING * (4 - 3 * cosA2));
    const next = turn + (1 - c) * FLATTENING * sinA * (sigma + c * sinS * (cosM + c * cosS * (2 * cosM ** 2 - 1)));
    if (Math.abs(next) > Math.PI) break;
    if (Math.abs(next - lambda) > CONVERGED) {
      lambda = next;
      continue;
    }
    const u = cosA2 * ((AXIS_M / POLAR_M) ** 2 - 1);
    const a = 1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u)));
    const b = (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u)));
    const more = b * sinS * (cosM + (b / 4) * (cosS * (2 * cosM ** 2 - 1)
      - (b / 6) * cosM * (4 * sinS ** 2 - 3) * (4 * cosM ** 2 - 3)));
    return (POLAR_M * a * (sigma - more)) / 1000;
  }
  return onSphere(from, to);
}

// Points on the great circle from one point to another, both with them, for drawing: off the geodesic
// by less than a line is wide.  Longitudes go on from that of `from`.
/** @param {Spot} from @param {Spot} to @param {number} n @returns {Spot[]} */
export function arc(from, to, n) {
  const vector = (/** @type {Spot} */ [lat, lon]) => [Math.cos(radians(lat)) * Math.cos(radians(lon)), Math.cos(radians(lat)) * Math.sin(radians(lon)), Math.sin(radians(lat))];
  const [a, b] = [vector(from), vector(to)];
  const angle = Math.atan2(Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]), a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
  if (angle < 1e-9 || Math.PI - angle < 1e-6) return [from, to];
  /** @type {Spot[]} */
  const spots = [from];
  for (let k = 1; k <= n; k += 1) {
    const [p, q] = [Math.sin((1 - k / n) * angle), Math.sin((k / n) * angle)];
    const [x, y, z] = a.map((part, i) => (p * part + q * b[i]) / Math.sin(angle));
    const lon = degreesOf(Math.atan2(y, x));
    const last = spots[spots.length - 1][1];
    spots.push([degreesOf(Math.atan2(z, Math.hypot(x, y))), lon + 360 * Math.round((last - lon) / 360)]);
  }
  return spots;
}
