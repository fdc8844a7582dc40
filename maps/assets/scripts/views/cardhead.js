// The head of a card, and the way back to where it was opened from.

import { change } from "../state/store.js";
import { word } from "../state/words.js";
import { $, focused, h } from "./elements.js";
import { placeOf } from "./refocus.js";

const nowhere = () => null;
/** @type {() => HTMLElement | null} */
let cameFrom = nowhere;
// A card that was opened from a card leads back to where that one came from.
export function rememberFocus() {
  const from = focused();
  if (from !== document.body && !$("card").contains(from)) cameFrom = placeOf(from);
}

export function closeCard() {
  change({ site: null, cable: null });
  cameFrom()?.focus();
  cameFrom = nowhere;
}

/** @param {string} text @param {string} [kind] */
export const tag = (text, kind) => h("span", { class: `tag ${kind || ""}` }, text);

/** @param {string} name @param {Child[]} tags */
export function cardHead(name, tags) {
  return h("header", { class: "card-head" },
    h("div", {}, h("h2", { tabindex: "-1" }, name),
      h("p", { class: "tags" }, tags)),
    h("button", { type: "button", class: "close", "aria-label": word("page.close"), title: word("page.close"), onclick: closeCard }, "×"));
}
