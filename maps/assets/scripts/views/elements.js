// Elements of the page, and how they are made.

import { isKnown } from "../pure/numbers.js";
import { fill, word } from "../state/words.js";

// Text becomes text nodes, so that nothing in it is ever read as markup.
/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Attributes} [attributes] @param {Child[]} children
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  dress(element, attributes);
  const shown = /** @type {(Node | string)[]} */ (/** @type {any[]} */ (children).flat(Infinity));
  element.append(...shown.filter((child) => isKnown(child) && child !== ""));
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag @param {Attributes} [attributes] @param {Node[]} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  dress(element, attributes);
  element.append(...children);
  return element;
}

/** @param {HTMLElement | SVGElement} element @param {Attributes} [attributes] */
function dress(element, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (!isKnown(value) || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, part] of Object.entries(value)) element.style.setProperty(key, part);
    else element.setAttribute(name, value === true ? "" : value);
  }
}


export const focused = () => /** @type {HTMLElement | null} */ (document.activeElement);
// An element of the page's frame; one that is not there is a fault of ours.
/**
 * @template {string} Id @param {Id} id
 * @returns {Id extends keyof FrameElements ? FrameElements[Id] : Id extends Section ? HTMLDetailsElement : HTMLElement}
 */
export const $ = (id) => /** @type {any} */ (document.getElementById(id));
/** @param {string} selector @param {ParentNode} [within] */
export const findAll = (selector, within = document) =>
  /** @type {HTMLElement[]} */ ([...within.querySelectorAll(selector)]);

// What is folded is made when it is first opened: most of a great plan is never looked at.
/** @type {WeakMap<HTMLDetailsElement, () => void>} */
const waiting = new WeakMap();

/** @param {HTMLDetailsElement} details */
function fillWaiting(details) {
  const draw = waiting.get(details);
  waiting.delete(details);
  draw?.();
}

/** @param {HTMLDetailsElement} details @param {() => void} draw at once of what stands open */
export function whenOpen(details, draw) {
  if (!waiting.has(details)) details.addEventListener("toggle", () => { if (details.open) fillWaiting(details); });
  waiting.set(details, draw);
  if (details.open) fillWaiting(details);
}

/** @param {HTMLDetailsElement} details */
export function unfold(details) {
  fillWaiting(details);
  details.open = true;
}

// Everything that is folded, and what is folded in it.
/** @param {ParentNode} [within] */
export function unfoldAll(within = document) {
  const closedOnes = () => findAll("details:not([open])", within);
  for (let closed = closedOnes(); closed.length; closed = closedOnes()) {
    closed.forEach((details) => unfold(/** @type {HTMLDetailsElement} */ (details)));
  }
}

/** @param {string} name class @param {string} summary @param {() => Child[]} draw what is folded under it */
export function folded(name, summary, draw) {
  const details = h("details", { class: name }, h("summary", {}, summary));
  whenOpen(details, () => details.append(...h("div", {}, draw()).childNodes));
  return details;
}

/** @param {Section} id */
export function openSection(id) {
  unfold($(id));
  $(id).scrollIntoView({ block: "start" });
}

const AT_ONCE = 50;
// The first rows of many, and a button that draws further ones in its place.
/**
 * @template Item @param {Item[]} rows @param {(row: Item) => HTMLElement} draw
 * @param {"div" | "li"} [tag] what the button stands in @returns {HTMLElement[]}
 */
export function firstOf(rows, draw, tag = "div") {
  const rest = rows.slice(AT_ONCE);
  const further = () => {
    const next = firstOf(rest, draw, tag);
    more.replaceWith(...next);
    next[0].tabIndex = -1;
    (findAll("button, summary", next[0])[0] ?? next[0]).focus();
  };
  const more = h(tag, { class: "rest" }, h("button", { type: "button", class: "plain-button", onclick: further },
    fill("page.features_more", { n: rest.length })));
  return [...rows.slice(0, AT_ONCE).map(draw), ...(rest.length ? [more] : [])];
}

// A remark in small print.
/** @param {string} key */
export const hint = (key) => h("p", { class: "hint" }, word(key));
