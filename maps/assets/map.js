// The map: its layers, what is chosen on it, its controls.

(function () {
  const { h, $, svg, data } = steppe;
  const SITE_ZOOM = 8;
  const HIT_PX = 12;
  const drawn = new Map(); // layer name to {layer, group, members}
  let map, halo, bounds;

  // ---------------------------------------------------------------- layers
  steppe.drawn = drawn;
  steppe.isShown = (name) => drawn.has(name) && map.hasLayer(drawn.get(name).group);
  const { isShown } = steppe;

  function buildLayer(layer) {
    const pane = `steppe-${layer.name}`;
    const interactive = layer.card.length > 0;
    const options = { pane, renderer: L.svg({ pane, padding: 0.4 }), interactive };
    const members = new Map();
    const group = L.featureGroup();
    if (layer.style.geometry === "line" && !interactive) {
      steppe.mergeLines(layer, options).forEach((line) => group.addLayer(line));
    } else {
      const level = (i) => layer.levels[layer.style.rules.indexOf(layer.rules[i])];
      const order = layer.rows.map((_, i) => i).sort((a, b) => level(a) - level(b));
      if (layer.name === "fibre") order.forEach((i) => group.addLayer(hitLine(layer, i, options)));
      for (const i of order) {
        const member = steppe.makePath(layer, i, options);
        member.feature = i;
        member.on("add", () => mark(layer, member));
        members.set(i, member);
        group.addLayer(member);
      }
    }
    if (interactive) listen(layer, group);
    drawn.set(layer.name, { layer, group, members });
  }

  // A wide unseen line under a thin one, so that it can be hit.
  function hitLine(layer, i, options) {
    const line = steppe.makePath(layer, i, { ...options, weight: HIT_PX, opacity: 0, dashArray: null, className: "unseen" });
    line.feature = i;
    return line;
  }

  function mark(layer, member) {
    const id = layer.rows[member.feature][layer.key];
    if (layer.name === "fibre") member.getElement().setAttribute("data-cable", id);
    if (layer.name === "parks") member.getElement().setAttribute("data-park", id);
  }

  function listen(layer, group) {
    const idOf = (event) => layer.rows[event.layer.feature][layer.key];
    group.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      if (layer.name === "parks") steppe.change({ site: idOf(event), cable: null }, { origin: "map" });
      else if (layer.name === "fibre") steppe.change({ cable: idOf(event), site: null }, { origin: "map" });
      else steppe.openFeature(layer.name, idOf(event));
    });
    if (layer.name === "parks") {
      group.on("mouseover", (event) => steppe.hover(idOf(event)));
      group.on("mouseout", () => steppe.hover(null));
    }
    group.bindTooltip((member) => tip(layer, member.feature), {
      sticky: layer.style.geometry !== "marker", direction: "top", offset: [0, -6], className: "tip",
    });
  }

  function tip(layer, i) {
    const [first, second] = steppe.title(layer, i);
    const notes = [steppe.say(layer.rules[i].label)];
    if (layer.name === "fibre") notes.push(steppe.word("page.indicative"));
    return h("div", {}, h("strong", {}, first), second ? h("span", { class: "second" }, second) : null,
      h("span", { class: "tip-note" }, notes.filter((note) => note !== first).join(" · ")));
  }

  function buildRaster(raster) {
    const [south, west, north, east] = raster.bounds;
    const pane = `steppe-${raster.style.layer}`;
    const group = L.imageOverlay(raster.uri, [[south, west], [north, east]], { pane, opacity: raster.style.opacity });
    drawn.set(raster.style.layer, { group });
  }

  function showLayers() {
    const zoom = map.getZoom();
    for (const source of [...data.rasters, ...steppe.layers.values()]) {
      const { layer: name, min_zoom: minZoom = 0 } = source.style;
      const wanted = steppe.state.layers.has(name) && zoom >= minZoom;
      if (wanted && !drawn.has(name)) {
        if (source.uri) buildRaster(source);
        else buildLayer(source);
      }
      const entry = drawn.get(name);
      if (entry && wanted !== map.hasLayer(entry.group)) {
        if (wanted) entry.group.addTo(map);
        else entry.group.remove();
      }
    }
  }

  // ---------------------------------------------------------------- what is chosen
  function drawHalo() {
    halo.clearLayers();
    lightCable();
    const { site, cable } = steppe.state;
    if (site && isShown("parks")) {
      const { layer, members } = drawn.get("parks");
      const i = layer.byId.get(site);
      const [lon, lat] = layer.shapes[i];
      const options = { pane: "steppe-halo", interactive: false };
      L.circle([lat, lon], { ...options, radius: layer.rows[i].accuracy_m || 0, className: "accuracy" }).addTo(halo);
      L.circleMarker(members.get(i).getLatLng(), { ...options, radius: members.get(i).getRadius() + 5, className: "chosen" }).addTo(halo);
    }
    if (cable && isShown("fibre")) {
      const { layer } = drawn.get("fibre");
      const i = layer.byId.get(cable);
      const options = { pane: "steppe-halo", renderer: L.svg({ pane: "steppe-halo", padding: 0.4 }), interactive: false };
      steppe.makePath(layer, i, { ...options, weight: 9, opacity: 1, dashArray: null, className: "chosen-line" }).addTo(halo);
    }
  }

  function lightCable() {
    if (!isShown("fibre")) return;
    const { layer, members } = drawn.get("fibre");
    const lit = steppe.litCables();
    map.getPane("steppe-fibre").classList.toggle("dimmed", lit.size > 0 || steppe.isMarked());
    members.forEach((member, i) => member.getElement().classList.toggle("on", lit.has(layer.rows[i].cable_id)));
  }

  // The part of the map that neither legend nor card lies on, as paddings.
  function free() {
    const frame = map.getContainer().getBoundingClientRect();
    const taken = (id) => {
      const box = $(id).getBoundingClientRect();
      const beside = !$(id).hidden && box.top < frame.bottom && box.bottom > frame.top && box.width < frame.width * 0.6;
      return beside ? box.width + 32 : 20;
    };
    const left = taken("legend"), right = taken("card");
    return frame.width - left - right > 280 ? { left, right } : { left: 20, right };
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function lookAtSite(id, origin) {
    const layer = steppe.layer("parks");
    const [lon, lat] = layer.shapes[layer.byId.get(id)];
    const { left, right } = free();
    const zoom = origin === "map" ? map.getZoom() : Math.max(map.getZoom(), SITE_ZOOM);
    const point = map.project([lat, lon], zoom);
    if (origin === "map") {
      const at = map.latLngToContainerPoint([lat, lon]);
      if (at.x > left && at.x < map.getSize().x - right) return;
    }
    const centre = map.unproject(point.add([(right - left) / 2, 0]), zoom);
    map.setView(centre, zoom, { animate: !calm() && origin !== "address" });
  }

  function lookAtCable(id, origin) {
    if (origin === "map") return;
    const layer = steppe.layer("fibre");
    steppe.lookAt(steppe.boundsOf(layer, layer.byId.get(id)), origin);
  }

  steppe.lookAt = function (wanted, origin) {
    const { left, right } = free();
    map.fitBounds(wanted, {
      paddingTopLeft: [left, 50], paddingBottomRight: [right, 60], maxZoom: SITE_ZOOM, animate: !calm() && origin !== "address",
    });
  };

  steppe.markOnMap = function (id) {
    if (!isShown("parks")) return;
    const { layer, members } = drawn.get("parks");
    members.forEach((member) => member.getElement() && member.getElement().classList.remove("hot"));
    if (id && layer.byId.has(id)) members.get(layer.byId.get(id)).getElement().classList.add("hot");
  };

  // ---------------------------------------------------------------- start
  function makePane(name, order, element) {
    const pane = map.createPane(`steppe-${name}`);
    pane.style.zIndex = String(order);
    if (element) {
      pane.classList.add("leaflet-zoom-hide");
      pane.style.pointerEvents = "none";
      pane.append(element);
    }
  }

  function makePanes() {
    [...data.rasters].reverse().forEach((raster, i) => makePane(raster.style.layer, 300 + i));
    [...steppe.layers.keys()].reverse().forEach((name, i) => makePane(name, 320 + 10 * i));
    const under = (name) => Number(map.getPane(`steppe-${name}`)?.style.zIndex || 600) - 1;
    makePane("halo", under("fibre"));
    makePane("fallen", under("fibre") + 2);
    makePane("marks", 636);
    makePane("leaders", under("parks"), svg("svg", { class: "leaders", id: "leaders" }));
    makePane("labels", 640, h("div", { class: "labels", id: "labels" }));
    halo = L.layerGroup().addTo(map);
  }

  function refit() {
    steppe.spreadParks();
    drawHalo();
    steppe.drawMarks();
    steppe.drawLabels();
  }

  // Where the map may be moved to: the plan's box, and however far its cables reach.
  function everything() {
    const [west, south, east, north] = data.info.bbox;
    const reach = L.latLngBounds([[south, west], [north, east]]);
    const fibre = steppe.layer("fibre");
    fibre.rows.forEach((_, i) => reach.extend(steppe.boundsOf(fibre, i)));
    return reach.pad(0.35);
  }

  // The outline of the region itself; without one, the first view.
  function regionBounds() {
    const layer = steppe.layer("boundaries");
    const own = layer.rows.map((_, i) => i).filter((i) => layer.rows[i].kind === "region");
    const reach = L.latLngBounds(own.flatMap((i) => steppe.outlineOf(layer, i)));
    return reach.isValid() ? reach : bounds;
  }

  function showRegion() {
    const { left } = free();
    map.fitBounds(regionBounds(), { animate: false, paddingTopLeft: [left, 10], paddingBottomRight: [10, 10] });
  }

  function showView() {
    const { left } = free();
    map.fitBounds(bounds, { animate: false, paddingTopLeft: [left, 10], paddingBottomRight: [10, 10] });
  }

  function control(position, className, element) {
    const Own = L.Control.extend({ onAdd: () => { element.classList.add(className); return element; } });
    return new Own({ position }).addTo(map);
  }

  function addControls() {
    map.attributionControl.setPrefix(false);
    const sources = h("button", { type: "button", onclick: () => steppe.openSection("sources-section") });
    control("bottomright", "attribution", sources);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
    const zoom = L.control.zoom({ position: "bottomright" }).addTo(map);
    const home = h("button", { type: "button", class: "plain-button", onclick: showRegion });
    control("bottomright", "home", home);
    steppe.onChange((changed) => {
      if (!changed.has("lang")) return;
      sources.textContent = steppe.named("note.sources", steppe.mapSources().join(" · "));
      sources.title = sources.textContent;
      $("paper-sources").textContent = sources.textContent;
      home.textContent = steppe.word("page.whole_region");
      [[zoom._zoomInButton, "page.zoom_in"], [zoom._zoomOutButton, "page.zoom_out"]].forEach(([button, key]) => {
        button.title = steppe.word(key);
        button.setAttribute("aria-label", steppe.word(key));
      });
    });
  }

  function preparePrint() {
    let wasOpen = true;
    const before = () => {
      wasOpen = $("legend").open;
      $("legend").open = true;
      document.body.classList.add("printing");
      map.invalidateSize({ animate: false });
      showView();
    };
    const after = () => {
      $("legend").open = wasOpen;
      document.body.classList.remove("printing");
      map.invalidateSize({ animate: false });
    };
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
  }

  steppe.startMap = function (id) {
    const [west, south, east, north] = data.info.view;
    bounds = [[south, west], [north, east]];
    map = L.map(id, {
      zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.75, wheelPxPerZoomLevel: 110, minZoom: 2, maxZoom: 13,
      maxBounds: everything(), maxBoundsViscosity: 0.8,
    });
    steppe.map = map;
    steppe.showView = showView;
    addControls();
    makePanes();
    showView();
    map.on("zoomend", () => { showLayers(); refit(); });
    map.on("moveend", steppe.drawLabels);
    map.on("resize", steppe.drawLabels);
    $("legend").addEventListener("toggle", steppe.drawLabels);
    map.on("click", () => steppe.change({ site: null, cable: null, cut: null, route: null }));
    steppe.onChange((changed, origin) => {
      if (changed.has("layers")) showLayers();
      if (changed.has("layers") || changed.has("lang")) refit();
      else if (changed.has("weights")) steppe.drawLabels();
      if (["site", "cable", "cut", "route"].some((name) => changed.has(name))) { drawHalo(); queueMicrotask(steppe.drawLabels); }
      const { site, cable } = steppe.state;
      if (changed.has("site") && site) queueMicrotask(() => lookAtSite(site, origin));
      if (changed.has("cable") && cable) queueMicrotask(() => lookAtCable(cable, origin));
    });
    preparePrint();
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  };
})();
