// Pure geometry in screen pixels: parallel lines, markers that make room for one another,
// and the outlines of marker shapes.

(function () {
  const SIMPLIFY_PX = 1.5; // bends smaller than this only make a parallel line jagged
  const SPUR_PX = 15;
  const MITRE = 3; // longest tip of a corner, in shifts
  const SPREAD_STEPS = 120;
  const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

  // A line `shift` pixels to the right of another, mitred, without the loops of tight bends.
  steppe.shiftLine = function (points, shift) {
    if (!shift || points.length < 2) return points;
    const line = withoutSpurs(L.LineUtil.simplify(points, SIMPLIFY_PX).filter(
      (point, i, all) => i === 0 || point.distanceTo(all[i - 1]) > 0.01
    ));
    if (line.length < 2) return points;
    const sides = line.slice(1).map((point, i) => {
      const along = point.subtract(line[i]);
      const across = L.point(-along.y, along.x).multiplyBy(shift / Math.hypot(along.x, along.y));
      return { from: line[i].add(across), to: point.add(across), along };
    });
    const kept = withoutLoops(sides, Math.abs(shift));
    const corners = kept.slice(1).flatMap((side, i) => corner(kept[i], side, Math.abs(shift)));
    return [kept[0].from, ...corners, kept[kept.length - 1].to];
  };

  // Where two shifted sides meet; far off or nowhere, the corner is cut.
  function corner(a, b, reach) {
    const turn = a.along.x * b.along.y - a.along.y * b.along.x;
    const gap = b.from.subtract(a.to);
    const share = (gap.x * b.along.y - gap.y * b.along.x) / turn;
    const at = a.to.add(a.along.multiplyBy(share));
    return Number.isFinite(share) && at.distanceTo(a.to) < MITRE * reach ? [at] : [a.to, b.from];
  }

  // Drop the sides that their neighbours leave no room: they would run backwards.
  function withoutLoops(sides, reach) {
    const kept = [];
    for (const side of sides) {
      kept.push(side);
      while (kept.length > 2 && isSwallowed(...kept.slice(-3), reach)) kept.splice(-2, 1);
    }
    return kept;
  }

  function isSwallowed(before, side, after, reach) {
    const left = corner(side, after, reach)[0].subtract(corner(before, side, reach).pop());
    return left.x * side.along.x + left.y * side.along.y < 0;
  }

  // Drop short dead ends, where a line goes into a station and comes back.
  function withoutSpurs(line) {
    const kept = [];
    for (const point of line) {
      while (kept.length > 1 && isSpur(kept[kept.length - 2], kept[kept.length - 1], point)) kept.pop();
      kept.push(point);
    }
    return kept;
  }

  function isSpur(before, tip, after) {
    const there = tip.subtract(before), back = after.subtract(tip);
    const lengths = [Math.hypot(there.x, there.y), Math.hypot(back.x, back.y)];
    const turn = (there.x * back.x + there.y * back.y) / (lengths[0] * lengths[1] || 1);
    return turn < -0.3 && Math.min(...lengths) < SPUR_PX;
  }

  // Push circles apart until none touches another; `fixed` ones stay where they are.
  // Each circle is {x, y, r}; the result holds the new places of the first list.
  steppe.spread = function (circles, fixed, gap) {
    const placed = circles.map((circle, i) => ({
      x: circle.x + 0.5 * Math.cos(i * GOLDEN_ANGLE),
      y: circle.y + 0.5 * Math.sin(i * GOLDEN_ANGLE),
      r: circle.r,
    }));
    for (let step = 0; step < SPREAD_STEPS; step += 1) {
      const home = 0.06 * (1 - step / SPREAD_STEPS);
      placed.forEach((circle, i) => {
        circle.x += (circles[i].x - circle.x) * home;
        circle.y += (circles[i].y - circle.y) * home;
      });
      placed.forEach((circle, i) => {
        for (const other of fixed) push(circle, other, gap, 1);
        for (let j = i + 1; j < placed.length; j += 1) push(circle, placed[j], gap, 0.5);
      });
    }
    return placed;
  };

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

  const polygon = (angles) => (x, y, r) =>
    "M" + angles.map(([turn, share]) => {
      const angle = turn * 2 * Math.PI - Math.PI / 2;
      return `${(x + r * share * Math.cos(angle)).toFixed(2)},${(y + r * share * Math.sin(angle)).toFixed(2)}`;
    }).join("L") + "Z";

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
  steppe.shapePath = (shape, x, y, r) => shapes[shape](x, y, r);
})();
