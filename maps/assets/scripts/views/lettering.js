// Labels and ranks on the map, in the places that were found for them.

import { placeLabels } from "../pure/labels.js";
import { inkOn } from "../pure/markers.js";
import { findLayer, indexIn, layers } from "../state/data.js";
import { isWanted } from "../state/filters.js";
import { ranking } from "../state/ranking.js";
import { say } from "../state/words.js";
import { circleOf } from "./crowd.js";
import { $, findAll, h, svg } from "./elements.js";
import { linesInView } from "./heaps.js";
import { findDrawn, isShown, stage } from "./stage.js";
import { coloursOf, isDark } from "./theme.js";

const canvas = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
const widths = new Map();

/** @param {string} text @param {string} font */
function textWidth(text, font) {
  const key = font + "\n" + text;
  if (!widths.has(key)) {
    canvas.font = font;
    widths.set(key, canvas.measureText(text).width);
  }
  return widths.get(key);
}

const FONT = getComputedStyle(document.documentElement).getPropertyValue("--font");
const RANK_RADIUS_PX = 7; // smallest marker that can hold its rank
const FAR_LABELS_ZOOM = 7; // from here on every park's label may stand off on a leader
// Of a list of those in view: by then the map is full, and the others stand beside their markers or not at all.
const MOST_FAR = 200;
const MOST_LABELS = 500;

// The markers of a layer as they stand on the map, with their edges.
/** @param {Layer} layer @returns {Circle[]} */
const standing = (layer) => layer.rows.map((_, i) => {
  const { x, y, r } = layer.placed ? layer.placed[i] : circleOf(layer, i);
  return { x, y, r: r + layer.rules[i].symbol.width_px / 2 };
});

/** @returns {Map<string, Circle[]>} */
const standingAll = () => new Map([...layers.values()]
  .filter(({ name, style }) => style.geometry === "marker" && isShown(name)).map((layer) => [layer.name, standing(layer)]));

/** @param {Circle} circle @param {Box} view */
const isIn = ({ x, y, r }, view) => x + r > view.left && x - r < view.right && y + r > view.top && y - r < view.bottom;

/** @param {Layer} layer @param {number} i @param {Circle} own @param {Manner} manner @returns {Written | null} */
function labelOf(layer, i, own, manner) {
  const name = say((layer.style.labels?.fields ?? []).map((field) => layer.rows[i][field]));
  const style = layer.style.labels;
  if (!name || !style) return null;
  const text = manner.rank && own.r < RANK_RADIUS_PX ? `${manner.rank} ${name}` : String(name);
  const width = textWidth(text, `${style.bold ? 600 : 400} ${style.size_px}px ${FONT}`) + 2;
  return { own, width, height: style.size_px * 1.2, ...manner, text, style, names: `${layer.name}:${layer.rows[i][layer.key]}` };
}

/** @type {Record<string, number>} */
const nodeOrder = { target: 0, core: 1, metro: 2, border: 3 };

// The labels of what is in view, the weightier first.
/** @param {Map<string, Circle[]>} circles @param {Box} view */
function wantedLabels(circles, view) {
  const { ranked, partial, others } = ranking();
  const zoom = stage.map.getZoom();
  /** @type {(Written | null)[]} */
  const wanted = [];
  const take = (/** @type {string} */ name, /** @type {Choice} */ chosen, /** @type {Manner} */ manner, /** @type {number[]} */ ranks = []) => {
    const layer = findLayer(name);
    const markers = circles.get(name);
    if (!markers || !layer.style.labels || zoom < layer.style.labels.min_zoom) return;
    let inView = 0;
    chosen(layer).forEach((i, k) => {
      if (inView === MOST_LABELS || !isIn(markers[i], view)) return;
      inView += 1;
      wanted.push(labelOf(layer, i, markers[i], { ...manner, far: manner.far && inView <= MOST_FAR, rank: ranks[k] }));
    });
  };
  /** @type {(rows: SiteScore[]) => Choice} */
  const indices = (rows) => (layer) => rows.map((row) => indexIn(layer, row.id));
  /** @type {(wants: (kind: string) => boolean) => Choice} */
  const nodes = (wants) => (layer) => layer.rows.map((_, i) => i)
    .filter((i) => wants(layer.rows[i].kind))
    .sort((a, b) => (nodeOrder[layer.rows[a].kind] ?? 9) - (nodeOrder[layer.rows[b].kind] ?? 9));
  /** @type {Choice} */
  const all = (layer) => layer.rows.map((_, i) => i);
  const isNear = zoom >= FAR_LABELS_ZOOM;
  take("nodes", nodes((kind) => nodeOrder[kind] < 1), { far: true });
  take("parks", indices(ranked), { far: true }, ranked.map((row) => row.rank));
  take("nodes", nodes((kind) => nodeOrder[kind] === 1), { far: true });
  take("nodes", nodes((kind) => nodeOrder[kind] > 1), {});
  take("ports", all, {});
  take("parks", indices(partial), { far: isNear, shy: !isNear });
  take("parks", indices(others), { far: isNear, shy: !isNear });
  take("nodes", nodes((kind) => !(kind in nodeOrder)), { shy: true });
  for (const name of layers.keys()) {
    if (!["parks", "nodes", "ports"].includes(name)) take(name, all, {});
  }
  return wanted.filter((label) => label !== null);
}

