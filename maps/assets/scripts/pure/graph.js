// The backbone as a graph of cables and of their pieces, and the shortest ways to a target: what
// steppe.routing.latency finds, cable by cable.  Nodes and edges stand in the order of their ids.

/** @param {Column} column @param {number} n @returns {number[]} */
const valuesOf = (column, n) => (Array.isArray(column) ? column
  : Array.from({ length: n }, (_, i) => column.of[column.at ? column.at[i] : 0]));

const MM_IN_KM = 1e6;
// Whole millimetres, halves to the even one, as Python rounds.
/** @param {number} km */
function wholeMm(km) {
  const mm = km * MM_IN_KM, whole = Math.round(mm);
  return whole - mm === 0.5 && whole % 2 ? whole - 1 : whole;
}

/** @param {string[]} ids */
const placesOf = (ids) => new Map(ids.map((id, i) => [id, i]));

// A graph as it travels names its parts by their places among those of all graphs.
/** @param {Data["graphs"]} graphs @param {string} name @returns {any} */
function partsOf({ parts, of }, name) {
  /** @type {(at: any) => any} */
  const find = (at) => (typeof at === "number" ? parts[at]
    : Object.fromEntries(Object.entries(at).map(([key, place]) => [key, find(place)])));
  return find(of[name]);
}

// The cables of a scenario's graph, without the rest of it.
/** @param {Data["graphs"]} graphs @param {string} name @returns {string[]} */
export const cablesOf = ({ parts, of }, name) => parts[of[name].cables];

// The graph of a scenario, with what is looked up often.
/** @param {Data["graphs"]} graphs @param {string} name @returns {Graph} */
export function readGraph(graphs, name) {
  const packed = partsOf(graphs, name), { lines } = graphs;
  const { edges, starts } = packed, n = edges.cable.length, nStarts = starts.id.length, nNodes = packed.nodes.length;
  const numbers = (/** @type {Column} */ column) => Float64Array.from(valuesOf(column, n));
  const km = numbers(edges.km), a = Int32Array.from(edges.a), b = Int32Array.from(edges.b);
  // The edges of each node, one after the other.
  const since = new Int32Array(nNodes + 1);
  for (let e = 0; e < n; e++) {
    since[a[e] + 1]++;
    if (b[e] !== a[e]) since[b[e] + 1]++;
  }
  for (let i = 0; i < nNodes; i++) since[i + 1] += since[i];
  const at = new Int32Array(since[nNodes]), filled = since.slice();
  for (let e = 0; e < n; e++) {
    at[filled[a[e]]++] = e;
    if (b[e] !== a[e]) at[filled[b[e]]++] = e;
  }
  // The first edge of a cable is the whole of it.
  const whole = new Int32Array(packed.cables.length).fill(-1);
  edges.cable.forEach((/** @type {number} */ cable, /** @type {number} */ e) => { if (whole[cable] < 0) whole[cable] = e; });
  return {
    ...packed, drawn: packed.lines.map((/** @type {number} */ place) => lines[place]), whole,
    sure: valuesOf(packed.sure, packed.cables.length), nodeAt: placesOf(packed.nodes), cableAt: placesOf(packed.cables),
    edges: {
      cable: edges.cable, a, b, km, low: numbers(edges.low), high: numbers(edges.high), assumed: valuesOf(edges.assumed, n),
      mm: km.map(wholeMm), since, at,
    },
    starts: {
      id: starts.id, node: starts.node, low: valuesOf(starts.low, nStarts), km: valuesOf(starts.km, nStarts),
      high: valuesOf(starts.high, nStarts), accuracy: valuesOf(starts.accuracy, nStarts),
    },
  };
}

/** @param {Graph} graph @param {number} e @param {number} node */
const otherEnd = ({ edges }, e, node) => (edges.a[e] === node ? edges.b[e] : edges.a[e]);

