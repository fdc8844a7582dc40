// The map: its panes, its controls, and what on it follows which change.

import { joined } from "../pure/directions.js";
import { data, layers } from "../state/data.js";
import { mapSources } from "../state/references.js";
import { change, onChange, onHover, state } from "../state/store.js";
import { named, word } from "../state/words.js";
import { spreadParks } from "./crowd.js";
import { differences, drawDifferences, fillDifferenceLegend } from "./difference.js";
import { dropLayers, listenToHeaps, openAt, repaintLayers, showLayers } from "./drawing.js";
import { $, h, openSection, svg } from "./elements.js";
import { dimMarkers } from "./filterrow.js";
import { makeGraticule, startGraticule } from "./graticule.js";
import { drawHalo, halo, markOnMap } from "./halo.js";
import { drawLabels } from "./lettering.js";
import { drawMarks } from "./marks.js";
import { clicks, stage } from "./stage.js";
import { everything, followView, keepView, lookAtCable, lookAtFeature, lookAtSite, showRegion, showView } from "./viewport.js";

/** @param {string} name @param {number} order @param {Element} [element] */
function makePane(name, order, element) {
  const pane = stage.map.createPane(`steppe-${name}`);
  pane.style.zIndex = String(order);
  if (element) {
    pane.classList.add("leaflet-zoom-hide");
    pane.style.pointerEvents = "none";
    pane.append(element);
  }
}

function makePanes() {
  [...data.rasters].reverse().forEach((raster, i) => makePane(raster.style.layer, 300 + i));
  [...layers.keys()].reverse().forEach((name, i) => makePane(name, 320 + 10 * i));
  const under = (/** @type {string} */ name) => Number(stage.map.getPane(`steppe-${name}`)?.style.zIndex || 600) - 1;
  makePane("graticule", 325, makeGraticule());
  makePane("difference", under("fibre") - 1);
  makePane("halo", under("fibre"));
  makePane("fallen", under("fibre") + 2);
  makePane("marks", 636);
  makePane("leaders", under("parks"), svg("svg", { class: "leaders", id: "leaders" }));
  makePane("labels", 640, h("div", { class: "labels", id: "labels" }));
  halo.addTo(stage.map);
  differences.addTo(stage.map);
}

// Labels are drawn once, when all that they make room for stands.
let isLabelling = false;
function labelSoon() {
  if (isLabelling) return;
  isLabelling = true;
  queueMicrotask(() => {
    isLabelling = false;
    drawLabels();
  });
}

function refit() {
  spreadParks();
  drawHalo();
  drawMarks();
  drawDifferences();
  labelSoon();
}

/** @param {L.ControlPosition} position @param {string} className @param {HTMLElement} element */
function control(position, className, element) {
  const Own = L.Control.extend({ onAdd: () => { element.classList.add(className); return element; } });
  return new Own({ position }).addTo(stage.map);
}

function addControls() {
  stage.map.attributionControl.setPrefix(false);
  const sources = h("button", { type: "button", onclick: () => openSection("sources-section") });
  control("bottomright", "attribution", sources);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(stage.map);
  const zoom = L.control.zoom({ position: "bottomright" }).addTo(stage.map);
  const home = h("button", { type: "button", class: "plain-button", onclick: showRegion });
  control("bottomright", "home", home);
  onChange((changed) => {
    if (!changed.has("lang")) return;
    sources.textContent = named("note.sources", joined(mapSources()));
    sources.title = sources.textContent;
    $("paper-sources").textContent = sources.textContent;
    home.textContent = word("page.whole_region");
    const { _zoomInButton: closer, _zoomOutButton: farther } = /** @type {any} */ (zoom);
    [[closer, "page.zoom_in"], [farther, "page.zoom_out"]].forEach(([button, key]) => {
      button.title = word(key);
      button.setAttribute("aria-label", word(key));
    });
  });
}

/** @param {string} id */
export function startMap(id) {
  stage.map = L.map(id, {
    zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.75, wheelPxPerZoomLevel: 110, minZoom: 2, maxZoom: 13,
    maxBounds: everything(), maxBoundsViscosity: 0.8,
  });
  addControls();
  makePanes();
  startGraticule();
  showView();
  stage.map.on("zoomend", () => { showLayers(); refit(); });
  stage.map.on("moveend", labelSoon);
  stage.map.on("moveend", keepView);
  stage.map.on("resize", labelSoon);
  $("legend").addEventListener("toggle", labelSoon);
  stage.map.on("click", (event) => {
    if (clicks.take) clicks.take([event.latlng.lat, event.latlng.lng]);
    else if (!openAt(event.latlng)) change({ site: null, cable: null, route: null });
  });
  listenToHeaps();
  onChange((changed, origin) => {
    followView(changed, origin);
    if (changed.has("scenario")) dropLayers();
    if (changed.has("layers")) showLayers();
    if (changed.has("scenario")) dimMarkers();
    if (changed.has("theme")) repaintLayers();
    if (["layers", "lang", "theme"].some((name) => changed.has(name))) refit();
    else if (changed.has("weights")) labelSoon();
    if (["site", "cable", "feature", "cuts", "route"].some((name) => changed.has(name))) { drawHalo(); labelSoon(); }
    if (["lang", "scenario", "difference", "weights"].some((name) => changed.has(name))) {
      drawDifferences();
      fillDifferenceLegend();
    }
    const { site, cable, feature } = state;
    if (changed.has("site") && site) queueMicrotask(() => lookAtSite(site, origin));
    if (changed.has("cable") && cable) queueMicrotask(() => lookAtCable(cable, origin));
    if (changed.has("feature") && feature) queueMicrotask(() => lookAtFeature(feature, origin));
  });
  onHover(markOnMap);
  new ResizeObserver(() => stage.map.invalidateSize({ animate: false })).observe(stage.map.getContainer());
}