function cableLines() {
  if (!isShown("fibre")) return [];
  const { layer, members, places } = findDrawn("fibre");
  return places ? linesInView(layer, places) : [...members.values()].flatMap((member) => member._parts);
}

// The boxes that lie on the map, in the pixels that labels are placed in.
function covers() {
  const frame = stage.map.getContainer().getBoundingClientRect();
  const corner = stage.map.containerPointToLayerPoint([0, 0]);
  const boxes = [...["legend", "mark", "note", "card", "tools"].map((id) => $(id)), ...findAll(".leaflet-control", stage.map.getContainer())];
  return boxes.filter((element) => !element.hidden).map((element) => {
    const box = element.getBoundingClientRect();
    const x = corner.x - frame.left, y = corner.y - frame.top;
    return { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
  });
}

export function drawLabels() {
  const corner = stage.map.containerPointToLayerPoint([0, 0]);
  const size = stage.map.getSize();
  const view = { left: corner.x + 2, top: corner.y + 2, right: corner.x + size.x - 2, bottom: corner.y + size.y - 2 };
  const circles = standingAll();
  const wanted = wantedLabels(circles, view);
  const places = placeLabels(wanted, [...circles.values()].flat(), covers(), cableLines(), view);
  findAll(".to-label", $("leaders")).forEach((leader) => leader.remove());
  $("labels").replaceChildren(...wanted.flatMap((label, k) => {
    const place = places[k];
    return place ? [drawLabel(label, place)] : [];
  }));
  drawRanks();
}

/** @param {Written} label @param {Place} place */
function drawLabel(label, place) {
  if (place.leader) {
    const { from, to } = place.leader;
    const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
    $("leaders").append(svg("line", { ...ends, class: "leader-ground to-label" }),
      svg("line", { ...ends, class: "leader to-label", "data-names": label.names }));
  }
  const middle = (place.left + place.right) / 2;
  const side = middle < label.own.x - label.width / 4 ? "right" : middle > label.own.x + label.width / 4 ? "left" : "center";
  const { style } = label;
  return h("div", {
    class: "label", "data-names": label.names, style: {
      left: `${place.left}px`, top: `${place.top}px`, width: `${label.width}px`, "font-size": `${style.size_px}px`,
      "font-weight": style.bold ? "600" : "400", color: isDark() ? style.dark : style.colour, "text-align": side,
    },
  }, label.text);
}

// The rank stands in the marker itself, so that list and map speak of the same thing.
function drawRanks() {
  const layer = findLayer("parks");
  const { placed } = layer;
  if (!isShown("parks") || !placed) return;
  ranking().ranked.forEach((row) => {
    const i = indexIn(layer, row.id);
    const { x, y, r } = placed[i];
    if (r < RANK_RADIUS_PX) return;
    const ink = inkOn(coloursOf(layer.rules[i].symbol)[0]);
    const kind = isWanted(row.id) ? "rank-on-map" : "rank-on-map filtered";
    $("labels").append(h("div", { class: kind, "data-rank-of": row.id, style: { left: `${x}px`, top: `${y}px`, color: ink } }, String(row.rank)));
  });
}
