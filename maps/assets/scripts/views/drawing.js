// The layers drawn on the map, and what is heard of them.

import { joined } from "../pure/directions.js";
import { findUnits, toggleCut } from "../state/cuts.js";
import { data, layers } from "../state/data.js";
import { isWanted } from "../state/filters.js";
import { opacityOf } from "../state/fading.js";
import { change, hover, openFeature, state } from "../state/store.js";
import { say, featureName, word } from "../state/words.js";
import { h } from "./elements.js";
import { featureAt, heapUp } from "./heaps.js";
import { makePath, repaint } from "./paths.js";
import { clicks, drawn, rendererOf, stage } from "./stage.js";

const HIT_PX = 12;
const CASING_PX = 2.5; // what a band is wider than its line
const MOST_PATHS = 1000; // of one layer; more are heaped up
// Leaflet opens tooltips on focus, and what listens for focus becomes a stop of the Tab key: hundreds
// of them without a name, before the first control.  All features are in the panel's lists.
L.Layer.include({ _addFocusListeners() {} });

// Parks make room for one another and areas are few: those are paths of their own.
/** @param {Layer} layer @param {boolean} interactive */
function isHeaped({ name, style, rows }, interactive) {
  if (name === "parks" || style.geometry === "fill") return false;
  return rows.length > MOST_PATHS || (style.geometry === "line" && !interactive);
}

/** @param {Layer} layer */
function buildLayer(layer) {
  const pane = `steppe-${layer.name}`;
  const interactive = layer.card.length > 0;
  const options = { pane, renderer: rendererOf(pane), interactive };
  drawn.set(layer.name, isHeaped(layer, interactive) ? heapLayer(layer, options) : pathLayer(layer, options));
}

/** @param {Layer} layer @param {any} options @returns {Drawn} */
function heapLayer(layer, options) {
  const { places, paths, casings } = heapUp(layer, options, layer.style.is_cased ? CASING_PX : 0);
  return { layer, rows: layer.rows, group: L.featureGroup([...casings, ...paths]), members: new Map(), places };
}

/** @param {Layer} layer @param {any} options @returns {Drawn} */
function pathLayer(layer, options) {
  const members = new Map();
  const group = L.featureGroup();
  const level = (/** @type {number} */ i) => layer.levels[layer.style.rules.indexOf(layer.rules[i])];
  const order = layer.rows.map((_, i) => i).sort((a, b) => level(a) - level(b));
  if (layer.name === "fibre") order.forEach((i) => group.addLayer(hitLine(layer, i, options)));
  if (layer.style.is_cased) order.forEach((i) => group.addLayer(casing(layer, i, options)));
  for (const i of order) {
    const member = makePath(layer, i, options);
    member.feature = i;
    member.on("add", () => mark(layer, member));
    members.set(i, member);
    group.addLayer(member);
  }
  if (options.interactive) listen(layer, group);
  return { layer, rows: layer.rows, group, members };
}

// A wide unseen line under a thin one, so that it can be hit.
/** @param {Layer} layer @param {number} i @param {any} options */
function hitLine(layer, i, options) {
  const line = makePath(layer, i, { ...options, weight: HIT_PX, opacity: 0, dashArray: null, className: "unseen" });
  line.feature = i;
  return line;
}

// A band of the ground's colour below a line, so that no raster swallows it.
/** @param {Layer} layer @param {number} i @param {any} options */
function casing(layer, i, options) {
  const weight = layer.rules[i].symbol.width_px + CASING_PX;
  return makePath(layer, i, { ...options, weight, interactive: false, opacity: 1, dashArray: null, className: "casing" });
}

/** @param {Layer} layer @param {any} member */
function mark(layer, member) {
  const id = layer.rows[member.feature][layer.key];
  if (layer.name === "fibre") member.getElement().setAttribute("data-cable", id);
  if (layer.name === "parks") member.getElement().setAttribute("data-park", id);
  if (layer.name === "parks") member.getElement().classList.toggle("filtered", !isWanted(id));
}

/** @param {Layer} layer @param {number} i */
function open(layer, i) {
  const id = layer.rows[i][layer.key];
  if (layer.name === "parks") change({ site: id, cable: null }, { origin: "map" });
  else if (layer.name === "fibre") change({ cable: id, site: null }, { origin: "map" });
  else openFeature(layer.name, id);
}

