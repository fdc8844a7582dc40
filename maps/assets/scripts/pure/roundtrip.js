// Round trips of parks and nodes to a target: what steppe.network.latency_table tells of them.

import { findWays, wayFrom } from "./graph.js";

const LOW = 0, CENTRAL = 1, HIGH = 2;

// The sum that is nearest to the true one, in whatever order: Shewchuk (1997), as Python's math.fsum.
/** @param {number[]} values */
export function sumExactly(values) {
  /** @type {number[]} */
  const parts = [];
  for (let more of values) {
    let n = 0;
    for (let part of parts) {
      if (Math.abs(more) < Math.abs(part)) [more, part] = [part, more];
      const high = more + part, low = part - (high - more);
      if (low) parts[n++] = low;
      more = high;
    }
    parts.length = n;
    parts.push(more);
  }
  let n = parts.length, sum = 0, low = 0;
  if (n) sum = parts[--n];
  while (n > 0 && !low) {
    const high = sum, part = parts[--n];
    sum = high + part;
    low = part - (sum - high);
  }
  // Halfway between two numbers the rest decides.
  if (n > 0 && low * parts[n - 1] > 0 && sum + 2 * low - sum === 2 * low) sum += 2 * low;
  return sum;
}

// The milliseconds of a round trip: steppe.routing.budget.
/** @param {Graph} graph @param {number} km @param {number} reading */
function spend({ light_km_per_s, group_index, equipment }, km, reading) {
  if (km === 0) return { glass: 0, equipment: 0, rtt: 0 };
  const [spanKm, amplifierUs, reachKm, regeneratorUs, transponderUs] = equipment[reading];
  const nAmplifiers = Math.max(Math.ceil(km / spanKm), 1) + 1, nRegenerators = Math.max(Math.ceil(km / reachKm), 1) - 1;
  const glass = ((km * group_index) / light_km_per_s) * 1000;
  const beside = (nAmplifiers * amplifierUs) / 1000 + (nRegenerators * regeneratorUs) / 1000 + transponderUs / 1000;
  return { glass: 2 * glass, equipment: 2 * beside, rtt: 2 * (glass + beside) };
}

// The round trips of all starts to a target, by its place among the targets; null for the target itself.  Where
// those without any cut are given, a way that stays whole stays the shortest.
/** @param {Graph} graph @param {Uint8Array} fallen @param {number} place @param {(Trip | null)[]} [whole] @returns {(Trip | null)[]} */
export function findTrips(graph, fallen, place, whole) {
  const target = graph.targets[place];
  const ways = findWays(graph, fallen, target);
  const { edges, starts } = graph;
  /** @type {Map<number, Measured | null>} */
  const known = new Map();
  const measure = (/** @type {number} */ node) => {
    const way = wayFrom(graph, ways, node);
    if (!way) return null;
    const [low, km, high] = [edges.low, edges.km, edges.high].map((lengths) => sumExactly(way.map((e) => lengths[e])));
    return { way, low, km, high, assumed: !way.length || way.some((e) => edges.assumed[e]) };
  };
  const measured = (/** @type {number} */ node) => {
    if (!known.has(node)) known.set(node, measure(node));
    return known.get(node) ?? null;
  };
  return starts.id.map((id, i) => {
    const node = starts.node[i];
    if (id === graph.nodes[target]) return null;
    const before = whole?.[i];
    if (before && !before.path.some((cable) => fallen[cable])) return before;
    return tellTrip(graph, i, graph.apart[place][i], node === null ? null : measured(node));
  });
}

/** @param {Graph} graph @param {number} i @param {number} apartKm @param {Measured | null} found @returns {Trip} */
function tellTrip(graph, i, apartKm, found) {
  const { starts, classes, detour } = graph;
  const floor = 2 * (((apartKm * graph.group_index) / graph.light_km_per_s) * 1000);
  const unknown = { rtt_ms: null, rtt_low_ms: null, rtt_high_ms: null, floor_rtt_ms: floor, floor_ratio: null,
    route_km: null, class_id: null, class_best_id: null, glass_rtt_ms: null, equipment_rtt_ms: null, one_way_ms: null };
  if (!found) return { ...unknown, status: "unknown", why: starts.node[i] === null ? "node" : "cable", path: [] };
  if (!found.way.length && apartKm <= starts.accuracy[i]) return { ...unknown, status: "unknown", why: "town", path: [] };
  const km = Math.max(starts.km[i] + found.km, apartKm);
  const central = spend(graph, km, CENTRAL);
  const low = Math.max(spend(graph, starts.low[i] + found.low, LOW).rtt, floor);
  const high = spend(graph, Math.max(starts.high[i] + found.high, km), HIGH).rtt;
  const isDetour = detour * apartKm > 0 && detour * apartKm < km && found.way.length !== 1;
  const classOf = (/** @type {number} */ rtt) => (isDetour ? null : classes.find(([, limit]) => rtt <= limit)?.[0] ?? null);
  return {
    rtt_ms: central.rtt, rtt_low_ms: low, rtt_high_ms: high, floor_rtt_ms: floor, floor_ratio: floor ? central.rtt / floor : null,
    glass_rtt_ms: central.glass, equipment_rtt_ms: central.equipment, one_way_ms: central.rtt / 2, route_km: km,
    class_id: classOf(high), class_best_id: classOf(low), why: isDetour ? "detour" : null,
    status: isDetour ? "unknown" : found.assumed ? "assumed" : "derived",
    path: found.way.map((e) => graph.edges.cable[e]).filter((cable, k, all) => cable !== all[k - 1]),
  };
}