// A heap of nodes, the one with the fewest millimetres on top, and of those the fewest hops.
/** @param {Float64Array} mm @param {Int32Array} hops */
function makeHeap(mm, hops) {
  /** @type {number[]} */
  const nodes = [];
  const place = new Int32Array(mm.length).fill(-1);
  const isBefore = (/** @type {number} */ one, /** @type {number} */ two) => mm[one] < mm[two] || (mm[one] === mm[two] && hops[one] < hops[two]);
  const put = (/** @type {number} */ node, /** @type {number} */ i) => { nodes[i] = node; place[node] = i; };
  return {
    size: () => nodes.length,
    // Put in, or moved up since it has become nearer.
    lift(/** @type {number} */ node) {
      let i = place[node] < 0 ? nodes.length : place[node];
      while (i > 0) {
        const up = (i - 1) >> 1;
        if (!isBefore(node, nodes[up])) break;
        put(nodes[up], i);
        i = up;
      }
      put(node, i);
    },
    take() {
      const top = nodes[0], last = /** @type {number} */ (nodes.pop());
      if (nodes.length) {
        let i = 0;
        for (;;) {
          let down = 2 * i + 1;
          if (down >= nodes.length) break;
          if (down + 1 < nodes.length && isBefore(nodes[down + 1], nodes[down])) down++;
          if (!isBefore(nodes[down], last)) break;
          put(nodes[down], i);
          i = down;
        }
        put(last, i);
      }
      return top;
    },
  };
}

// The shortest ways of all nodes to a target without the fallen cables: of each node the edge that leads on, or -1.
// Of ways of one length that of the fewest edges is taken, of these the one whose edges come first, read from
// the end whose id comes first: `inward` from the node, `outward` from the target.
/** @param {Graph} graph @param {Uint8Array} fallen by cable @param {number} target @returns {Ways} */
export function findWays(graph, fallen, target) {
  const { edges } = graph, n = graph.nodes.length;
  const mm = new Float64Array(n).fill(Infinity), hops = new Int32Array(n), order = [];
  const heap = makeHeap(mm, hops);
  const other = (/** @type {number} */ e, /** @type {number} */ node) => otherEnd(graph, e, node);
  mm[target] = 0;
  heap.lift(target);
  while (heap.size()) {
    const here = heap.take();
    order.push(here);
    for (let i = edges.since[here]; i < edges.since[here + 1]; i++) {
      const e = edges.at[i], there = other(e, here), length = mm[here] + edges.mm[e];
      if (fallen[edges.cable[e]] || there === here) continue;
      if (length < mm[there] || (length === mm[there] && hops[here] + 1 < hops[there])) {
        mm[there] = length;
        hops[there] = hops[here] + 1;
        heap.lift(there);
      }
    }
  }
  const inward = new Int32Array(n).fill(-1), outward = new Int32Array(n).fill(-1);
  // Which of two ways of as many edges comes first, read from the target: below 0 the first one.
  const compare = (/** @type {number} */ one, /** @type {number} */ two) => {
    let found = 0;
    while (one !== two) {
      found = outward[one] - outward[two] || found;
      one = other(outward[one], one);
      two = other(outward[two], two);
    }
    return found;
  };
  for (const here of order.slice(1)) {
    for (let i = edges.since[here]; i < edges.since[here + 1]; i++) {
      const e = edges.at[i], there = other(e, here), best = outward[here];
      if (fallen[edges.cable[e]] || mm[there] + edges.mm[e] !== mm[here] || hops[there] + 1 !== hops[here]) continue;
      if (inward[here] < 0 || e < inward[here]) inward[here] = e;
      if (best < 0) outward[here] = e;
      else {
        const before = other(best, here);
        const turn = there === before ? 0 : compare(there, before);
        if (turn < 0 || (turn === 0 && e < best)) outward[here] = e;
      }
    }
  }
  return { target, inward, outward };
}

// The edges from a node to the target, in order; null where no way is left.
/** @param {Graph} graph @param {Ways} ways @param {number} node @returns {number[] | null} */
export function wayFrom(graph, { target, inward, outward }, node) {
  const next = node < target ? inward : outward;
  const way = [];
  for (let here = node; here !== target; here = otherEnd(graph, way[way.length - 1], here)) {
    if (next[here] < 0) return null;
    way.push(next[here]);
  }
  return way;
}
