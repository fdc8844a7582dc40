// The panel: its head, and what of it follows which change.

import { hasStrangeWeights } from "../state/address.js";
import { data, layers, scenarioNames } from "../state/data.js";
import { LANGUAGES, change, onChange, onHover, state } from "../state/store.js";
import { fill, named, say, tagOf, valueWord, word } from "../state/words.js";
import { startBackbone } from "./backbone.js";
import { startCompare } from "./compare.js";
import { startDecision } from "./decision.js";
import { $, h } from "./elements.js";
import { fillLayers, fillSwitches } from "./legend.js";
import { fillHeadline, fillLongest } from "./headline.js";
import { fillFilters, refillCarry, showFilters, startFilters } from "./filterrow.js";
import { startScenarioPick } from "./scenariopick.js";
import { startScenarios } from "./scenariotable.js";
import { fillSections } from "./sections.js";
import { fillChosen, fillRanking, showHovered, startSites } from "./sites.js";
import { startWhereElse } from "./whereelse.js";
import { startNewRoutes } from "./newroutes.js";
import { fillSets, fillWeights, makeWeights } from "./sliders.js";

function fillHead() {
  const { info } = data;
  $("title").textContent = document.title = say(info.title);
  // Where there are others, the control names the scenario.
  const scenario = scenarioNames.length > 1 ? [] : [fill("page.scenario_of", { name: valueWord(info.scenario), year: info.year })];
  $("meta").replaceChildren(...[...scenario, `${word("note.as_of")} ${info.as_of}`].map((text) => h("span", {}, text)));
  const others = LANGUAGES.filter((code) => code !== state.lang);
  $("language").replaceChildren(...others.map((code) =>
    h("button", { type: "button", class: "plain-button", lang: tagOf(code), onclick: () => change({ lang: code }) },
      data.words["page.language"][LANGUAGES.indexOf(code)])));
  const indicative = layers.has("fibre") ? [h("span", {}, word("page.indicative"))] : [];
  const moved = info.generalised_m === null ? [] : [h("span", {}, fill("page.generalised", { m: info.generalised_m }))];
  const notes = [...review(info.review_number), ...indicative, ...moved];
  $("note").replaceChildren(...notes);
  $("note").hidden = notes.length === 0;
}

// What the map says of its review, where the plan asks for that.
/** @param {string | null} number */
function review(number) {
  if (number === null) return [];
  const text = number ? named("note.review_number", number) : word("note.not_reviewed");
  return [h("strong", {}, text)];
}

export function startPanel() {
  makeWeights();
  startFilters();
  startScenarioPick();
  startDecision();
  startWhereElse();
  startNewRoutes();
  startScenarios();
  startSites();
  startCompare();
  onHover(showHovered);
  if (matchMedia("(max-width: 900px)").matches) $("legend").open = false;
  onChange((changed, origin) => {
    if (changed.has("weights")) $("strange-weights").hidden = origin !== "address" || !hasStrangeWeights();
    if (changed.has("lang")) { fillHead(); fillLayers(); }
    if (changed.has("lang") || changed.has("layers")) fillSwitches();
    if (changed.has("lang")) { fillSets(); fillLongest(); }
    if (changed.has("lang") || changed.has("weights")) { fillWeights(); fillHeadline(); }
    if (changed.has("lang")) fillFilters();
    else if (changed.has("demand")) refillCarry();
    else if (changed.has("filters")) showFilters();
    if (changed.has("filters") && state.filters.level && state.filters.level !== data.info.level) $("others-section").open = true;
    if (["lang", "weights", "demand", "filters"].some((name) => changed.has(name))) fillRanking(changed.has("lang"));
    if (changed.has("site")) fillChosen();
    if (changed.has("lang")) fillSections();
  });
  startBackbone();
}
