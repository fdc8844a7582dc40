// Where much stands in one place: markers make room for one another, labels keep apart.

(function () {
  const { h, $, svg, drawn, isShown } = steppe;
  const FONT = getComputedStyle(document.documentElement).getPropertyValue("--font");
  const FULL_SIZE_ZOOM = 5.5;
  const RANK_RADIUS_PX = 7; // smallest marker that can hold its rank
  const SMALL_RADIUS_PX = 3; // smaller nodes give way to labels
  const FAR_LABELS_ZOOM = 7; // from here on every park's label may stand off on a leader
  const CROWD_GAP_PX = 2;

  // On a small map of the whole region full-sized markers would bury it.
  const markerScale = () => Math.min(1, Math.max(0.5, (steppe.map.getZoom() - FULL_SIZE_ZOOM) / 3 + 1));
  const radiusOf = (layer, i) => (layer.rules[i].symbol.size_px / 2) * markerScale();

  function sizeMarkers() {
    for (const { layer, members } of drawn.values()) {
      if (layer && layer.style.geometry === "marker") members.forEach((member, i) => member.setRadius(radiusOf(layer, i)));
    }
  }

  const pointOf = (layer, i) => steppe.map.latLngToLayerPoint([layer.shapes[i][1], layer.shapes[i][0]]);
  const circleOf = (layer, i) => {
    const { x, y } = pointOf(layer, i);
    return { x, y, r: radiusOf(layer, i) };
  };
  const circlesOf = (name) => {
    const layer = steppe.layer(name);
    return isShown(name) ? layer.rows.map((_, i) => circleOf(layer, i)) : [];
  };

  steppe.spreadParks = function () {
    sizeMarkers();
    $("leaders").replaceChildren();
    if (!isShown("parks")) return;
    const { layer, members } = drawn.get("parks");
    const homes = circlesOf("parks");
    const fixed = [...circlesOf("nodes"), ...circlesOf("ports")].filter((circle) => circle.r > SMALL_RADIUS_PX);
    const placed = steppe.spread(homes, fixed, CROWD_GAP_PX);
    placed.forEach((circle, i) => {
      const home = homes[i];
      members.get(i).setLatLng(steppe.map.layerPointToLatLng([circle.x, circle.y]));
      if (Math.hypot(circle.x - home.x, circle.y - home.y) > circle.r) {
        $("leaders").append(svg("line", { x1: home.x, y1: home.y, x2: circle.x, y2: circle.y, class: "leader" }));
      }
    });
    layer.placed = placed;
  };

  // ---------------------------------------------------------------- labels
  function labelTexts(layer, i) {
    const row = layer.rows[i];
    const [zh, en] = layer.style.labels.fields.map((field) => row[field]);
    const wanted = layer.name === "parks" ? [zh, en] : [steppe.say([zh, en]) || zh || en];
    return [...new Set(wanted.filter(Boolean).map(String))];
  }

  function labelOf(layer, i, manner) {
    const style = layer.style.labels;
    const lines = labelTexts(layer, i);
    if (!lines.length) return null;
    const sizes = lines.map((_, k) => (k ? style.size_px * 0.9 : style.size_px));
    const width = Math.max(...lines.map((line, k) =>
      steppe.textWidth(line, `${style.bold && !k ? 600 : 400} ${sizes[k]}px ${FONT}`)));
    const circle = layer.placed ? layer.placed[i] : circleOf(layer, i);
    const height = sizes.reduce((sum, size) => sum + size * 1.2, 0);
    return { ...circle, width: width + 2, height, ...manner, lines, sizes, style, layer, i };
  }

  const nodeOrder = { target: 0, core: 1, metro: 2, border: 3 };

  function wantedLabels() {
    const { ranked, partial, others } = steppe.ranking();
    const zoom = steppe.map.getZoom();
    const wanted = [];
    const take = (name, places, options) => {
      const layer = steppe.layer(name);
      if (!isShown(name) || !layer.style.labels || zoom < layer.style.labels.min_zoom) return;
      places(layer).forEach((i) => wanted.push(labelOf(layer, i, options)));
    };
    const indices = (rows) => (layer) => rows.map((row) => layer.byId.get(row.id));
    const nodes = (wants) => (layer) => layer.rows.map((_, i) => i)
      .filter((i) => wants(layer.rows[i].kind))
      .sort((a, b) => (nodeOrder[layer.rows[a].kind] ?? 9) - (nodeOrder[layer.rows[b].kind] ?? 9));
    const all = (layer) => layer.rows.map((_, i) => i);
    take("nodes", nodes((kind) => nodeOrder[kind] < 2), { far: true });
    take("parks", indices(ranked), { far: true });
    take("nodes", nodes((kind) => nodeOrder[kind] >= 2), {});
    take("ports", all, {});
    take("parks", indices(partial), { far: zoom >= FAR_LABELS_ZOOM, shy: zoom < FAR_LABELS_ZOOM });
    take("parks", indices(others), { far: zoom >= FAR_LABELS_ZOOM, shy: zoom < FAR_LABELS_ZOOM });
    take("nodes", nodes((kind) => !(kind in nodeOrder)), { shy: true });
    for (const name of steppe.layers.keys()) {
      if (!["parks", "nodes", "ports"].includes(name)) take(name, all, {});
    }
    return wanted.filter(Boolean);
  }

  function obstacles() {
    const circles = [...(isShown("parks") ? steppe.layer("parks").placed || [] : []), ...circlesOf("ports"),
      ...circlesOf("nodes").filter((circle) => circle.r > SMALL_RADIUS_PX)];
    return [...circles.map(({ x, y, r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r })), ...covers()];
  }

  const cableLines = () => (isShown("fibre") ? [...drawn.get("fibre").members.values()].flatMap((member) => member._parts) : []);

  // The boxes that lie on the map, in the pixels that labels are placed in.
  function covers() {
    const frame = steppe.map.getContainer().getBoundingClientRect();
    const corner = steppe.map.containerPointToLayerPoint([0, 0]);
    const boxes = [...["legend", "mark", "note", "card"].map($), ...steppe.map.getContainer().querySelectorAll(".leaflet-control")];
    return boxes.filter((element) => !element.hidden).map((element) => {
      const box = element.getBoundingClientRect();
      const x = corner.x - frame.left, y = corner.y - frame.top;
      return { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
    });
  }

  steppe.drawLabels = function () {
    const wanted = wantedLabels();
    const corner = steppe.map.containerPointToLayerPoint([0, 0]);
    const size = steppe.map.getSize();
    const view = { left: corner.x + 2, top: corner.y + 2, right: corner.x + size.x - 2, bottom: corner.y + size.y - 2 };
    const places = steppe.placeLabels(wanted, obstacles(), cableLines(), view);
    $("labels").replaceChildren();
    $("leaders").querySelectorAll(".to-label").forEach((line) => line.remove());
    places.forEach((place, k) => place && drawLabel(wanted[k], place));
    drawRanks();
  };

  function drawLabel(label, place) {
    if (place.led) {
      const x2 = Math.min(Math.max(label.x, place.left), place.right);
      const y2 = Math.min(Math.max(label.y, place.top), place.bottom);
      $("leaders").append(svg("line", { x1: label.x, y1: label.y, x2, y2, class: "leader to-label" }));
    }
    const side = place.left + label.width / 2 < label.x - label.width / 4 ? "right"
      : place.left + label.width / 2 > label.x + label.width / 4 ? "left" : "center";
    const lines = label.lines.map((line, k) => h("span", {
      style: { "font-size": `${label.sizes[k]}px`, "font-weight": label.style.bold && !k ? "600" : "400" },
    }, line));
    $("labels").append(h("div", {
      class: "label", style: {
        left: `${place.left}px`, top: `${place.top}px`, width: `${label.width}px`,
        color: label.style.colour, "text-align": side,
      },
    }, lines));
  }

  // The rank stands in the marker itself, so that list and map speak of the same thing.
  function drawRanks() {
    const layer = steppe.layer("parks");
    if (!isShown("parks")) return;
    steppe.ranking().ranked.forEach((row) => {
      const i = layer.byId.get(row.id);
      const { x, y, r } = layer.placed[i];
      if (r < RANK_RADIUS_PX) return;
      const ink = steppe.inkOn(layer.rules[i].symbol.fill);
      $("labels").append(h("div", { class: "rank-on-map", style: { left: `${x}px`, top: `${y}px`, color: ink } }, String(row.rank)));
    });
  }

  steppe.inkOn = function (colour) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#111418" : "#ffffff"; // WCAG 2.1, equal contrast
  };
})();
