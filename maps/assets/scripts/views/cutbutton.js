// The button of a card that cuts what the card speaks of, and restores it.

import { isCut, findUnits, toggleCut } from "../state/cuts.js";
import { word } from "../state/words.js";
import { h } from "./elements.js";

// None for what this backbone does not have.
/** @param {string} id */
export const cutButton = (id) => (findUnits([id]).length ? h("button", {
  type: "button", class: "plain-button cut-this", "data-cut-this": id, "aria-pressed": String(isCut(id)),
  onclick: () => {
    toggleCut(id);
    /** @type {HTMLElement | null} */ (document.querySelector("#card .cut-this"))?.focus();
  },
}, word(isCut(id) ? "page.cut_restore" : "page.cut_this")) : null);
