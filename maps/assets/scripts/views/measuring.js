// Tools that read the map: distances along the geodesic, and coordinates.

import { readCoordinates, spellCoordinates } from "../pure/coordinates.js";
import { arc, geodesicKm } from "../pure/geodesic.js";
import { shortNumber } from "../pure/numbers.js";
import { findBest } from "../pure/search.js";
import { data, findLayer } from "../state/data.js";
import { keyGroups } from "../state/findable.js";
import { featureName, fill, word } from "../state/words.js";
import { copyText } from "./copying.js";
import { h } from "./elements.js";
import { reachOf } from "./paths.js";
import { stage } from "./stage.js";
import { addMode, fillPanel, tellNews } from "./tools.js";

const RULER = "M3.5 15.5 15.5 3.5l5 5-12 12zM7 12l2.5 2.5M10.500 8.500l1.500 1.500M13.500 5.500l2.500 2.500";
const CROSS = "M12 2v6M12 16v6M2 12h6M16 12h6M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10Z";
const N_PIECES = 48; // of a leg as it is drawn

const trace = L.layerGroup();
/** @type { { spot: Spot, name: string | null }[] } */
let stops = [];

const km = (/** @type {number} */ length) => (length < 1 ? `${shortNumber(1000 * length)}\u2009m` : `${shortNumber(length)}\u2009km`);
const legs = () => stops.slice(1).map(({ spot }, i) => geodesicKm(stops[i].spot, spot));

function drawTrace() {
  trace.clearLayers();
  const options = { pane: "steppe-marks", renderer: L.svg({ pane: "steppe-marks", padding: 0.4 }), interactive: false };
  stops.slice(1).forEach(({ spot }, i) => {
    const way = arc(stops[i].spot, spot, N_PIECES);
    L.polyline(way, { ...options, className: "measured-ground", weight: 5 }).addTo(trace);
    L.polyline(way, { ...options, className: "measured", weight: 2.5 }).addTo(trace);
  });
  stops.forEach(({ spot }) => L.circleMarker(spot, { ...options, className: "measured-stop", radius: 4.5 }).addTo(trace));
}

/** @param {Spot} spot @param {string | null} [name] */
function addStop(spot, name = null) {
  stops = [...stops, { spot, name }];
  drawTrace();
  fillPanel();
}

// The place that a text names: by coordinates, or the feature that fits best.
/** @param {string} text @returns { { spot: Spot, name: string | null } | null} */
function placeOf(text) {
  const spot = readCoordinates(text, data.info.bbox);
  if (spot) return { spot, name: null };
  const [group] = findBest(keyGroups(), text, 1).groups;
  if (!group) return null;
  const layer = findLayer(group.name);
  const { lat, lng } = reachOf(layer, group.hits[0].i).getCenter();
  return { spot: [lat, lng], name: featureName(layer, group.hits[0].i) };
}

/** @param {Event} event */
function addNamed(event) {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (document.getElementById("measure-place"));
  const place = placeOf(input.value.trim());
  if (place) addStop(place.spot, place.name);
  else tellNews(word("page.search_none"));
}

function fillMeasure() {
  const lengths = legs();
  const total = lengths.reduce((sum, one) => sum + one, 0);
  const called = (/** @type {typeof stops[0]} */ { spot, name }) => name ?? spellCoordinates(spot, 3);
  return [
    h("p", { class: "hint" }, word("page.measure_hint")),
    h("form", { class: "measure-form", onsubmit: addNamed },
      h("input", { type: "text", id: "measure-place", autocomplete: "off", placeholder: word("page.search_hint"), "aria-label": word("page.measure_place") }),
      h("button", { type: "submit", class: "plain-button" }, word("page.measure_add"))),
    stops.length ? h("ol", { class: "legs", id: "legs" }, stops.map((stop, i) =>
      h("li", {}, h("span", {}, called(stop)), i ? h("span", { class: "leg" }, km(lengths[i - 1])) : null))) : null,
    stops.length > 1 ? h("p", { class: "measure-total", id: "measured", role: "status" }, fill("page.measure_total", { length: km(total) })) : null,
    stops.length ? h("p", { class: "tool-row" },
      h("button", { type: "button", class: "plain-button", id: "measure-undo", onclick: () => { stops = stops.slice(0, -1); drawTrace(); fillPanel(); } }, word("page.measure_undo")),
      h("button", { type: "button", class: "plain-button", id: "measure-clear", onclick: clear }, word("page.measure_clear"))) : null,
  ];
}

function clear() {
  stops = [];
  drawTrace();
  fillPanel();
}

/** @type {HTMLElement} */
let reading;
/** @param {L.LeafletMouseEvent} event */
const read = ({ latlng }) => { reading.textContent = spellCoordinates([latlng.lat, latlng.lng]); };

/** @param {Spot} spot */
function copySpot(spot) {
  const text = spot.map((degrees) => degrees.toFixed(5)).join(", ");
  copyText(text).then((done) => tellNews(done ? fill("page.copied", { text }) : text));
}

const centre = () => {
  const { lat, lng } = stage.map.getCenter();
  return /** @type {Spot} */ ([lat, lng]);
};

export function startMeasuring() {
  trace.addTo(stage.map);
  addMode({
    name: "measure", title: "page.tool_measure", icon: RULER, fill: fillMeasure,
    take: (spot) => addStop(spot), stop: () => { stops = []; drawTrace(); },
  });
  reading = h("p", { class: "reading", id: "reading" });
  addMode({
    name: "coordinates", title: "page.tool_coordinates", icon: CROSS, take: copySpot,
    fill: () => [h("p", { class: "hint" }, word("page.coordinates_hint")), reading,
      h("button", { type: "button", class: "plain-button", id: "copy-centre", onclick: () => copySpot(centre()) }, word("page.copy_centre"))],
    start: () => {
      reading.textContent = spellCoordinates(centre());
      stage.map.on("mousemove", read);
    },
    stop: () => stage.map.off("mousemove", read),
  });
}
