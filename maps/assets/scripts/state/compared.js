// The parks that stand side by side.

import { listIds } from "../pure/tables.js";
import { keepInAddress } from "./address.js";
import { existsIn } from "./data.js";
import { change, state } from "./store.js";

export const MOST_COMPARED = 3;

/** @param {string} id */
export const isCompared = (id) => state.compare.includes(id);
export const isFull = () => state.compare.length >= MOST_COMPARED;
/** @param {string} id */
export const toggleCompared = (id) => {
  if (isCompared(id)) change({ compare: state.compare.filter((one) => one !== id) });
  else if (!isFull()) change({ compare: [...state.compare, id] });
};

keepInAddress("compare", ({ compare }) => compare.join(" ") || null, (text, read) => {
  read.compare = [...new Set(listIds(text))].filter((id) => existsIn(read.scenario, "parks", id)).slice(0, MOST_COMPARED);
});
