// What is marked is switched on and off, and the focus goes back to where it came from.

import { isMarked } from "../state/marked.js";
import { change, state } from "../state/store.js";
import { focused } from "./elements.js";

/** @type {HTMLElement | null} */
let lastButton = null; // what was pressed to mark something

/** @param {"cut" | "route"} kind @param {string} id */
export function toggleMark(kind, id) {
  lastButton = focused();
  const chosen = state[kind] === id;
  change({ cut: null, route: null, [kind]: chosen ? null : id, ...(chosen ? {} : { site: null, cable: null }) }, { origin: "list" });
}

export function clearMarks() {
  if (!isMarked()) return;
  change({ cut: null, route: null });
  if (lastButton?.isConnected) lastButton.focus();
  lastButton = null;
}
