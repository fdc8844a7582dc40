// What is marked on the map: the cables that fall in a cut with whom they cut off, a route,
// or a feature that the panel speaks of.

(function () {
  const { h, $, data } = steppe;
  const ROUTE = ["from_id", "apart", "route"];
  let lines, places, lastButton;

  steppe.routeKey = (row) => ROUTE.map((field) => row[field]).join(" ");
  steppe.cutOf = (target, id) => data.cuts.find((row) => row.to_id === target && row.cut_id === id) || null;
  steppe.routeOf = (target, key) => data.disjoint.find((row) => row.to_id === target && steppe.routeKey(row) === key) || null;
  const chosenCut = () => steppe.cutOf(steppe.state.target, steppe.state.cut);
  const chosenRoute = () => steppe.routeOf(steppe.state.target, steppe.state.route);
  const cut = () => (steppe.state.cut ? chosenCut() : null);
  const route = () => (steppe.state.route ? chosenRoute() : null);

  // Cables that stand out while the others are dimmed.
  steppe.litCables = () => new Set(route() ? steppe.sourceList(route().path) : [steppe.state.cable].filter(Boolean));
  steppe.isMarked = () => Boolean(cut() || route());

  steppe.toggleMark = function (kind, id) {
    lastButton = document.activeElement;
    const chosen = steppe.state[kind] === id;
    steppe.change({ cut: null, route: null, [kind]: chosen ? null : id, ...(chosen ? {} : { site: null, cable: null }) }, { origin: "list" });
  };

  steppe.clearMarks = function () {
    if (!steppe.isMarked()) return;
    steppe.change({ cut: null, route: null });
    if (lastButton && lastButton.isConnected) lastButton.focus();
    lastButton = null;
  };

  // ---------------------------------------------------------------- on the map
  function drawCables(text, attribute, styles) {
    const layer = steppe.layer("fibre");
    const found = steppe.sourceList(text).filter((id) => layer.byId.has(id));
    styles.forEach((style, k) => found.forEach((id) => {
      const pane = `steppe-${style.pane}`;
      const options = { pane, renderer: L.svg({ pane, padding: 0.4 }), interactive: false, opacity: 1, ...style.options };
      const path = steppe.makePath(layer, layer.byId.get(id), options).addTo(lines);
      if (k === styles.length - 1) path.getElement().setAttribute(attribute, id);
    }));
  }

  // Where a feature stands on the map; parks make room for one another.
  function spotOf(name, id) {
    const layer = steppe.layer(name);
    const i = layer.byId.get(id);
    if (name === "parks" && steppe.isShown(name)) return steppe.drawn.get(name).members.get(i).getLatLng();
    return L.latLng(layer.shapes[i][1], layer.shapes[i][0]);
  }

  function drawPlaces(text, className, attribute) {
    const nodes = new Set(steppe.sourceList(text));
    const parks = steppe.layer("parks").rows.filter((row) => row.level === data.info.level && nodes.has(row.node_id));
    const spots = [
      ...[...nodes].filter((id) => steppe.row("nodes", id)).map((id) => ["nodes", id]),
      ...(steppe.isShown("parks") ? parks.map((row) => ["parks", row.park_id]) : []),
    ];
    for (const [name, id] of spots) {
      const icon = L.divIcon({ className, html: h("i", {}), iconSize: [18, 18] });
      const marker = L.marker(spotOf(name, id), { pane: "steppe-marks", icon, interactive: false, keyboard: false }).addTo(places);
      marker.getElement().setAttribute(attribute, id);
    }
  }

  steppe.drawMarks = function () {
    lines.clearLayers();
    places.clearLayers();
    if (cut()) {
      drawCables(cut().cables, "data-fallen", [
        { pane: "fallen", options: { weight: 5, dashArray: null, className: "fallen-ground" } },
        { pane: "fallen", options: { weight: 2.5, dashArray: "5 4", lineCap: "butt", className: "fallen" } },
      ]);
      drawPlaces(cut().slower, "slowed", "data-slowed");
      drawPlaces(cut().isolated, "cut-off", "data-isolated");
    }
    if (route()) drawCables(route().path, "data-on-route", [{ pane: "halo", options: { weight: 9, dashArray: null, className: "chosen-line" } }]);
  };

  // A feature of any layer: the layer is switched on, its card opened, the map moved there.
  steppe.showFeature = function (name, id) {
    const layer = steppe.layer(name);
    steppe.change({ layers: new Set([...steppe.state.layers, name]), cut: null, route: null });
    steppe.openFeature(name, id);
    const [lon, lat] = layer.shapes[layer.byId.get(id)];
    steppe.lookAt(L.latLngBounds([[lat, lon]]), "list");
  };

  // ---------------------------------------------------------------- in words
  const sign = (className, key) => h("span", { class: "sign" }, h("span", { class: className }, h("i", {})), steppe.word(key));

  function told() {
    if (cut()) {
      return [h("strong", {}, steppe.say([cut().name_zh, cut().name_en])),
        steppe.cutEffects(cut()).map((text) => h("span", {}, text)),
        h("span", { class: "signs" }, sign("sign-line", "page.fallen"),
          cut().n_isolated ? sign("cut-off", "page.isolated") : null, cut().n_slower ? sign("slowed", "page.slowed") : null)];
    }
    const row = route();
    return [h("strong", {}, `${steppe.placeName(row.from_id)} → ${steppe.placeName(row.to_id)}`),
      h("span", {}, steppe.routeText(row)),
      h("span", {}, steppe.namesOf(row.path))];
  }

  function tell() {
    const marked = steppe.isMarked();
    $("mark").hidden = !marked;
    $("mark").classList.toggle("of-route", Boolean(route()));
    $("mark").replaceChildren(...(marked ? [h("div", {}, told()),
      h("button", { type: "button", class: "close", "aria-label": steppe.word("page.close"), title: steppe.word("page.close"), onclick: steppe.clearMarks }, "×")] : []));
  }

  function lookAtMark(origin) {
    const layer = steppe.layer("fibre");
    const ids = steppe.sourceList((cut() || route())[cut() ? "cables" : "path"]).filter((id) => layer.byId.has(id));
    const bounds = L.latLngBounds(ids.map((id) => steppe.boundsOf(layer, layer.byId.get(id))).flatMap((box) => [box.getSouthWest(), box.getNorthEast()]));
    if (bounds.isValid() && !steppe.map.getBounds().contains(bounds)) steppe.lookAt(bounds, origin);
    // Where the panel lies under the map, the map may be out of sight.
    if (origin === "list" && matchMedia("(max-width: 760px)").matches) $("legend").parentElement.scrollIntoView({ block: "start" });
  }

  steppe.startMarks = function () {
    lines = L.layerGroup().addTo(steppe.map);
    places = L.layerGroup().addTo(steppe.map);
    steppe.onChange((changed, origin) => {
      const turned = ["cut", "route", "target"].some((name) => changed.has(name));
      if (!turned && !changed.has("lang")) return;
      tell();
      if (!turned) return;
      steppe.drawMarks();
      if (steppe.isMarked()) queueMicrotask(() => lookAtMark(origin));
    });
  };
})();
