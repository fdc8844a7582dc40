// Cards: everything known of one park, one cable, or one feature of another layer.

import { shortNumber } from "../pure/numbers.js";
import { own } from "../pure/tables.js";
import { data, findLayer, indexIn } from "../state/data.js";
import { onChange, state } from "../state/store.js";
import { fill, rowName, say, featureName, inTongue, valueWord, word } from "../state/words.js";
import { beginCiting, citedList } from "./citing.js";
import { cardHead, closeCard, rememberFocus, tag } from "./cardhead.js";
import { cutButton } from "./cutbutton.js";
import { $, h } from "./elements.js";
import { fields, isSaid, missing } from "./fields.js";
import { siteCard } from "./sitecard.js";
import { stepBack } from "./toggles.js";
import { PROPOSED, proposedMeasures } from "./whereelse.js";

/** @param {Row} row */
function corridorWords(row) {
  if (!isSaid(row.corridors)) return "page.corridor_none";
  return row.corridor_basis === "said" ? "page.corridor_said" : "page.corridor_assumed";
}

/** @param {Row} row */
const endsWords = (row) => (row.ends_basis === "assumed" ? h("p", {}, word("page.ends_assumed")) : null);

/** @param {string} id */
function cableCard(id) {
  beginCiting();
  const layer = findLayer("fibre");
  const i = indexIn(layer, id);
  const row = layer.rows[i];
  return [
    cardHead(rowName(row), [tag(valueWord(row.status), row.status), tag(valueWord(row.existence), row.existence), tag(valueWord(row.geometry_kind))]),
    h("div", { class: "card-body" },
      cutButton(`cable:${id}`),
      h("p", { class: "warning" }, fill("page.two_sentences", {
        first: word("page.indicative"), second: fill("page.accuracy_of", { km: shortNumber(row.accuracy_m / 1000) }),
      })),
      endsWords(row),
      h("p", {}, word(corridorWords(row))),
      fields(layer, row, own(data.facts.fibre || {}, id, [])), missing(layer, row), citedList()),
  ];
}

// What a feature tells in words: the evidence of a shared risk, the reasons for a proposed site.
/** @param {Row} row */
function sentence(row) {
  const text = inTongue(row, "evidence") || inTongue(row, "reason");
  return text ? h("p", { class: "sentence" }, text) : null;
}

// What falls with a feature of a layer.
/** @type {Record<string, string>} */
const CUT_AS = { corridors: "corridor", risks: "risk", nodes: "city" };

/** @param {Feature} feature */
function featureCard({ layer: name, id }) {
  beginCiting();
  const layer = findLayer(name);
  const i = indexIn(layer, id);
  return [
    cardHead(featureName(layer, i), [tag(say(layer.style.title)), tag(say(layer.rules[i].label))]),
    h("div", { class: "card-body" }, Object.hasOwn(CUT_AS, name) ? cutButton(`${CUT_AS[name]}:${id}`) : null, sentence(layer.rows[i]), fields(layer, layer.rows[i], []), name === PROPOSED ? proposedMeasures(id) : null, missing(layer, layer.rows[i]), citedList()),
  ];
}

// ---------------------------------------------------------------- open and close

/** @param {boolean} keepPlace */
function fillCard(keepPlace) {
  const card = $("card");
  const { site, cable, feature } = state;
  const top = keepPlace ? card.scrollTop : 0;
  const content = site ? siteCard(site) : cable ? cableCard(cable) : feature ? featureCard(feature) : null;
  card.hidden = !content;
  card.replaceChildren(...(content || []));
  card.scrollTop = top;
}

export function startCards() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if ($("card").hidden) stepBack();
    else closeCard();
  });
  onChange((changed, origin) => {
    const chosen = changed.has("site") || changed.has("cable");
    if (!chosen && !changed.has("lang") && !changed.has("weights") && !changed.has("demand") && !changed.has("cuts")) return;
    fillCard(!chosen);
    if (chosen && origin === "list" && !$("card").hidden) {
      rememberFocus();
      $("card").querySelector("h2")?.focus({ preventScroll: true });
    }
  });
}
