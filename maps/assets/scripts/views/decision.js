// The decision in words.

import { data } from "../state/data.js";
import { isPlanned, onChange } from "../state/store.js";
import { inTongue } from "../state/words.js";
import { $, h } from "./elements.js";
import { noteOfBase } from "./scenariotable.js";
import { spreadBars, tornado } from "./tornado.js";

const { answers } = data.decision;

const N_OPEN = 2; // the answers that stand open at first
/** @type {Record<string, () => HTMLElement | null>} */
const PICTURES = { assumed: tornado, spread: spreadBars };
const boxes = new Map();
// ---------------------------------------------------------------- answers

function makeAnswers() {
  $("decision").replaceChildren(...answers.map((row, i) => {
    const box = { title: h("summary"), text: h("p"), picture: h("div", { class: "picture" }) };
    boxes.set(row, box);
    return h("details", { class: "answer", "data-question": row.question, open: i < N_OPEN }, box.title, box.text, box.picture);
  }));
  $("decision-section").hidden = !answers.length;
}

function fillAnswers() {
  $("decision-base").replaceChildren(noteOfBase());
  for (const [row, { title, text, picture }] of boxes) {
    title.textContent = inTongue(row, "title");
    text.textContent = inTongue(row, "text");
    const made = PICTURES[row.question]?.();
    picture.replaceChildren(...(made ? [made] : []));
  }
}

export function startDecision() {
  makeAnswers();
  onChange((changed) => {
    if (changed.has("lang")) fillAnswers();
    // In the line of the heading: a line of its own would push the slider from under the pointer.
    if (changed.has("weights")) $("decision-moved").hidden = isPlanned();
  });
}
