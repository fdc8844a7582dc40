// What an address says, part by part; any text may stand in it.

const N_DECIMALS = 4; // of a degree, about ten metres
const N_ZOOM_DECIMALS = 2;
const NUMBER = /^-?\d{1,3}(\.\d{1,6})?$/;
const MOST_LAT = 85; // what Mercator shows
const MOST_LON = 540; // longitudes go on beyond a half turn where a map does
const MOST_ZOOM = 24;

// `lat,lon,zoom` as numbers; null where a map cannot look there.
/** @param {string} text @returns {View | null} */
export function readView(text) {
  const parts = text.split(",");
  if (parts.length !== 3 || !parts.every((part) => NUMBER.test(part))) return null;
  const [lat, lon, zoom] = parts.map(Number);
  const isOnMap = Math.abs(lat) <= MOST_LAT && Math.abs(lon) <= MOST_LON && zoom >= 0 && zoom <= MOST_ZOOM;
  return isOnMap ? [lat, lon, zoom] : null;
}

// `lat,lon` of a place on the map.
/** @param {string} text @returns {Spot | null} */
export function readSpot(text) {
  const view = readView(`${text},0`);
  return view && [view[0], view[1]];
}

/** @param {View} view @returns {View} */
export const roundView = ([lat, lon, zoom]) =>
  [Number(lat.toFixed(N_DECIMALS)), Number(lon.toFixed(N_DECIMALS)), Number(zoom.toFixed(N_ZOOM_DECIMALS))];

// A layer's name holds no colon; an identifier may.
/** @param {string} text @returns {Feature | null} */
export function readFeature(text) {
  const at = text.indexOf(":");
  return at < 1 || at === text.length - 1 ? null : { layer: text.slice(0, at), id: text.slice(at + 1) };
}

// The parts of a state as the address writes them, in the order of the list.
/** @param {AddressPart[]} parts @param {State} state @returns {Map<string, string>} */
export function spellParts(parts, state) {
  const spelled = new Map();
  for (const { key, write } of parts) {
    const text = write(state);
    if (text !== null && text !== "") spelled.set(key, text);
  }
  return spelled;
}

// A state with what the address says; a part that a text does not fit stays as it was.
/** @param {AddressPart[]} parts @param {URLSearchParams} said @param {State} first @returns {State} */
export function readParts(parts, said, first) {
  const read = { ...first };
  for (const part of parts) {
    const text = said.get(part.key);
    if (text !== null) part.read(text, read);
  }
  return read;
}

// How an address stands in the browser's history that says `after` where `before` was said: as a
// step of its own, as one of a gesture, or in the place of the one before; null where nothing differs.
/** @param {AddressPart[]} parts @param {Map<string, string>} before @param {Map<string, string>} after @returns {Pace | null} */
export function paceOf(parts, before, after) {
  const moved = parts.filter(({ key }) => before.get(key) !== after.get(key)).map(({ pace }) => pace);
  return moved.length === 0 ? null : moved.includes("step") ? "step" : moved.includes("gesture") ? "gesture" : "quiet";
}
