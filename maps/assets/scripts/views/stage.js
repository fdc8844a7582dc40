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

/** @type {Map<string, L.Renderer>} */
const renderers = new Map();
// What draws paths in a pane: one for all of them, since the map never lets one go.
/** @param {string} pane */
export function rendererOf(pane) {
  const found = renderers.get(pane) ?? L.svg({ pane, padding: 0.4 });
  renderers.set(pane, found);
  return found;
}
