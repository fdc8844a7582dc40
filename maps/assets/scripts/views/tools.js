// The toolbar on the map.  One stop of the Tab key, arrows walk through it, as the ARIA Authoring Practices
// Guide has it; of the tools that work on, one is at work at a time.

import { onChange } from "../state/store.js";
import { word } from "../state/words.js";
import { $, findAll, h, svg } from "./elements.js";
import { clicks, stage } from "./stage.js";

/** @type {Map<HTMLElement, string>} */
const titles = new Map();
/** @type { { mode: Mode, button: HTMLElement } | null} */
let atWork = null;

/** @param {Tool} tool */
function makeButton({ name, title, icon, press }) {
  const button = h("button", { type: "button", class: "tool", "data-tool": name, tabindex: titles.size ? "-1" : "0", onclick: press },
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: icon })));
  titles.set(button, title);
  $("toolbar").append(button);
  $("tools").hidden = false;
  return button;
}

// Adds a tool that does its work at once.
/** @param {Tool} tool */
export const addTool = (tool) => makeButton(tool);

// Adds a tool that is switched on and off.
/** @param {Mode} mode */
export function addMode(mode) {
  const { name, title, icon } = mode;
  const press = () => {
    const was = atWork?.mode;
    endMode();
    if (was !== mode) startMode(mode, button);
  };
  const button = makeButton({ name, title, icon, press });
  button.setAttribute("aria-pressed", "false");
  return button;
}

/** @param {Mode} mode @param {HTMLElement} button */
function startMode(mode, button) {
  atWork = { mode, button };
  button.setAttribute("aria-pressed", "true");
  clicks.take = mode.take ?? null;
  stage.map.getContainer().classList.toggle("taking", Boolean(mode.take));
  mode.start?.();
  fillPanel();
}

export function endMode() {
  if (!atWork) return;
  const { mode, button } = atWork;
  atWork = null;
  clicks.take = null;
  stage.map.getContainer().classList.remove("taking");
  button.setAttribute("aria-pressed", "false");
  if ($("tool-panel").contains(document.activeElement)) button.focus();
  mode.stop?.();
  fillPanel();
}

// Writes the panel of the tool that is at work again.
export function fillPanel() {
  const focused = document.activeElement?.id;
  $("tool-panel").hidden = !atWork;
  $("tool-panel").replaceChildren(...(atWork ? [
    h("div", { class: "tool-head" }, h("strong", {}, word(atWork.mode.title)),
      h("button", { type: "button", class: "close", title: word("page.close"), "aria-label": word("page.close"), onclick: endMode }, "×")),
    h("div", { class: "tool-body" }, atWork.mode.fill())] : []));
  if (focused) document.getElementById(focused)?.focus();
}

/** @type {number | undefined} */
let passing;
const NEWS_MS = 4000;
// Says in one line what a tool did.
/** @param {string} text */
export function tellNews(text) {
  clearTimeout(passing);
  $("tool-news").textContent = text;
  passing = setTimeout(() => { $("tool-news").textContent = ""; }, NEWS_MS);
}

/** @param {KeyboardEvent} event */
function walk(event) {
  const buttons = findAll("button", $("toolbar"));
  const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const wanted = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (wanted === undefined || at < 0) return;
  event.preventDefault();
  const next = buttons[(wanted + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

export function startTools() {
  L.DomEvent.disableClickPropagation($("tools"));
  $("toolbar").addEventListener("keydown", walk);
  // Before the card hears of it: Esc ends one thing at a time.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !atWork) return;
    event.stopPropagation();
    endMode();
  }, { capture: true });
  onChange((changed) => {
    if (!changed.has("lang")) return;
    for (const [button, title] of titles) {
      button.title = word(title);
      button.setAttribute("aria-label", button.title);
    }
    if (atWork) fillPanel();
  });
}
