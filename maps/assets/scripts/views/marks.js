// What is marked on the map: the cables that fall with whom they cut off or slow down, and a route.

import { listIds } from "../pure/tables.js";
import { findLayer, findRow, indexIn } from "../state/data.js";
import { cutChanges, cutOutcome } from "../state/cuts.js";
import { cutSummary, isRankedPark, unitName } from "../state/cutwords.js";
import { chosenRoute, isMarked, routeText } from "../state/marked.js";
import { namesOf } from "../state/references.js";
import { change, onChange, state } from "../state/store.js";
import { placeName, word } from "../state/words.js";
import { $, h } from "./elements.js";
import { boundsOf, makePath } from "./paths.js";
import { findDrawn, isShown, rendererOf, stage } from "./stage.js";
import { clearRoute } from "./toggles.js";
import { lookAt } from "./viewport.js";

const lines = L.layerGroup();
const places = L.layerGroup();

/** @param {string[]} ids @param {string} attribute @param {any[]} styles */
function drawCables(ids, attribute, styles) {
  const layer = findLayer("fibre");
  const found = ids.filter((id) => layer.byId.has(id));
  styles.forEach((style, k) => found.forEach((id) => {
    const pane = `steppe-${style.pane}`;
    const options = { pane, renderer: rendererOf(pane), interactive: false, opacity: 1, ...style.options };
    const path = makePath(layer, indexIn(layer, id), options).addTo(lines);
    if (k === styles.length - 1) path.getElement().setAttribute(attribute, id);
  }));
}

// Where a feature stands on the map; parks make room for one another.
/** @param {string} name @param {string} id */
function spotOf(name, id) {
  const layer = findLayer(name);
  const i = indexIn(layer, id);
  if (name === "parks" && isShown(name)) return findDrawn(name).members.get(i).getLatLng();
  return L.latLng(layer.shapes[i][1], layer.shapes[i][0]);
}

/** @param {Change[]} changes @param {string} className @param {string} attribute */
function drawPlaces(changes, className, attribute) {
  for (const { id } of changes) {
    const name = findRow("nodes", id) ? "nodes" : "parks";
    if (name === "parks" && !(isShown("parks") && isRankedPark(id))) continue;
    const icon = L.divIcon({ className, html: h("i", {}), iconSize: [18, 18] });
    const marker = L.marker(spotOf(name, id), { pane: "steppe-marks", icon, interactive: false, keyboard: false }).addTo(places);
    marker.getElement()?.setAttribute(attribute, id);
  }
}

const fallenIds = () => {
  const outcome = cutOutcome();
  return outcome ? outcome.graph.cables.filter((_, cable) => outcome.fallen[cable]) : [];
};

export function drawMarks() {
  lines.clearLayers();
  places.clearLayers();
  const route = chosenRoute();
  if (state.cuts.length) {
    const changes = cutChanges(state.target);
    drawCables(fallenIds(), "data-fallen", [
      { pane: "fallen", options: { weight: 5, dashArray: null, className: "fallen-ground" } },
      { pane: "fallen", options: { weight: 2.5, dashArray: "5 4", lineCap: "butt", className: "fallen" } },
    ]);
    drawPlaces(changes.filter((one) => !one.isCutOff), "slowed", "data-slowed");
    drawPlaces(changes.filter((one) => one.isCutOff), "cut-off", "data-isolated");
  }
  if (route) drawCables(listIds(route.path), "data-on-route", [{ pane: "halo", options: { weight: 9, dashArray: null, className: "chosen-line" } }]);
}

// ---------------------------------------------------------------- in words
/** @param {string} className @param {string} key */
const sign = (className, key) => h("span", { class: "sign" }, h("span", { class: className }, h("i", {})), word(key));

function tellCut() {
  const changes = cutChanges(state.target);
  return [
    h("strong", {}, state.cuts.map(unitName).join(" + ")), cutSummary().map((text) => h("span", {}, text)),
    h("span", { class: "signs" }, sign("sign-line", "page.fallen"),
      changes.some((one) => one.isCutOff) ? sign("cut-off", "page.isolated") : null,
      changes.some((one) => !one.isCutOff) ? sign("slowed", "page.slowed") : null),
  ];
}
/** @param {Row} row */
const tellRoute = (row) => [
  h("strong", {}, `${placeName(row.from_id)} → ${placeName(row.to_id)}`),
  h("span", {}, routeText(row)), h("span", {}, namesOf(row.path)),
];

// A route stands before the cut that it is looked at under.
function tell() {
  const route = chosenRoute(), isCut = state.cuts.length > 0;
  const told = route ? tellRoute(route) : isCut ? tellCut() : null;
  $("mark").hidden = !told;
  $("mark").classList.toggle("of-route", route !== null);
  const [key, close] = route ? ["page.close", clearRoute] : ["page.cut_reset", () => change({ cuts: [] })];
  $("mark").replaceChildren(...(told ? [h("div", {}, told),
    h("button", { type: "button", class: "close", "aria-label": word(key), title: word(key), onclick: close }, "×")] : []));
}

/** @param {Origin} origin */
function lookAtMark(origin) {
  const layer = findLayer("fibre");
  const route = chosenRoute();
  const ids = (route ? listIds(route.path) : fallenIds()).filter((id) => layer.byId.has(id));
  const bounds = L.latLngBounds(ids.map((id) => boundsOf(layer, indexIn(layer, id))).flatMap((box) => [box.getSouthWest(), box.getNorthEast()]));
  if (bounds.isValid() && !stage.map.getBounds().contains(bounds)) lookAt(bounds, origin);
  // Where the panel lies under the map, the map may be out of sight.
  if (origin === "list" && matchMedia("(max-width: 760px)").matches) $("legend").parentElement?.scrollIntoView({ block: "start" });
}

export function startMarks() {
  lines.addTo(stage.map);
  places.addTo(stage.map);
  onChange((changed, origin) => {
    const turned = ["cuts", "route", "target"].some((name) => changed.has(name));
    if (!turned && !changed.has("lang")) return;
    tell();
    if (!turned) return;
    drawMarks();
    if (isMarked() && (origin === "list" || origin === "address")) queueMicrotask(() => lookAtMark(origin));
  });
}
