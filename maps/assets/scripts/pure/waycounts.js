// How many cables must be cut to part each node from a target: steppe.routing.cuts_to_one, in this language.

// Hops between nodes with how many cables each has, and for each hop the one that leads back.
/** @param {Graph} graph @param {(cable: number) => boolean} counts */
function listHops({ edges, whole, nodes }, counts) {
  /** @type {Map<number, number>[]} */
  const links = nodes.map(() => new Map());
  whole.forEach((e, cable) => {
    const a = edges.a[e], b = edges.b[e];
    if (a === b || !counts(cable)) return;
    links[a].set(b, (links[a].get(b) ?? 0) + 1);
    links[b].set(a, (links[b].get(a) ?? 0) + 1);
  });
  const since = [0], there = /** @type {number[]} */ ([]), room = /** @type {number[]} */ ([]);
  links.forEach((some, here) => {
    for (const [node, n] of some) { there.push(node); room.push(n); }
    since[here + 1] = there.length;
  });
  const place = new Map();
  nodes.forEach((_, here) => { for (let i = since[here]; i < since[here + 1]; i++) place.set(here * nodes.length + there[i], i); });
  const back = nodes.flatMap((_, here) => there.slice(since[here], since[here + 1]).map((node) => place.get(node * nodes.length + here)));
  return { since, there, room, back };
}

// By node the cables to cut; 0 where it is apart, or is the target.
/** @param {Graph} graph @param {(cable: number) => boolean} counts @param {number} target @returns {Int32Array} */
export function countCuts(graph, counts, target) {
  const n = graph.nodes.length;
  const { since, there, room, back } = listHops(graph, counts);
  const degree = (/** @type {number} */ node) => {
    let sum = 0;
    for (let i = since[node]; i < since[node + 1]; i++) sum += room[i];
    return sum;
  };
  const limit = degree(target), reached = [target];
  const seen = new Uint8Array(n);
  seen[target] = 1;
  for (const here of reached) {
    for (let i = since[here]; i < since[here + 1]; i++) if (!seen[there[i]]) { seen[there[i]] = 1; reached.push(there[i]); }
  }
  const bound = Int32Array.from({ length: n }, (_, node) => Math.min(degree(node), limit));
  const found = new Int32Array(n);
  found[target] = limit;
  const flow = new Int32Array(there.length), before = new Int32Array(n), stamp = new Int32Array(n);
  let round = 0;

  // The nodes that a further unit of flow gets to, until one is known to need `most` cuts; the last of them is that.
  const search = (/** @type {number} */ start, /** @type {number} */ most) => {
    const queue = [start];
    stamp[start] = ++round;
    for (const here of queue) {
      for (let i = since[here]; i < since[here + 1]; i++) {
        const node = there[i];
        if (stamp[node] === round || flow[i] >= room[i]) continue;
        stamp[node] = round;
        before[node] = i;
        queue.push(node);
        if (found[node] >= most) return { queue, end: node };
      }
    }
    return { queue, end: -1 };
  };
  const send = (/** @type {number} */ start, /** @type {number} */ most) => {
    const touched = [];
    let size = 0, parted = /** @type {number[]} */ ([]);
    for (; size < most; size++) {
      const { queue, end } = search(start, most);
      if (end < 0) { parted = queue; break; }
      for (let node = end; node !== start;) {
        const i = before[node];
        flow[i]++;
        flow[back[i]]--;
        touched.push(i, back[i]);
        node = there[back[i]];
      }
    }
    for (const i of touched) flow[i] = 0;
    return { size, parted };
  };
  // Whatever smaller cut parts a node from the target leaves all those of more on the target's side.
  const levels = Array.from({ length: limit + 1 }, () => /** @type {number[]} */ ([]));
  const placeOf = new Int32Array(n);
  reached.forEach((node, i) => { placeOf[node] = i; if (i) levels[bound[node]].push(node); });
  for (let level = limit; level > 0; level--) {
    for (const node of levels[level].sort((a, b) => placeOf[a] - placeOf[b])) {
      if (bound[node] !== level || found[node]) continue;
      const { size, parted } = send(node, level);
      found[node] = size;
      for (const one of parted) if (size < bound[one]) { bound[one] = size; if (!found[one]) levels[size].push(one); }
    }
  }
  found[target] = 0;
  return found;
}
