// How opaque each grid is drawn, percent: as its style has it, or as was chosen on the page.

import { readFades, spellFades } from "../pure/fades.js";
import { keepInAddress } from "./address.js";
import { data } from "./data.js";
import { state } from "./store.js";

/** @param {Style} style */
const styled = (style) => Math.round(100 * style.opacity);

/** @param {Style} style */
export const opacityOf = (style) => state.fades[style.layer] ?? styled(style);

// The choices with one more; what is as the style has it is none.
/** @param {Style} style @param {number} percent */
export function fadeTo(style, percent) {
  const fades = { ...state.fades, [style.layer]: percent };
  if (percent === styled(style)) delete fades[style.layer];
  return { fades };
}

keepInAddress("opacity", ({ fades }) => spellFades(fades) || null, (text, read) => {
  read.fades = readFades(text, data.rasters.map(({ style }) => style.layer));
}, "gesture");
