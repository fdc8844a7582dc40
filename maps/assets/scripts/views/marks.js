// What is marked on the map: the cables that fall in a cut with whom they cut off, or a route.

import { listIds } from "../pure/tables.js";
import { data, findLayer, findRow, indexIn } from "../state/data.js";
import { chosenCut, chosenRoute, cutEffects, isMarked, routeText } from "../state/marked.js";
import { namesOf } from "../state/references.js";
import { onChange } from "../state/store.js";
import { placeName, inTongue, word } from "../state/words.js";
import { $, h } from "./elements.js";
import { boundsOf, makePath } from "./paths.js";
import { findDrawn, isShown, rendererOf, stage } from "./stage.js";
import { clearMarks } from "./toggles.js";
import { lookAt } from "./viewport.js";

const lines = L.layerGroup();
const places = L.layerGroup();

/** @param {string} text @param {string} attribute @param {any[]} styles */
function drawCables(text, attribute, styles) {
  const layer = findLayer("fibre");
  const found = listIds(text).filter((id) => layer.byId.has(id));
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

/** @param {string} text @param {string} className @param {string} attribute */
function drawPlaces(text, className, attribute) {
  const nodes = new Set(listIds(text));
  const parks = findLayer("parks").rows.filter((row) => row.level === data.info.level && nodes.has(row.node_id));
  const spots = [
    ...[...nodes].filter((id) => findRow("nodes", id)).map((id) => ["nodes", id]),
    ...(isShown("parks") ? parks.map((row) => ["parks", row.park_id]) : []),
  ];
  for (const [name, id] of spots) {
    const icon = L.divIcon({ className, html: h("i", {}), iconSize: [18, 18] });
    const marker = L.marker(spotOf(name, id), { pane: "steppe-marks", icon, interactive: false, keyboard: false }).addTo(places);
    marker.getElement()?.setAttribute(attribute, id);
  }
}

export function drawMarks() {
  lines.clearLayers();
  places.clearLayers();
  const cut = chosenCut(), route = chosenRoute();
  if (cut) {
    drawCables(cut.cables, "data-fallen", [
      { pane: "fallen", options: { weight: 5, dashArray: null, className: "fallen-ground" } },
      { pane: "fallen", options: { weight: 2.5, dashArray: "5 4", lineCap: "butt", className: "fallen" } },
    ]);
    drawPlaces(cut.slower, "slowed", "data-slowed");
    drawPlaces(cut.isolated, "cut-off", "data-isolated");
  }
  if (route) drawCables(route.path, "data-on-route", [{ pane: "halo", options: { weight: 9, dashArray: null, className: "chosen-line" } }]);
}

// ---------------------------------------------------------------- in words
/** @param {string} className @param {string} key */
const sign = (className, key) => h("span", { class: "sign" }, h("span", { class: className }, h("i", {})), word(key));

/** @param {Row} row */
const tellCut = (row) => [
  h("strong", {}, inTongue(row, "name")), cutEffects(row).map((text) => h("span", {}, text)),
  h("span", { class: "signs" }, sign("sign-line", "page.fallen"),
    row.n_isolated ? sign("cut-off", "page.isolated") : null, row.n_slower ? sign("slowed", "page.slowed") : null),
];
/** @param {Row} row */
const tellRoute = (row) => [
  h("strong", {}, `${placeName(row.from_id)} → ${placeName(row.to_id)}`),
  h("span", {}, routeText(row)), h("span", {}, namesOf(row.path)),
];

function tell() {
  const cut = chosenCut(), route = chosenRoute();
  const told = cut ? tellCut(cut) : route ? tellRoute(route) : null;
  $("mark").hidden = !told;
  $("mark").classList.toggle("of-route", route !== null);
  $("mark").replaceChildren(...(told ? [h("div", {}, told),
    h("button", { type: "button", class: "close", "aria-label": word("page.close"), title: word("page.close"), onclick: clearMarks }, "×")] : []));
}

/** @param {Origin} origin */
function lookAtMark(origin) {
  const layer = findLayer("fibre");
  const ids = listIds(chosenCut()?.cables ?? chosenRoute()?.path).filter((id) => layer.byId.has(id));
  const bounds = L.latLngBounds(ids.map((id) => boundsOf(layer, indexIn(layer, id))).flatMap((box) => [box.getSouthWest(), box.getNorthEast()]));
  if (bounds.isValid() && !stage.map.getBounds().contains(bounds)) lookAt(bounds, origin);
  // Where the panel lies under the map, the map may be out of sight.
  if (origin === "list" && matchMedia("(max-width: 760px)").matches) $("legend").parentElement?.scrollIntoView({ block: "start" });
}

export function startMarks() {
  lines.addTo(stage.map);
  places.addTo(stage.map);
  onChange((changed, origin) => {
    const turned = ["cut", "route", "target"].some((name) => changed.has(name));
    if (!turned && !changed.has("lang")) return;
    tell();
    if (!turned) return;
    drawMarks();
    if (isMarked()) queueMicrotask(() => lookAtMark(origin));
  });
}
