// How opaque a grid is drawn: a slider in its row of the legend.

import { data } from "../state/data.js";
import { fadeTo, opacityOf } from "../state/fading.js";
import { change, onChange } from "../state/store.js";
import { fill, say, word } from "../state/words.js";
import { h } from "./elements.js";
import { findDrawn } from "./stage.js";

const sliders = new Map();

/** @param {Style} style */
export function opacitySlider(style) {
  const input = h("input", {
    type: "range", min: "0", max: "100", step: "5", "data-opacity": style.layer,
    "aria-label": fill("page.opacity_of", { name: say(style.title) }),
    oninput: () => change(fadeTo(style, Number(input.value))),
  });
  const told = h("output", {});
  sliders.set(style.layer, { input, told });
  showOpacity(style);
  return h("div", { class: "opacity" }, h("span", {}, word("page.opacity")), input, told);
}

/** @param {Style} style */
function showOpacity(style) {
  const percent = opacityOf(style);
  const { input, told } = sliders.get(style.layer);
  input.value = String(percent);
  told.textContent = `${percent} %`;
  const drawn = findDrawn(style.layer);
  if (drawn) /** @type {any} */ (drawn.group).setOpacity(percent / 100);
}

export function startOpacity() {
  onChange((changed) => { if (changed.has("fades")) data.rasters.forEach(({ style }) => showOpacity(style)); });
}
