// The way back to what had the focus, though it has been drawn anew since.

import { onChange } from "../state/store.js";
import { findAll, focused } from "./elements.js";

const STOPS = "a[href], button, input, select, summary, [tabindex]";
/** @param {Element} row */
const told = (row) => JSON.stringify({ .../** @type {HTMLElement} */ (row).dataset });

// What is folded has no focus: the head of the fold that is shown has it instead.
/** @param {HTMLElement | null | undefined} element @returns {HTMLElement | null} */
function seenOf(element) {
  let seen = element ?? null;
  for (let fold = seen?.parentElement?.closest("details"); fold; fold = fold.parentElement?.closest("details")) {
    const head = /** @type {HTMLElement | null} */ (fold.querySelector(":scope > summary"));
    if (!fold.open && !head?.contains(seen)) seen = head;
  }
  return seen;
}

// The rows of lists and tables that an element stands in, the inmost first.
/** @param {Element} element @param {Element} home @returns {Element[]} */
function rowsAround(element, home) {
  const row = element.closest("li, tr");
  if (!row || row === home || !home.contains(row)) return [];
  return [row, ...(row.parentElement ? rowsAround(row.parentElement, home) : [])];
}

/**
 * Where an element stands: in a row by what that tells of, else by its number, else in the list.
 * @param {HTMLElement | null} element @returns {() => HTMLElement | null}
 */
export function placeOf(element) {
  const home = element?.closest("[id]");
  if (!element || !home) return () => null;
  const places = [...rowsAround(element, home).map((row) => ({ key: told(row), at: findAll(STOPS, row).indexOf(element) })),
    { key: null, at: findAll(STOPS, home).indexOf(element) }];
  return () => {
    const now = document.getElementById(home.id);
    if (element.isConnected || !now || home === element) return element.isConnected ? seenOf(element) : now;
    const rows = findAll("li, tr", now);
    const found = places.map(({ key, at }) => {
      const row = key === null ? now : key === "{}" ? null : rows.find((one) => told(one) === key);
      return row ? findAll(STOPS, row)[at] : null;
    });
    return seenOf(found.find((one) => one) ?? findAll(STOPS, now)[0]);
  };
}

/** @type {() => HTMLElement | null} */
let before = () => null;
// To be called before all others listen.
export const startNoting = () => onChange(() => { before = placeOf(focused()); });
// To be called when all others listen: what lost the focus by being drawn anew has it again.
export const startRefocusing = () => onChange(() => {
  if (focused() === document.body) before()?.focus({ preventScroll: true });
});
