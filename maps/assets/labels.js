// Labels that never pile up: each takes the first free place around its marker, or none.

(function () {
  const ANGLES = [0, 180, 45, 135, -45, -135, 90, -90].map((degrees) => (degrees * Math.PI) / 180);
  const NEAR_PX = 3;
  const FAR_PX = [14, 26, 40, 58];
  const MARGIN_PX = 2;

  function box(label, angle, distance) {
    const x = label.x + distance * Math.cos(angle);
    const y = label.y + distance * Math.sin(angle);
    const left = x - (label.width * (1 - Math.cos(angle))) / 2;
    const top = y - (label.height * (1 - Math.sin(angle))) / 2;
    return { left, top, right: left + label.width, bottom: top + label.height };
  }

  const meet = (a, b) =>
    a.left < b.right + MARGIN_PX && b.left < a.right + MARGIN_PX &&
    a.top < b.bottom + MARGIN_PX && b.top < a.bottom + MARGIN_PX;

  const inside = (a, view) =>
    a.left >= view.left && a.top >= view.top && a.right <= view.right && a.bottom <= view.bottom;

  // Place labels in the order given.  A label is {x, y, r, width, height, far}; an obstacle
  // and the view are boxes.  The result holds a box per label, or null where none was free;
  // `led` says that the box stands off and wants a leader.
  steppe.placeLabels = function (labels, obstacles, view) {
    const taken = [...obstacles];
    return labels.map((label) => {
      for (const distance of label.far ? [NEAR_PX, ...FAR_PX] : [NEAR_PX]) {
        for (const angle of ANGLES) {
          const place = box(label, angle, label.r + distance);
          if (!inside(place, view) || taken.some((other) => meet(place, other))) continue;
          taken.push(place);
          return { ...place, led: distance > NEAR_PX };
        }
      }
      return null;
    });
  };

  const canvas = document.createElement("canvas").getContext("2d");
  const widths = new Map();

  steppe.textWidth = function (text, font) {
    const key = font + "\n" + text;
    if (!widths.has(key)) {
      canvas.font = font;
      widths.set(key, canvas.measureText(text).width);
    }
    return widths.get(key);
  };
})();
