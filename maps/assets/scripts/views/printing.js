// What is seen, on one sheet of paper, and the page afterwards as it was.

import { joined } from "../pure/directions.js";
import { word } from "../state/words.js";
import { $, findAll, h } from "./elements.js";
import { scenarioLine } from "./scenariotable.js";
import { addMode, endMode } from "./tools.js";
import { holdView } from "./viewport.js";

const PRINTER = "M7 8V3h10v5M7 17H4V9.500h16V17h-3M7 13.500h10V21H7z";
const SHEETS = ["A4", "A3"];

let sheet = SHEETS[0];
let withPanel = false;
/** @type {(() => void) | null} */
let undo = null;
const size = h("style");

// The class of a body that is printed says how large the sheet is; its size goes to the browser alone.
function prepare() {
  if (undo) return;
  const legend = $("legend");
  // What is folded has its place on paper, too.
  const folds = /** @type {HTMLDetailsElement[]} */ ([legend, ...findAll(".legend-group")]).filter((one) => !one.open);
  const tops = [$("panel"), $("card")].map((one) => /** @type {const} */ ([one, one.scrollTop]));
  const release = holdView();
  const classes = ["printing", `sheet-${sheet.toLowerCase()}`, ...(withPanel ? ["with-panel"] : [])];
  size.textContent = `@page { size: ${sheet} landscape; margin: 10mm; }`;
  $("paper-title").textContent = $("title").textContent;
  $("paper-meta").textContent = joined([...[...$("meta").children].map((one) => one.textContent), scenarioLine()]);
  for (const one of folds) one.open = true;
  document.body.classList.add(...classes);
  release.fit();
  undo = () => {
    document.body.classList.remove(...classes);
    for (const one of folds) one.open = false;
    release.restore();
    for (const [one, top] of tops) one.scrollTop = top;
    undo = null;
  };
}

/** @param {string} name */
const sheetChoice = (name) => h("label", { class: "choice" },
  h("input", { type: "radio", name: "sheet", value: name, checked: name === sheet, onchange: () => { sheet = name; } }), name);

function fillChoices() {
  const wish = h("input", { type: "checkbox", id: "print-panel", checked: withPanel, onchange: () => { withPanel = wish.checked; } });
  return [
    h("fieldset", { class: "choices" }, h("legend", {}, word("page.print_sheet")), SHEETS.map(sheetChoice)),
    h("label", { class: "choice" }, wish, word("page.print_panel")),
    h("button", { type: "button", class: "plain-button", id: "print", onclick: () => { endMode(); window.print(); } }, word("page.print_now")),
  ];
}

export function startPrinting() {
  document.head.append(size);
  addMode({ name: "print", title: "page.tool_print", icon: PRINTER, fill: fillChoices });
  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", () => undo?.());
}
