// Labels and ranks on the map, in the places that were found for them.

import { placeLabels } from "../pure/labels.js";
import { inkOn } from "../pure/markers.js";
import { findLayer, indexIn, layers } from "../state/data.js";
import { isWanted } from "../state/filters.js";
import { ranking } from "../state/ranking.js";
import { say } from "../state/words.js";
import { SMALL_RADIUS_PX, circleOf, circlesOf } from "./crowd.js";
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

/** @param {Layer} layer @param {number} i @param {Lettering} style @returns {string[]} */
function labelTexts(layer, i, style) {
  const row = layer.rows[i];
  const names = style.fields.map((field) => row[field]);
  const wanted = layer.name === "parks" ? names : [say(names)];
  return [...new Set(wanted.filter(Boolean).map(String))];
}

/**
 * @param {Layer} layer @param {number} i @param {Lettering} style @param {Manner} manner
 * @returns {Written | null}
 */
function labelOf(layer, i, style, manner) {
  const lines = labelTexts(layer, i, style);
  if (!lines.length) return null;
  const sizes = lines.map((_, k) => (k ? style.size_px * 0.9 : style.size_px));
  const width = Math.max(...lines.map((line, k) =>
    textWidth(line, `${style.bold && !k ? 600 : 400} ${sizes[k]}px ${FONT}`)));
  const circle = layer.placed ? layer.placed[i] : circleOf(layer, i);
  const height = sizes.reduce((sum, size) => sum + size * 1.2, 0);
  return { ...circle, width: width + 2, height, ...manner, lines, sizes, style };
}

/** @type {Record<string, number>} */
const nodeOrder = { target: 0, core: 1, metro: 2, border: 3 };

function wantedLabels() {
  const { ranked, partial, others } = ranking();
  const zoom = stage.map.getZoom();
  /** @type {(Written | null)[]} */
  const wanted = [];
  const take = (/** @type {string} */ name, /** @type {Choice} */ chosen, /** @type {Manner} */ manner) => {
    const layer = findLayer(name);
    const style = layer.style?.labels;
    if (!isShown(name) || !style || zoom < style.min_zoom) return;
    chosen(layer).forEach((i) => wanted.push(labelOf(layer, i, style, manner)));
  };
  /** @type {(rows: SiteScore[]) => Choice} */
  const indices = (rows) => (layer) => rows.map((row) => indexIn(layer, row.id));
  /** @type {(wants: (kind: string) => boolean) => Choice} */
  const nodes = (wants) => (layer) => layer.rows.map((_, i) => i)
    .filter((i) => wants(layer.rows[i].kind))
    .sort((a, b) => (nodeOrder[layer.rows[a].kind] ?? 9) - (nodeOrder[layer.rows[b].kind] ?? 9));
  /** @type {Choice} */
  const all = (layer) => layer.rows.map((_, i) => i);
  take("nodes", nodes((kind) => nodeOrder[kind] < 2), { far: true });
  take("parks", indices(ranked), { far: true });
  take("nodes", nodes((kind) => nodeOrder[kind] >= 2), {});
  take("ports", all, {});
  take("parks", indices(partial), { far: zoom >= FAR_LABELS_ZOOM, shy: zoom < FAR_LABELS_ZOOM });
  take("parks", indices(others), { far: zoom >= FAR_LABELS_ZOOM, shy: zoom < FAR_LABELS_ZOOM });
  take("nodes", nodes((kind) => !(kind in nodeOrder)), { shy: true });
  for (const name of layers.keys()) {
    if (!["parks", "nodes", "ports"].includes(name)) take(name, all, {});
  }
  return wanted.filter((label) => label !== null);
}

function obstacles() {
  const circles = [...(isShown("parks") ? findLayer("parks").placed || [] : []), ...circlesOf("ports"),
    ...circlesOf("nodes").filter((circle) => circle.r > SMALL_RADIUS_PX)];
  return [...circles.map(({ x, y, r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r })), ...covers()];
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
  const boxes = [...["legend", "mark", "note", "card", "toolbar"].map((id) => $(id)), ...findAll(".leaflet-control", stage.map.getContainer())];
  return boxes.filter((element) => !element.hidden).map((element) => {
    const box = element.getBoundingClientRect();
    const x = corner.x - frame.left, y = corner.y - frame.top;
    return { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
  });
}

export function drawLabels() {
  const wanted = wantedLabels();
  const corner = stage.map.containerPointToLayerPoint([0, 0]);
  const size = stage.map.getSize();
  const view = { left: corner.x + 2, top: corner.y + 2, right: corner.x + size.x - 2, bottom: corner.y + size.y - 2 };
  const places = placeLabels(wanted, obstacles(), cableLines(), view);
  $("labels").replaceChildren();
  $("leaders").querySelectorAll(".to-label").forEach((line) => line.remove());
  places.forEach((place, k) => place && drawLabel(wanted[k], place));
  drawRanks();
}

/** @param {Written} label @param {Place} place */
function drawLabel(label, place) {
  if (place.led) {
    const x2 = Math.min(Math.max(label.x, place.left), place.right);
    const y2 = Math.min(Math.max(label.y, place.top), place.bottom);
    $("leaders").append(svg("line", { x1: label.x, y1: label.y, x2, y2, class: "leader to-label" }));
  }
  const side = place.left + label.width / 2 < label.x - label.width / 4 ? "right"
    : place.left + label.width / 2 > label.x + label.width / 4 ? "left" : "center";
  const lines = label.lines.map((line, k) => h("span", {
    style: { "font-size": `${label.sizes[k]}px`, "font-weight": label.style.bold && !k ? "600" : "400" },
  }, line));
  $("labels").append(h("div", {
    class: "label", style: {
      left: `${place.left}px`, top: `${place.top}px`, width: `${label.width}px`,
      color: isDark() ? label.style.dark : label.style.colour, "text-align": side,
    },
  }, lines));
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
