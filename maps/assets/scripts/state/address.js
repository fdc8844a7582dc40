// The state in the address of the page, so that a link shows what its sender saw and the browser's
// Back leads to what stood there before.

import { paceOf, readFeature, readParts, readSpot, readView, spellParts } from "../pure/addresses.js";
import { joinUnits, splitUnits } from "../pure/cutunits.js";
import { readLoad } from "../pure/request.js";
import { readWeights } from "../pure/weights.js";
import { findUnits } from "./cuts.js";
import { BASE, criteria, data, existsIn, scenarioNames } from "./data.js";
import { routeOf } from "./lookups.js";
import { LANGUAGES, change, firstState, isPlanned, onChange, plannedWeights, shownAtFirst, state, styles } from "./store.js";

// What one moves without letting go for so long is one gesture, and one step of the history.
const GESTURE_MS = 1000;
// Browsers count how often a page writes its address; a gesture writes when it rests.
const REST_MS = 250;

/** @type {AddressPart[]} */
const parts = [];

// Keeps a part of the state in the address.  `write` gives its text, or null where it is as on the
// plain page; `read` takes it from any text into the state that is being read, or leaves that alone.
// Parts are read in the order in which they were given: later ones find the earlier ones read.
/** @param {string} key @param {AddressPart["write"]} write @param {AddressPart["read"]} read @param {Pace} [pace] */
export const keepInAddress = (key, write, read, pace = "step") => parts.push({ key, write, read, pace });

// ---------------------------------------------------------------- the parts of every page

// Weights and load are as the plan has them in the scenario, which is read before all else.
keepInAddress("scenario", ({ scenario }) => (scenario === BASE ? null : scenario), () => {});
keepInAddress("difference", ({ difference }) => (difference ? null : "off"), (text, read) => { read.difference = text !== "off"; });
// Weights are written all together, so that a link means the same under other defaults; they are
// read together too.
for (const name of criteria) {
  keepInAddress(`w.${name}`, (shown) => (isPlanned() ? null : String(shown.weights[name])), () => {}, "gesture");
}
keepInAddress("mw", ({ demand, scenario }) => (demand === firstState(scenario).demand ? null : String(demand)), (text, read) => {
  const load = readLoad(text);
  if (read.demand !== null && load !== null) read.demand = load;
}, "gesture");
keepInAddress("site", ({ site }) => site, (text, read) => { if (existsIn(read.scenario, "parks", text)) read.site = text; });
keepInAddress("cable", ({ cable }) => cable, (text, read) => {
  if (!read.site && existsIn(read.scenario, "fibre", text)) read.cable = text;
});
keepInAddress("feature", ({ feature }) => feature && `${feature.layer}:${feature.id}`, (text, read) => {
  const feature = readFeature(text);
  if (feature && !read.site && !read.cable && existsIn(read.scenario, feature.layer, feature.id)) read.feature = feature;
});
keepInAddress("to", ({ target }) => (target === firstState().target ? null : target), (text, read) => {
  if (data.info.targets.includes(text)) read.target = text;
});
keepInAddress("cut", ({ cuts }) => joinUnits(cuts), (text, read) => { read.cuts = findUnits(splitUnits(text), read.scenario); });
keepInAddress("route", ({ route }) => route, (text, read) => {
  if (!read.cable && read.scenario === BASE && routeOf(read.target, text)) read.route = text;
});

const listed = (/** @type {string} */ text) =>
  text.split(" ").filter((name) => styles.some((style) => style.layer === name));
/** @param {Iterable<string>} names @param {Set<string>} others */
const without = (names, others) => [...names].filter((name) => !others.has(name)).sort().join(" ");
keepInAddress("show", ({ layers }) => without(layers, shownAtFirst()), (text, read) => {
  read.layers = new Set([...read.layers, ...listed(text)]);
});
keepInAddress("hide", ({ layers }) => without(shownAtFirst(), layers), (text, read) => {
  read.layers = new Set([...read.layers].filter((name) => !listed(text).includes(name)));
});
keepInAddress("lang", ({ lang }) => (lang === firstState().lang ? null : lang), (text, read) => {
  if (LANGUAGES.includes(text)) read.lang = text;
});
keepInAddress("pin", ({ pin }) => pin && pin.map((degrees) => Number(degrees.toFixed(6))).join(","), (text, read) => { read.pin = readSpot(text); });
keepInAddress("theme", ({ theme }) => (theme === firstState().theme ? null : theme), (text, read) => {
  if (text === "light" || text === "dark") read.theme = text;
}, "quiet");
keepInAddress("at", ({ at }) => at && at.join(","), (text, read) => { read.at = readView(text); }, "quiet");

// ---------------------------------------------------------------- reading

const addressed = () => new URLSearchParams(location.hash.slice(1));
export const hasStrangeWeights = () => readWeights(addressed(), plannedWeights()).isStrange;

function readAddress() {
  const said = addressed();
  const scenario = scenarioNames.find((name) => name === said.get("scenario")) ?? BASE;
  const { weights } = readWeights(said, plannedWeights(scenario));
  return readParts(parts, said, { ...firstState(scenario), weights });
}

// ---------------------------------------------------------------- writing

/** @type {Map<string, string>} */
let spelled = new Map();
/** @type {number | undefined} */
let resting;
let gestureEnds = -Infinity;

/** @param {Map<string, string>} said */
function addressOf(said) {
  const text = new URLSearchParams([...said]).toString();
  return text ? `#${text}` : location.pathname + location.search;
}

// Writes what a gesture left to be written.
export function settleAddress() {
  if (resting === undefined) return;
  clearTimeout(resting);
  resting = undefined;
  history.replaceState(null, "", addressOf(spelled));
}

function writeAddress() {
  const before = spelled;
  const now = spellParts(parts, state);
  const pace = paceOf(parts, before, now);
  if (pace === null) return;
  const isNew = pace === "step" || (pace === "gesture" && performance.now() > gestureEnds);
  if (isNew) settleAddress();
  spelled = now;
  if (pace === "step") gestureEnds = -Infinity;
  if (pace === "gesture") gestureEnds = performance.now() + GESTURE_MS;
  if (isNew) history.pushState(null, "", addressOf(now));
  else {
    clearTimeout(resting);
    resting = setTimeout(settleAddress, REST_MS);
  }
}

// To be called before any other listens, so that they find the address as it will stay.
export const keepAddress = () => onChange((_, origin) => {
  if (origin === "address") spelled = spellParts(parts, state);
  else writeAddress();
});

export function followAddress() {
  const follow = () => {
    clearTimeout(resting);
    resting = undefined;
    gestureEnds = -Infinity;
    change(readAddress(), { origin: "address" });
  };
  follow();
  window.addEventListener("hashchange", follow);
  window.addEventListener("pagehide", settleAddress);
}