/** @param {string} cable */
function toggleCutOf(cable) {
  const [id] = findUnits([`cable:${cable}`]);
  if (id) toggleCut(id, "map");
}

/** @param {Layer} layer @param {L.FeatureGroup} group */
function listen(layer, group) {
  const idOf = (/** @type {any} */ event) => layer.rows[event.layer.feature][layer.key];
  group.on("click", (/** @type {any} */ event) => {
    if (clicks.take) return; // the map hears of it next
    L.DomEvent.stopPropagation(event);
    // With Shift a cable is cut, or restored, without more ado.
    if (layer.name === "fibre" && event.originalEvent.shiftKey) toggleCutOf(idOf(event));
    else open(layer, event.layer.feature);
  });
  if (layer.name === "parks") {
    group.on("mouseover", (/** @type {any} */ event) => hover(idOf(event)));
    group.on("mouseout", () => hover(null));
  }
  group.bindTooltip((/** @type {any} */ member) => tip(layer, member.feature), {
    sticky: layer.style.geometry !== "marker", direction: "top", offset: [0, -6], className: "tip",
  });
}

/** @param {Layer} layer @param {number} i */
function tip(layer, i) {
  const name = featureName(layer, i);
  const notes = [say(layer.rules[i].label)];
  if (layer.name === "fibre") notes.push(word("page.indicative"));
  return h("div", {}, h("strong", {}, name),
    h("span", { class: "tip-note" }, joined(notes.filter((note) => note !== name))));
}

// Another theme: what is drawn takes its colours.
export function repaintLayers() {
  for (const { layer, group, members } of drawn.values()) {
    if (!layer) continue;
    if (members?.size) members.forEach((member, i) => repaint(member, layer.rules[i]));
    else /** @type {L.FeatureGroup} */ (group).eachLayer((line) => repaint(line, /** @type {any} */ (line.options).rule));
  }
}

// What is heaped up is no element: where the pointer is says what it is over.
export function listenToHeaps() {
  const shown = L.tooltip({ direction: "top", offset: [0, -6], className: "tip" });
  const frame = stage.map.getContainer();
  /** @type {Feature | null} */
  let last = null;
  const show = (/** @type {any} */ event) => {
    const isOver = event.originalEvent.target.closest(".leaflet-interactive, .leaflet-control");
    const found = isOver ? null : featureAt(event.latlng);
    frame.classList.toggle("over-heap", found !== null);
    if (!found) return forget();
    const { layer, i } = found;
    if (last?.layer !== layer.name || last.id !== layer.rows[i][layer.key]) shown.setContent(tip(layer, i));
    last = { layer: layer.name, id: layer.rows[i][layer.key] };
    shown.setLatLng(event.latlng).addTo(stage.map);
  };
  const forget = () => { last = null; shown.remove(); };
  stage.map.on("mousemove", show);
  stage.map.on("mouseout", forget);
}

// Whether something heaped up lies at a place of the map, and its card opens.
/** @param {L.LatLng} latlng */
export function openAt(latlng) {
  const found = featureAt(latlng);
  if (found) open(found.layer, found.i);
  return found !== null;
}

/** @param {Raster} raster */
function buildRaster(raster) {
  const [south, west, north, east] = raster.bounds;
  const pane = `steppe-${raster.style.layer}`;
  const group = L.imageOverlay(raster.uri, [[south, west], [north, east]], { pane, opacity: opacityOf(raster.style) / 100 });
  drawn.set(raster.style.layer, { group });
}

// Layers of which a scenario has other features are to be drawn anew.
export function dropLayers() {
  for (const [name, { layer, group, rows }] of drawn) {
    if (!layer || layer.rows === rows) continue;
    group.remove();
    drawn.delete(name);
  }
}

export function showLayers() {
  const zoom = stage.map.getZoom();
  for (const source of [...data.rasters, ...layers.values()]) {
    const { layer: name, min_zoom: minZoom = 0 } = source.style;
    const wanted = state.layers.has(name) && zoom >= minZoom;
    if (wanted && !drawn.has(name)) {
      if ("uri" in source) buildRaster(source);
      else buildLayer(source);
    }
    const entry = drawn.get(name);
    if (entry && wanted !== stage.map.hasLayer(entry.group)) {
      if (wanted) entry.group.addTo(stage.map);
      else entry.group.remove();
    }
  }
}
