// The state in the address of the page, so that a link shows what its sender saw.

import { readLoad } from "../pure/request.js";
import { readWeights } from "../pure/weights.js";
import { criteria, data, findRow } from "./data.js";
import { cutOf, routeOf } from "./lookups.js";
import { LANGUAGES, change, firstState, isPlanned, onChange, plannedWeights, shownAtFirst, state, styles } from "./store.js";

// Only what differs from the first view is written: the plain page has a plain address.
// Weights are written all together, so that a link means the same under other defaults.
function spellState() {
  const parts = new URLSearchParams();
  if (!isPlanned()) criteria.forEach((name) => parts.set(`w.${name}`, String(state.weights[name])));
  if (state.demand !== firstState().demand) parts.set("mw", String(state.demand));
  if (state.site) parts.set("site", state.site);
  if (state.cable) parts.set("cable", state.cable);
  if (state.target !== firstState().target) parts.set("to", String(state.target));
  if (state.cut) parts.set("cut", state.cut);
  if (state.route) parts.set("route", state.route);
  const first = shownAtFirst();
  const shown = [...state.layers].filter((name) => !first.has(name)).sort();
  const hidden = [...first].filter((name) => !state.layers.has(name)).sort();
  if (shown.length) parts.set("show", shown.join(" "));
  if (hidden.length) parts.set("hide", hidden.join(" "));
  if (state.lang !== firstState().lang) parts.set("lang", state.lang);
  return parts.toString();
}

function writeAddress() {
  const wanted = spellState();
  if (location.hash.slice(1) === wanted) return;
  history.replaceState(null, "", wanted ? `#${wanted}` : location.pathname + location.search);
}

const addressed = () => new URLSearchParams(location.hash.slice(1));
export const hasStrangeWeights = () => readWeights(addressed(), plannedWeights()).isStrange;

function readAddress() {
  const parts = addressed();
  const read = { ...firstState(), weights: readWeights(parts, plannedWeights()).weights };
  if (findRow("parks", parts.get("site"))) read.site = parts.get("site");
  else if (findRow("fibre", parts.get("cable"))) read.cable = parts.get("cable");
  const load = readLoad(parts.get("mw") || "");
  if (data.request && load !== null) read.demand = load;
  const target = parts.get("to");
  if (target !== null && data.info.targets.includes(target)) read.target = target;
  if (read.cable) return withLayers(read, parts);
  if (cutOf(read.target, parts.get("cut"))) read.cut = parts.get("cut");
  else if (routeOf(read.target, parts.get("route"))) read.route = parts.get("route");
  return withLayers(read, parts);
}

/** @param {State} read @param {URLSearchParams} parts */
function withLayers(read, parts) {
  const known = new Set(styles.map((style) => style.layer));
  const listed = (/** @type {string} */ key) => (parts.get(key) || "").split(" ").filter((name) => known.has(name));
  listed("show").forEach((name) => read.layers.add(name));
  listed("hide").forEach((name) => read.layers.delete(name));
  const lang = parts.get("lang");
  if (lang !== null && LANGUAGES.includes(lang)) read.lang = lang;
  return read;
}

// To be called before any other listens, so that they find the address as it will stay.
export const keepAddress = () => onChange((_, origin) => origin !== "address" && writeAddress());

export function followAddress() {
  const follow = () => change(readAddress(), { origin: "address" });
  follow();
  window.addEventListener("hashchange", follow);
}
