// Cards: everything known of one park, one cable, or one feature of another layer.

(function () {
  const { h, $, data } = steppe;
  const N_NEAREST = 5;
  const UNITLESS = new Set(["1", "-", ""]);
  const MOST_UNSCORED = 2;
  let other = null; // a feature of another layer: {layer, id}
  let cameFrom = null;

  // ---------------------------------------------------------------- values
  const references = {
    parent_id: (id) => steppe.names(steppe.row("parks", id)).join(" ") || id,
    town_id: (id) => nameIn("towns", id), node_id: (id) => nameIn("nodes", id),
    from_node: (id) => nameIn("nodes", id), to_node: (id) => nameIn("nodes", id),
    corridors: (text) => steppe.corridorNames(text), cables: (text) => steppe.namesOf(text), source_id: (id) => steppe.datedSource(id),
  };
  const nameIn = (layer, id) => steppe.names(steppe.row(layer, id)).join(" ") || id;
  const plainNumbers = new Set(["year", "pga_g"]);

  function fieldText(field, value) {
    if (Object.hasOwn(references, field)) return references[field](value);
    if (typeof value !== "number") return steppe.valueWord(value);
    return plainNumbers.has(field) ? String(value) : steppe.number(value);
  }

  const isKnown = (value) => value !== null && value !== undefined && value !== "";
  const provenance = (fact) => [steppe.valueWord(fact.kind), steppe.datedSource(fact.source_id), fact.place_in_text, fact.reason]
    .filter(Boolean).join(" · ");

  // The fields that are known, each with numbers that lead to who says so and where.
  function fields(layer, row, facts) {
    const known = layer.card.filter((field) => isKnown(row[field]));
    const origins = [];
    const refer = (field) => facts.filter((fact) => fact.field === field).map((fact) => {
      const text = provenance(fact);
      if (!origins.includes(text)) origins.push(text);
      return h("sup", {}, String(origins.indexOf(text) + 1));
    });
    return [
      h("dl", { class: "fields" }, known.flatMap((field) => [
        h("dt", {}, steppe.word(`field.${field}`)),
        h("dd", { title: typeof row[field] === "number" ? String(row[field]) : null }, fieldText(field, row[field]), refer(field)),
      ])),
      origins.length ? h("ol", { class: "provenance" }, origins.map((text, i) => h("li", {}, h("span", {}, String(i + 1)), h("span", {}, text)))) : null,
    ];
  }

  function missing(layer, row) {
    const unknown = layer.card.filter((field) => !isKnown(row[field]) && field !== "parent_id");
    if (!unknown.length) return null;
    return h("p", { class: "hint" }, steppe.named("page.not_said", ""),
      unknown.map((field) => steppe.word(`field.${field}`)).join(steppe.word("page.comma")));
  }

  const tag = (text, kind) => h("span", { class: `tag ${kind || ""}` }, text);

  function head(names, tags) {
    return h("header", { class: "card-head" },
      h("div", {}, h("h2", { tabindex: "-1" }, names[0]), names[1] ? h("p", { class: "subtitle" }, names[1]) : null,
        h("p", { class: "tags" }, tags)),
      h("button", { type: "button", class: "close", "aria-label": steppe.word("page.close"), title: steppe.word("page.close"), onclick: close }, "×"));
  }

  // ---------------------------------------------------------------- a park
  function measureRow(row, measure) {
    const title = measure ? steppe.say(measure.title) : row.measure_id;
    const unit = UNITLESS.has(row.unit) ? "" : ` ${row.unit}`;
    const value = row.status === "unknown" ? steppe.word("value.unknown")
      : row.value !== undefined ? `${steppe.number(row.value)}${unit}` : row.text;
    const says = row.value !== undefined && row.text && row.text !== value ? row.text : null;
    const band = row.low !== undefined && row.high !== undefined && row.low !== row.high
      ? `${steppe.number(row.low)}–${steppe.number(row.high)}${row.band && row.band !== "none" ? steppe.fill("page.bracket", { text: steppe.valueWord(row.band) }) : ""}` : "";
    return h("div", { class: `measure ${row.status}` },
      h("span", { class: "measure-title" }, title, measure && measure.weight === 0 ? h("small", {}, ` ${steppe.word("page.not_scored")}`) : null),
      h("span", { class: "measure-value", title: row.value === undefined ? null : String(row.value) }, value ?? "–",
        band ? h("small", {}, ` ${band}`) : null),
      h("span", { class: "measure-note" }, tag(steppe.valueWord(row.status), row.status),
        [says, row.reason, steppe.datedSources(row.source_ids).join(steppe.word("page.comma"))].filter(Boolean).join(" · ")));
  }

  function criterionBlock(criterion, rows, part, weights) {
    const known = part && part.value !== null && part.value !== undefined;
    const bar = h("span", { class: known ? "bar" : "bar empty" },
      known ? h("span", { class: "piece", style: { width: `${100 * part.value}%`, background: steppe.criterionColour(criterion.name) } }) : null,
      known && part.low !== null && part.high !== null && part.high > part.low
        ? h("span", { class: "whisker", style: { left: `${100 * part.low}%`, width: `${100 * (part.high - part.low)}%` } }) : null);
    const order = criterion.measures.map((measure) => measure.id);
    const place = (row) => (order.includes(row.measure_id) ? order.indexOf(row.measure_id) : order.length);
    const measureOf = (row) => criterion.measures.find((measure) => measure.id === row.measure_id);
    const ordered = [...rows].sort((a, b) => place(a) - place(b));
    const draw = (row) => measureRow(row, measureOf(row));
    // What is scored stands first; a long tail of what is not would hide it.
    const further = ordered.filter((row) => !(measureOf(row) || {}).weight);
    const folded = further.length > MOST_UNSCORED;
    return h("section", { class: "criterion" },
      h("h3", {}, h("span", { class: "chip", style: { background: steppe.criterionColour(criterion.name) } }), steppe.criterionTitle(criterion.name),
        h("span", { class: "count" }, `${known ? part.value.toFixed(3) : steppe.word("value.unknown")} × ${steppe.weightShares(weights)[criterion.name]}`)),
      bar,
      ordered.filter((row) => !folded || !further.includes(row)).map(draw),
      folded ? h("details", { class: "more" },
        h("summary", {}, steppe.fill("page.further_measures", { n: further.length })), further.map(draw)) : null);
  }

  function siteCard(id) {
    const layer = steppe.layer("parks");
    const row = steppe.row("parks", id);
    const { weights } = steppe.state;
    const parts = steppe.scoresOf(id);
    const score = { id, ...steppe.score(weights, parts, steppe.criteria) };
    const measures = steppe.own(data.measures, id, []);
    const place = steppe.ranking().ranked.find((one) => one.id === id)?.rank;
    const known = new Set(steppe.criteria);
    const loose = measures.filter((one) => !known.has(one.criterion));
    const { targets } = data.info;
    const latency = data.latency.filter((one) => one.from_id === id && targets.includes(one.to_id))
      .sort((a, b) => targets.indexOf(a.to_id) - targets.indexOf(b.to_id));
    const children = layer.rows.filter((one) => one.parent_id === id);
    return [
      head(steppe.names(row), [tag(steppe.valueWord(row.level)), tag(steppe.valueWord(row.status), row.status), row.city ? tag(row.city) : ""]),
      h("div", { class: "card-body" },
        h("div", { class: "score-line" },
          h("span", { class: "score-big", title: score.total === null ? null : String(score.total) }, score.total === null ? "–" : score.total.toFixed(3)),
          h("span", {}, place ? steppe.fill("page.rank_of", { rank: place }) : steppe.word(steppe.isWeighted() ? "page.not_ranked" : "page.weightless"),
            score.total !== null && score.high > score.low ? h("small", {}, `${score.low.toFixed(3)}–${score.high.toFixed(3)}`) : null,
            score.full || !steppe.isWeighted() ? null : h("small", {}, steppe.fill("page.coverage_of", { share: steppe.percent(score.coverage) })))),
        h("span", { class: "bar tall", "aria-hidden": "true" }, steppe.barParts(score)),
        steppe.howSure(id),
        data.info.criteria.map((criterion) => criterionBlock(criterion, measures.filter((one) => one.criterion === criterion.name), parts[criterion.name], weights)),
        loose.length ? loose.map((one) => measureRow(one, null)) : null,
        latency.length ? h("section", {}, h("h3", {}, steppe.word("page.latency")), steppe.latencyRows(latency, (one) => `→ ${steppe.placeName(one.to_id)}`)) : null,
        nearest(id),
        steppe.costList(id),
        steppe.checkList(id),
        h("section", {}, h("h3", {}, steppe.word("page.about")), fields(layer, row, steppe.own(data.facts.parks || {}, id, [])), missing(layer, row),
          children.length ? h("p", { class: "children" }, steppe.named("page.holds", ""), children.map((one) => siteLink(one))) : null,
          row.parent_id && steppe.row("parks", row.parent_id) ? h("p", { class: "children" }, steppe.named("field.parent_id", ""), siteLink(steppe.row("parks", row.parent_id))) : null)),
    ];
  }

  // The other parks that are soonest reached; of a pair the table holds one direction.
  function nearest(id) {
    const other = (one) => (one.from_id === id ? one.to_id : one.from_id);
    const rows = data.latency
      .filter((one) => (one.from_id === id || one.to_id === id) && steppe.row("parks", other(one)) && one.rtt_ms !== null)
      .sort(steppe.byRoundTrip).slice(0, N_NEAREST);
    if (!rows.length) return null;
    return h("section", {}, h("h3", {}, steppe.word("page.nearest")),
      h("ol", { class: "nearest" }, rows.map((one) => h("li", { "data-near": other(one) },
        siteLink(steppe.row("parks", other(one))), steppe.roundTripValue(one),
        h("span", { class: "classes" }, steppe.classBadges(one))))));
  }

  const siteLink = (row) => h("button", {
    type: "button", class: "link", onclick: () => steppe.change({ site: row.park_id, cable: null }, { origin: "list" }),
  }, steppe.names(row).join(" "));

  // ---------------------------------------------------------------- a cable, or anything else
  function corridorWords(row) {
    if (!isKnown(row.corridors)) return "page.corridor_none";
    return row.corridor_basis === "said" ? "page.corridor_said" : "page.corridor_assumed";
  }

  function cableCard(id) {
    const layer = steppe.layer("fibre");
    const i = layer.byId.get(id);
    const row = layer.rows[i];
    return [
      head(steppe.names(row), [tag(steppe.valueWord(row.status), row.status), tag(steppe.valueWord(row.existence), row.existence), tag(steppe.valueWord(row.geometry_kind))]),
      h("div", { class: "card-body" },
        h("p", { class: "warning" }, steppe.word("page.indicative"), steppe.state.lang === "zh" ? "" : " ", steppe.fill("page.accuracy_of", { km: steppe.number(row.accuracy_m / 1000) })),
        h("p", {}, steppe.word(corridorWords(row))),
        fields(layer, row, steppe.own(data.facts.fibre || {}, id, [])), missing(layer, row)),
    ];
  }

  const sentence = (row) => (row.evidence_zh ? h("p", { class: "sentence" }, steppe.say([row.evidence_zh, row.evidence_en])) : null);

  function featureCard({ layer: name, id }) {
    const layer = steppe.layer(name);
    const i = layer.byId.get(id);
    return [
      head(steppe.title(layer, i), [tag(steppe.say(layer.style.title)), tag(steppe.say(layer.rules[i].label))]),
      h("div", { class: "card-body" }, sentence(layer.rows[i]), fields(layer, layer.rows[i], []), missing(layer, layer.rows[i])),
    ];
  }

  // ---------------------------------------------------------------- open and close
  function fill({ keepPlace }) {
    const card = $("card");
    const { site, cable } = steppe.state;
    const top = keepPlace ? card.scrollTop : 0;
    const content = site ? siteCard(site) : cable ? cableCard(cable) : other ? featureCard(other) : null;
    card.hidden = !content;
    card.replaceChildren(...(content || []));
    card.scrollTop = top;
  }

  function close() {
    other = null;
    steppe.change({ site: null, cable: null });
    if (cameFrom && cameFrom.isConnected) cameFrom.focus();
    cameFrom = null;
  }

  steppe.openFeature = function (layer, id) {
    other = { layer, id };
    steppe.change({ site: null, cable: null }, { origin: "feature" });
  };

  steppe.startCards = function () {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if ($("card").hidden) steppe.clearMarks();
      else close();
    });
    steppe.onChange((changed, origin) => {
      const chosen = changed.has("site") || changed.has("cable");
      if (chosen && origin !== "feature") other = null;
      if (!chosen && !changed.has("lang") && !changed.has("weights")) return;
      fill({ keepPlace: !chosen });
      if (chosen && origin === "list" && !$("card").hidden) {
        cameFrom = document.activeElement;
        $("card").querySelector("h2").focus({ preventScroll: true });
      }
    });
  };
})();
