// A circle that fells what is drawn in it: by hand on the map, or by its numbers.

import { readDisc } from "../pure/circles.js";
import { kindOfUnit, nameOfUnit } from "../pure/cutunits.js";
import { shortNumber } from "../pure/numbers.js";
import { toggleCut, isCut } from "../state/cuts.js";
import { onChange, state } from "../state/store.js";
import { word } from "../state/words.js";
import { h } from "./elements.js";
import { rendererOf, stage } from "./stage.js";
import { addMode, endMode } from "./tools.js";

const FIRST_KM = 50;
const LEAST_PX = 4; // a circle smaller than this is a slip of the hand
const N_DECIMALS = 4; // of a degree, about ten metres
const N_KM_DECIMALS = 1;

const rings = L.layerGroup();

// A longitude as near to the middle of the map as it comes.
/** @param {number} lon */
const onMap = (lon) => lon + 360 * Math.round((stage.map.getCenter().lng - lon) / 360);
/** @param {number} lon */
const onEarth = (lon) => lon - 360 * Math.round(lon / 360);

/** @param {Disc} disc @param {string} className */
const ring = ({ lon, lat, km }, className) => L.circle([lat, onMap(lon)], { pane: "steppe-fallen", renderer: rendererOf("steppe-fallen"), radius: 1000 * km, className, interactive: false });

function drawRings() {
  rings.clearLayers();
  for (const id of state.cuts) {
    const disc = kindOfUnit(id) === "circle" ? readDisc(nameOfUnit(id)) : null;
    if (disc) ring(disc, "cut-ring").addTo(rings).getElement()?.setAttribute("data-circle", id);
  }
}

/** @param {number} lon @param {number} lat @param {number} km */
function cutCircle(lon, lat, km) {
  const id = `circle:${[onEarth(lon).toFixed(N_DECIMALS), lat.toFixed(N_DECIMALS), km.toFixed(km < 10 ? N_KM_DECIMALS : 0)].map(Number).join(",")}`;
  if (readDisc(nameOfUnit(id)) && !isCut(id)) toggleCut(id);
}

// ---------------------------------------------------------------- by hand

/** @type {(() => void) | null} */
let putDown = null;
function stopDrawing() {
  putDown?.();
  putDown = null;
}

function startDrawing() {
  const { map } = stage, box = map.getContainer();
  /** @type {L.LatLng | null} */
  let centre = null;
  /** @type {any} */
  let drawn = null;
  let began = L.point(0, 0);
  const radiusKm = (/** @type {PointerEvent} */ event) => map.distance(/** @type {L.LatLng} */ (centre), map.mouseEventToLatLng(event)) / 1000;
  const press = (/** @type {PointerEvent} */ event) => {
    if (event.button || /** @type {HTMLElement} */ (event.target).closest(".leaflet-control")) return;
    event.preventDefault();
    event.stopPropagation();
    centre = map.mouseEventToLatLng(event);
    began = map.mouseEventToContainerPoint(event);
    box.setPointerCapture(event.pointerId);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!centre) return;
    drawn?.remove();
    drawn = ring({ lon: centre.lng, lat: centre.lat, km: Math.max(radiusKm(event), 0.01) }, "cut-ring");
    drawn.addTo(map);
  };
  const release = (/** @type {PointerEvent} */ event) => {
    if (!centre) return;
    const { lng, lat } = centre, km = radiusKm(event);
    const isSlip = began.distanceTo(map.mouseEventToContainerPoint(event)) < LEAST_PX;
    if (isSlip) {
      centre = null;
      drawn?.remove();
      return;
    }
    endMode();
    cutCircle(lng, lat, km);
  };
  const still = (/** @type {Event} */ event) => { event.stopPropagation(); event.preventDefault(); };
  map.dragging.disable();
  box.classList.add("drawing");
  box.addEventListener("pointerdown", press, true);
  box.addEventListener("mousedown", still, true);
  box.addEventListener("pointermove", move);
  box.addEventListener("pointerup", release);
  putDown = () => {
    drawn?.remove();
    map.dragging.enable();
    box.classList.remove("drawing");
    box.removeEventListener("pointerdown", press, true);
    box.removeEventListener("mousedown", still, true);
    box.removeEventListener("pointermove", move);
    box.removeEventListener("pointerup", release);
    // The click that ends it chooses nothing.
    box.addEventListener("click", still, { capture: true, once: true });
    setTimeout(() => box.removeEventListener("click", still, true), 0);
  };
}

// ---------------------------------------------------------------- by numbers

/** @type {Record<string, string>} */
const LABELS = { lon: "page.cut_lon", lat: "page.cut_lat", km: "page.cut_km" };
/** @param {string} name @param {string} value */
const number = (name, value) => h("label", {}, h("span", {}, word(LABELS[name])),
  h("input", { type: "text", inputmode: "decimal", id: `cut-${name}`, value, required: true }));

function makeCircleForm() {
  const { lng, lat } = stage.map.getCenter();
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (document.getElementById(`cut-${name}`));
  const fault = h("p", { class: "warning", role: "alert", hidden: true }, word("page.cut_no_circle"));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const disc = readDisc(["lon", "lat", "km"].map((name) => field(name).value).join(","));
    fault.hidden = disc !== null;
    if (!disc) return;
    endMode();
    cutCircle(disc.lon, disc.lat, disc.km);
  };
  return h("form", { class: "cut-circle", onsubmit: submit, novalidate: true },
    h("p", { class: "hint" }, word("page.cut_draw_hint")),
    h("div", { class: "cut-numbers" }, number("lon", onEarth(lng).toFixed(2)), number("lat", lat.toFixed(2)), number("km", shortNumber(FIRST_KM)),
      h("button", { type: "submit", class: "plain-button" }, word("page.cut_apply"))), fault);
}

const ICON = "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM12 12h8M12 12h.01";

// Returns what begins a circle.
export function startCircles() {
  const tool = addMode({ name: "circle", title: "page.tool_circle", icon: ICON, fill: () => [makeCircleForm()], start: startDrawing, stop: stopDrawing });
  rings.addTo(stage.map);
  onChange((changed) => changed.has("cuts") && drawRings());
  return () => tool.click();
}
