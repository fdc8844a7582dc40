// The page starts: everybody listens, then the address says what is chosen.

import { csvText } from "./pure/csv.js";
import { geodesicKm } from "./pure/geodesic.js";
import { pickRule } from "./pure/rules.js";
import { weightedScore, wholePercents } from "./pure/scoring.js";
import { followAddress, keepAddress } from "./state/address.js";
import { cutChanges, cutOutcome, keepCuts, routesLeft } from "./state/cuts.js";
import { data, findLayer, layers } from "./state/data.js";
import { siteTotals } from "./state/ranking.js";
import { change, onChange, plannedWeights, state } from "./state/store.js";
import { ofHundred, tagOf, word } from "./state/words.js";
import { startCards } from "./views/cards.js";
import { startCutDesk } from "./views/cutdesk.js";
import { startDownloads } from "./views/downloads.js";
import { $, findAll, openSection, unfoldAll } from "./views/elements.js";
import { startFeatures } from "./views/features.js";
import { startMap } from "./views/map.js";
import { startMarks } from "./views/marks.js";
import { startMeasuring } from "./views/measuring.js";
import { startOpacity } from "./views/opacity.js";
import { startPanel } from "./views/panel.js";
import { boundsOf, shiftOnMap } from "./views/paths.js";
import { startPin } from "./views/pin.js";
import { startNoting, startRefocusing } from "./views/refocus.js";
import { startSearch } from "./views/searchbox.js";
import { startPrinting } from "./views/printing.js";
import { startSharing } from "./views/sharing.js";
import { stage } from "./views/stage.js";
import { startTools } from "./views/tools.js";
import { startTheme } from "./views/theme.js";

function speak() {
  document.documentElement.lang = tagOf(state.lang);
  for (const element of findAll("[data-word]")) {
    element.textContent = word(element.dataset.word ?? "");
  }
  for (const element of findAll("[data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label ?? ""));
  }
}

// Past the map by keyboard; the address is kept for what is chosen.
/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  $("panel").focus();
}

/** @param {string} mapId */
function start(mapId) {
  startNoting();
  keepAddress();
  keepCuts();
  startFeatures();
  onChange((changed) => changed.has("lang") && speak());
  startSearch();
  $("skip").addEventListener("click", skip);
  startTheme();
  startPanel();
  startMap(mapId);
  startOpacity();
  startMarks();
  startCutDesk();
  startPin();
  startTools();
  startMeasuring();
  startSharing();
  startDownloads();
  startPrinting();
  startCards();
  startRefocusing();
  followAddress();
}

// The rules picked, by layer: what a test holds against Python's own.
const picks = () =>
  Object.fromEntries([...layers].map(([name, layer]) => [name, layer.rules.map((rule) => rule.id)]));

// What the page's last line starts, and what its console and its tests may ask of it.
window.steppe = Object.freeze({
  start, state, change, data, openSection, unfoldAll, picks, planned: plannedWeights,
  get map() { return stage.map; },
  layer: findLayer, boundsOf, totals: siteTotals, cutChanges, cutOutcome, routesLeft,
  pick: pickRule, score: weightedScore, shares: wholePercents, shiftLine: shiftOnMap, ofHundred, geodesicKm, csvText,
});
