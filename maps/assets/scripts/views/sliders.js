// The weights of the criteria, each on a slider, and the sets of them that bear a name.

import { criteria, data } from "../state/data.js";
import { weightShares } from "../state/ranking.js";
import { change, isPlanned, plannedWeights, state } from "../state/store.js";
import { OWN_SET, chosenSet, weightSets } from "../state/weightsets.js";
import { criterionTitle, fill, word } from "../state/words.js";
import { criterionColour } from "./criteria.js";
import { $, h } from "./elements.js";

/** @type {Record<string, string>} */
const SET_TITLES = { plan: "page.set_plan", scenario: "page.set_scenario", equal: "page.set_equal" };
const STEPS = 100; // of a slider from 0 to 1
const sliders = new Map();

export function makeWeights() {
  for (const { name } of data.info.criteria) {
    const input = h("input", {
      type: "range", min: "0", max: String(STEPS), step: "1", id: `weight-${criteria.indexOf(name)}`, "data-criterion": name,
      style: { "--tone": criterionColour(name) },
      oninput: () => change({ weights: { ...state.weights, [name]: Number(input.value) / STEPS } }),
    });
    const title = h("label", { for: input.id });
    const share = h("output", { for: input.id, class: "share" });
    sliders.set(name, { input, title, share });
    $("weights").append(h("div", { class: "weight" },
      h("span", { class: "chip", style: { background: criterionColour(name) } }), title, input, share));
  }
  // The weights alone: what is chosen, shown and read stays.
  $("reset").addEventListener("click", () => change({ weights: plannedWeights() }));
  $("weight-set").addEventListener("change", () => {
    const set = weightSets().find(({ key }) => key === $("weight-set").value);
    if (set) change({ weights: { ...set.weights } });
  });
}

/** @param {WeightSet} set */
const setTitle = ({ key, criterion }) =>
  (criterion === null ? word(SET_TITLES[key]) : fill("page.set_alone", { criterion: criterionTitle(criterion) }));

export function fillSets() {
  $("weight-set").replaceChildren(...weightSets().map((set) => h("option", { value: set.key }, setTitle(set))),
    h("option", { value: OWN_SET, hidden: true }, word("page.set_own")));
}

export function fillWeights() {
  const { weights } = state;
  const shares = weightShares(weights);
  for (const [name, { input, title, share }] of sliders) {
    const wanted = String(Math.min(STEPS, Math.round(weights[name] * STEPS)));
    if (input.value !== wanted) input.value = wanted;
    input.style.setProperty("--fill", `${wanted}%`);
    title.textContent = criterionTitle(name);
    share.textContent = shares[name];
    input.setAttribute("aria-valuetext", share.textContent);
  }
  $("weight-set").value = chosenSet();
  /** @type {HTMLButtonElement} */ ($("reset")).disabled = isPlanned();
}
