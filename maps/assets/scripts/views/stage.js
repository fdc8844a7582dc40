// The stage: Leaflet's map, and what of the layers is drawn on it.

/** @type {Stage} */
export const stage = /** @type {any} */ ({ map: null }); // made when the page starts
/** @type {Map<string, DrawnRaster>} */
export const drawn = new Map();

// Who takes the next clicks on the map, in the place of what was clicked: a tool at work.
/** @type { { take: ((spot: Spot) => void) | null } } */
export const clicks = { take: null };

/** @param {string} name */
export const findDrawn = (name) => /** @type {Drawn} */ (drawn.get(name));

/** @param {string} name */
export const isShown = (name) => {
  const entry = drawn.get(name);
  return entry !== undefined && stage.map.hasLayer(entry.group);
};
