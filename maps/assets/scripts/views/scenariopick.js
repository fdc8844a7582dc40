// The scenario that the page shows: chosen in one line at the head of the panel, and told in words.

import { joined } from "../pure/directions.js";
import { compareCables } from "../pure/scenarios.js";
import { BASE, base, changesIn, data, scenarioNames, variantNamed } from "../state/data.js";
import { ranking, rankShift } from "../state/ranking.js";
import { change, onChange, state } from "../state/store.js";
import { fill, inTongue, word } from "../state/words.js";
import { $, h } from "./elements.js";
import { changeList, nameAtFirst, scenarioNamed } from "./scenariotable.js";

/** @type {HTMLSelectElement} */
let select;
/** @type {HTMLInputElement} */
let box;

// How a cable differs, as a sign.
export const SIGNS = /** @type {const} */ ({ built: "+", gone: "×", changed: "~" });
// The cables that are new, gone or of another status in the scenario that is shown.
export const movedCables = () => compareCables(base.counted, data.counted, changesIn(state.scenario).rows);

/** @param {string} name */
function optionText(name) {
  const title = inTongue(scenarioNamed(name), "title") ?? name;
  const year = String(variantNamed(name)?.year ?? base.info.year);
  return title.includes(year) ? title : fill("page.scenario_titled", { title, year });
}

const LINES = { built: "page.scenario_built", gone: "page.scenario_gone", changed: "page.scenario_changed" };

/** @param {keyof typeof SIGNS} key @param {string[]} ids */
const cableLine = (key, ids) => (ids.length
  ? h("p", { class: "scenario-cables", "data-cables": key }, h("span", { class: `difference-key ${key}`, "aria-hidden": "true" }, SIGNS[key]),
    fill(LINES[key], { n: ids.length, names: joined(ids.map((id) => nameAtFirst("fibre", id)), word("page.comma")) })) : null);

function fillWords() {
  const isBase = state.scenario === BASE;
  const scenario = scenarioNamed(state.scenario);
  const { built, gone, changed } = movedCables();
  const shifts = ranking().ranked.filter((row) => rankShift(row) !== 0).length;
  $("scenario-words").hidden = isBase;
  $("scenario-words").replaceChildren(...(isBase ? [] : [
    h("summary", {}, fill("page.scenario_news", { cables: built.length + gone.length + changed.length, parks: shifts })),
    h("p", { class: "hint" }, inTongue(scenario, "why")),
    cableLine("built", built), cableLine("gone", gone), cableLine("changed", changed),
    changeList(scenario),
  ].filter((part) => part !== null)));
}

function fillPick() {
  select.replaceChildren(...scenarioNames.map((name) => h("option", { value: name }, optionText(name))));
  select.value = state.scenario;
  select.title = select.selectedOptions[0].textContent ?? "";
  box.checked = state.difference;
  $("scenario-difference").hidden = state.scenario === BASE;
}

export function startScenarioPick() {
  $("scenario-section").hidden = scenarioNames.length < 2;
  select = h("select", { id: "scenario", onchange: () => change({ scenario: select.value }) });
  box = h("input", { type: "checkbox", id: "difference", onchange: () => change({ difference: box.checked }) });
  $("scenario-line").append(select);
  $("scenario-difference").prepend(box);
  onChange((changed) => {
    if (scenarioNames.length < 2) return;
    if (["lang", "scenario", "difference"].some((name) => changed.has(name))) fillPick();
    if (["lang", "scenario", "weights"].some((name) => changed.has(name))) fillWords();
  });
}
