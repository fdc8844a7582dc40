// The view as a picture: what the browser drew of it, drawn once more on a canvas, with title, scale and notes.

import { joined } from "../pure/directions.js";
import { cutSummary, unitName } from "../state/cutwords.js";
import { mapSources } from "../state/references.js";
import { state } from "../state/store.js";
import { named } from "../state/words.js";
import { $, findAll } from "./elements.js";
import { layOutLegend } from "./picturelegend.js";
import { scenarioLine } from "./scenariotable.js";
import { stage } from "./stage.js";

const SHARPNESS = 2; // pixels of the picture to one of the page
const MARGIN_PX = 12;
const HEAD_PX = 44;
const LINE_PX = 16;
const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
  "visibility", "display", "paint-order"];

/** @param {Element} element */
const styleOf = (element) => getComputedStyle(element);

// A picture of an SVG, which takes what the page's styles say of its parts along.
/** @param {SVGSVGElement} drawing @param {DOMRect} frame */
async function pictureOf(drawing, frame) {
  const box = drawing.getBoundingClientRect();
  const isLoose = !drawing.hasAttribute("viewBox"); // without a frame of its own, it draws beyond its box
  const place = isLoose ? frame : box;
  const viewBox = isLoose ? `${frame.left - box.left} ${frame.top - box.top} ${frame.width} ${frame.height}` : null;
  return { image: await painted(drawing, place.width, place.height, viewBox), place };
}

