// Light or dark: as the reader's system has it, until one is chosen; paper is always light.

import { change, onChange, state } from "../state/store.js";
import { word } from "../state/words.js";
import { $, h } from "./elements.js";

const NEXT = /** @type {const} */ ({ auto: "light", light: "dark", dark: "auto" });
const WORDS = { auto: "page.theme_auto", light: "page.theme_light", dark: "page.theme_dark" };
const system = matchMedia("(prefers-color-scheme: dark)");

export const isDark = () => document.documentElement.dataset.theme === "dark";

// Fill and stroke of a symbol on the ground as it is.
/** @param {Sign} symbol */
export const coloursOf = (symbol) => (isDark() ? symbol.dark : [symbol.fill, symbol.stroke]);

function showTheme() {
  const dark = state.theme === "dark" || (state.theme === "auto" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

const button = h("button", { type: "button", class: "plain-button", onclick: () => change({ theme: NEXT[state.theme] }) });

function nameButton() {
  button.dataset.theme = state.theme;
  button.textContent = word(WORDS[state.theme]);
  button.title = word("page.theme");
  button.setAttribute("aria-label", `${word("page.theme")}: ${button.textContent}`);
}

/** @param {Theme} theme */
const showOnly = (theme) => change({ theme }, { origin: "address" });

// To be called before the map starts: what is drawn first has the right colours already.
export function startTheme() {
  $("theme").replaceChildren(button);
  onChange((changed) => {
    if (changed.has("theme")) showTheme();
    if (changed.has("theme") || changed.has("lang")) nameButton();
  });
  system.addEventListener("change", () => showOnly(state.theme));
  let before = state.theme;
  window.addEventListener("beforeprint", () => {
    before = state.theme;
    if (isDark()) showOnly("light");
  });
  window.addEventListener("afterprint", () => before !== state.theme && showOnly(before));
}
