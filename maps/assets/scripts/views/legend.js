// The layers with their legend, each to be switched on and off.

import { data, layers } from "../state/data.js";
import { change, graticule, state } from "../state/store.js";
import { fill, say, word } from "../state/words.js";
import { $, h } from "./elements.js";
import { opacitySlider } from "./opacity.js";
import { swatch } from "./paths.js";

const switches = new Map();
// Groups of layers that the reader has folded.
/** @type {Set<string>} */
const foldedGroups = new Set();

/** @param {Style} style @param {Child} body */
function layerSwitch(style, body) {
  const input = h("input", {
    type: "checkbox", "data-layer": style.layer,
    onchange: () => {
      const shown = new Set(state.layers);
      if (input.checked) shown.add(style.layer);
      else shown.delete(style.layer);
      change({ layers: shown });
    },
  });
  const legend = h("div", { class: "legend-body" }, body);
  switches.set(style.layer, { input, legend });
  return h("div", { class: "legend-layer" }, h("label", {}, input, h("span", {}, say(style.title))), legend);
}

/** @param {Layer} layer */
function ruleRows({ style, rules }) {
  return style.rules.filter((rule) => rules.includes(rule)).map((rule) =>
    h("div", { class: "legend-rule" }, swatch(style.geometry, rule.symbol), h("span", {}, say(rule.label))));
}

/** @param {Raster} raster */
function ramp({ style }) {
  const from = style.stops[0].value;
  const span = style.stops[style.stops.length - 1].value - from;
  const at = (/** @type {Stop} */ stop) => `${(100 * (stop.value - from)) / span}%`;
  const colours = style.stops.map((stop) => `${stop.colour} ${at(stop)}`).join(", ");
  const ends = [style.stops[0], style.stops[style.stops.length - 1]];
  return [h("div", { class: "ramp", style: { background: `linear-gradient(to right, ${colours})` } }),
    h("div", { class: "ramp-ends" }, ends.map((stop) => h("span", {}, stop.label)))];
}

// What a user must know of a layer beside its symbols.
/** @param {Layer} layer */
function hintOf(layer) {
  if (layer.name === "parks") return h("p", { class: "hint" }, word("page.marker_hint"));
  if (layer.name === "fibre") return h("p", { class: "hint" }, word("page.indicative"));
  return layer.left_out ? h("p", { class: "hint" }, fill("page.near_parks", { km: layer.near_km, n: layer.left_out })) : "";
}

export function fillLayers() {
  const groups = new Map();
  for (const layer of layers.values()) {
    if (!layer.rows.length) continue;
    const group = groups.get(layer.style.group) || [];
    groups.set(layer.style.group, [...group, layerSwitch(layer.style, [...ruleRows(layer), hintOf(layer)])]);
  }
  for (const raster of data.rasters) {
    const group = groups.get(raster.style.group) || [];
    groups.set(raster.style.group, [...group, layerSwitch(raster.style, [...ramp(raster), opacitySlider(raster.style)])]);
  }
  groups.set(graticule.group, [...(groups.get(graticule.group) || []), layerSwitch(graticule, "")]);
  $("layers").replaceChildren(...[...groups].map(([name, entries]) => {
    const group = h("details", {
      class: "legend-group", "data-group": name, open: !foldedGroups.has(name),
      ontoggle: () => { if (group.open) foldedGroups.delete(name); else foldedGroups.add(name); },
    }, h("summary", {}, word(`group.${name}`)), entries);
    return group;
  }));
}

export function fillSwitches() {
  for (const [name, { input, legend }] of switches) {
    input.checked = state.layers.has(name);
    legend.hidden = !input.checked;
  }
}