/** @param {SVGSVGElement} drawing @param {number} width @param {number} height @param {string | null} [viewBox] */
async function painted(drawing, width, height, viewBox = null) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  copy.removeAttribute("style");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  if (viewBox) copy.setAttribute("viewBox", viewBox);
  const parts = [...copy.querySelectorAll("*")];
  [...drawing.querySelectorAll("*")].forEach((part, i) => {
    const style = styleOf(part);
    const own = /** @type {SVGElement} */ (parts[i]).style;
    for (const name of PAINT) own?.setProperty(name, style.getPropertyValue(name));
  });
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/** @param {CanvasRenderingContext2D} ink @param {Element} label */
function drawText(ink, label) {
  const style = styleOf(label);
  for (const node of label.childNodes) {
    if (!(node instanceof Text) || !node.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    ink.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    ink.textBaseline = "middle";
    ink.lineJoin = "round";
    if (style.textShadow !== "none") {
      ink.strokeStyle = styleOf(stage.map.getContainer()).getPropertyValue("--halo") || "#fff";
      ink.lineWidth = 3;
      ink.strokeText(node.data, box.left, box.top + box.height / 2);
    }
    ink.fillStyle = style.color;
    ink.fillText(node.data, box.left, box.top + box.height / 2);
  }
}

// What a cut does to a place is drawn by styles alone: a cross, or a ring.
/** @param {CanvasRenderingContext2D} ink @param {Element} sign */
function drawSign(ink, sign) {
  const box = sign.getBoundingClientRect();
  const [x, y, r] = [box.left + box.width / 2, box.top + box.height / 2, box.width / 2 - 1.5];
  const isCross = sign.parentElement?.classList.contains("cut-off");
  ink.strokeStyle = styleOf(sign).getPropertyValue(isCross ? "--cut" : "--slow");
  ink.lineWidth = 2.6;
  ink.beginPath();
  if (isCross) {
    ink.moveTo(x - r * 0.7, y - r * 0.7);
    ink.lineTo(x + r * 0.7, y + r * 0.7);
    ink.moveTo(x + r * 0.7, y - r * 0.7);
    ink.lineTo(x - r * 0.7, y + r * 0.7);
  } else ink.arc(x, y, r, 0, 2 * Math.PI);
  ink.stroke();
}

// What another scenario changes is told by letters on a ground of their own.
/** @param {CanvasRenderingContext2D} ink @param {Element} badge @param { { left: number, top: number, width: number, height: number } } box */
function drawBadge(ink, badge, box) {
  const style = styleOf(badge);
  ink.fillStyle = style.backgroundColor;
  ink.beginPath();
  ink.roundRect(box.left, box.top, box.width, box.height, Math.min(parseFloat(style.borderRadius) || 0, box.height / 2));
  ink.fill();
  ink.fillStyle = style.color;
  ink.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.fillText(badge.textContent ?? "", box.left + box.width / 2, box.top + box.height / 2);
  ink.textAlign = "left";
}

// All that the panes hold, the lowest first.
/** @param {CanvasRenderingContext2D} ink @param {DOMRect} frame */
async function drawPanes(ink, frame) {
  const panes = [...stage.map.getPane("mapPane")?.children ?? []].map((pane) => ({ pane, order: Number(styleOf(pane).zIndex) || 0 }));
  for (const { pane } of panes.sort((a, b) => a.order - b.order)) {
    for (const part of pane.querySelectorAll("img, svg, #labels *, .cut-off i, .slowed i, .difference-sign, .rank-shift")) {
      if (!part.checkVisibility()) continue;
      if (part instanceof HTMLImageElement) {
        const box = part.getBoundingClientRect();
        ink.globalAlpha = Number(styleOf(part).opacity);
        ink.drawImage(part, box.left, box.top, box.width, box.height);
        ink.globalAlpha = 1;
      } else if (part instanceof SVGSVGElement) {
        const { image, place } = await pictureOf(part, frame);
        ink.drawImage(image, place.left, place.top, place.width, place.height);
      } else if (part.tagName === "I") drawSign(ink, part);
      else if (part.matches(".difference-sign, .rank-shift")) drawBadge(ink, part, part.getBoundingClientRect());
      else drawText(ink, part);
    }
  }
}

// A text in lines that fit.
/** @param {CanvasRenderingContext2D} ink @param {string} text @param {number} width */
function wrap(ink, text, width) {
  const lines = [""];
  for (const piece of text.match(/\S+\s*|\s+/gu) ?? []) {
    if (lines[lines.length - 1] && ink.measureText(lines[lines.length - 1] + piece).width > width) lines.push("");
    lines[lines.length - 1] += piece;
  }
  return lines;
}

/** @param {CanvasRenderingContext2D} ink @param {number} right @param {number} bottom */
function drawScale(ink, right, bottom) {
  const [bar] = findAll(".leaflet-control-scale-line");
  if (!bar) return;
  const { width } = bar.getBoundingClientRect();
  ink.beginPath();
  ink.moveTo(right - width, bottom - 6);
  ink.lineTo(right - width, bottom);
  ink.lineTo(right, bottom);
  ink.lineTo(right, bottom - 6);
  ink.lineWidth = 2;
  ink.strokeStyle = ink.fillStyle;
  ink.stroke();
  ink.textAlign = "center";
  ink.fillText(bar.textContent ?? "", right - width / 2, bottom - 12);
  ink.textAlign = "left";
}

const cutLine = () => (state.cuts.length ? named("page.cut", joined([...state.cuts.map(unitName), ...cutSummary()])) : "");

/** @returns {Promise<Blob>} */
export const makePicture = async () => {
  const frame = stage.map.getContainer().getBoundingClientRect();
  const page = styleOf(document.documentElement);
  const colour = (/** @type {string} */ name) => page.getPropertyValue(name).trim();
  const canvas = document.createElement("canvas");
  const ink = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const small = `12px ${colour("--font")}`;
  ink.font = small;
  const texts = [$("note").hidden ? "" : joined([...$("note").children].map((one) => one.textContent)), scenarioLine(), cutLine(), named("note.sources", joined(mapSources()))];
  const lines = texts.filter(Boolean).flatMap((text) => wrap(ink, text, frame.width - 2 * MARGIN_PX));
  const legend = layOutLegend(frame.width - 2 * MARGIN_PX);
  const below = HEAD_PX + frame.height + MARGIN_PX; // where the legend begins
  const height = below + legend.height + lines.length * LINE_PX + MARGIN_PX;
  canvas.width = Math.round(SHARPNESS * frame.width);
  canvas.height = Math.round(SHARPNESS * height);
  ink.scale(SHARPNESS, SHARPNESS);
  ink.fillStyle = colour("--sheet");
  ink.fillRect(0, 0, frame.width, height);
  ink.save();
  ink.beginPath();
  ink.rect(0, HEAD_PX, frame.width, frame.height);
  ink.clip();
  ink.fillStyle = styleOf(stage.map.getContainer()).backgroundColor;
  ink.fillRect(0, HEAD_PX, frame.width, frame.height);
  ink.translate(-frame.left, HEAD_PX - frame.top);
  await drawPanes(ink, frame);
  ink.restore();
  ink.fillStyle = colour("--ink");
  ink.textBaseline = "middle";
  ink.font = small;
  drawScale(ink, frame.width - MARGIN_PX, HEAD_PX + frame.height - MARGIN_PX);
  await legend.draw(ink, MARGIN_PX, below, small, { painted, drawBadge });
  lines.forEach((line, i) => ink.fillText(line, MARGIN_PX, below + legend.height + LINE_PX * (i + 0.5)));
  const meta = joined([...$("meta").children].map((one) => one.textContent));
  const metaWidth = ink.measureText(meta).width;
  ink.fillText(meta, frame.width - MARGIN_PX - metaWidth, HEAD_PX / 2);
  ink.font = `700 18px ${colour("--font")}`;
  ink.fillText($("title").textContent ?? "", MARGIN_PX, HEAD_PX / 2, Math.max(60, frame.width - 4 * MARGIN_PX - metaWidth));
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png"));
};
