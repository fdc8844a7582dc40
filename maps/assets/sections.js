// The panel's folded sections: backbone, claims, method, sources.

(function () {
  const { h, $, data } = steppe;

  steppe.sourceList = (text) => (text ? String(text).split(" ").filter(Boolean) : []);
  steppe.sourceName = (id) => {
    const source = steppe.own(data.sources, id, null);
    return source ? source.attribution : id;
  };
  // The same with the year that its data are of.
  steppe.datedSource = (id) => {
    const source = steppe.own(data.sources, id, null);
    return source ? steppe.fill("page.dated", { name: source.attribution, year: source.as_of.slice(0, 4) }) : id;
  };
  steppe.datedSources = (text) => [...new Set(steppe.sourceList(text).map(steppe.datedSource))];
  steppe.mapSources = function () {
    const used = new Map();
    const count = (id) => id && used.set(steppe.sourceName(id), (used.get(steppe.sourceName(id)) || 0) + 1);
    for (const layer of steppe.layers.values()) layer.rows.forEach((row) => count(row.source_id));
    data.rasters.forEach((raster) => count(raster.source_id));
    return [...used].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  };

  const range = (low, high) => (low === high ? String(low) : `${low}–${high}`);
  const corridorName = (id) => {
    const row = steppe.row("corridors", id);
    return row ? steppe.say([row.name_zh, row.name_en]) : id;
  };
  steppe.corridorNames = (text) => steppe.sourceList(text).map(corridorName).join(steppe.word("page.comma"));

  // ---------------------------------------------------------------- backbone
  // What can be reached comes first, and the core of the network before its edge.
  function orderPairs(rows) {
    const kinds = ["core", "metro", "border"];
    const place = (row) => {
      const kind = kinds.indexOf((steppe.row("nodes", row.from_id) || {}).kind);
      return (row.to_cut_high ? 0 : 10) + (kind < 0 ? 9 : kind);
    };
    return [...rows].sort((a, b) => place(a) - place(b));
  }

  function redundancyCard(row) {
    const figure = (key, low, high, hint) => h("div", { class: "figure", title: steppe.word(hint) },
      h("span", { class: "figure-value" }, range(low, high)), h("span", { class: "figure-name" }, steppe.word(key)));
    return h("article", { class: "pair" },
      h("h4", {}, `${steppe.placeName(row.from_id)} → ${steppe.placeName(row.to_id)}`),
      h("div", { class: "figures" },
        figure("page.nominal", row.nominal_low, row.nominal_high, "page.nominal_hint"),
        figure("page.to_cut", row.to_cut_low, row.to_cut_high, "page.to_cut_hint"),
        figure("page.effective", row.effective_low, row.effective_high, "page.effective_hint")),
      h("p", { class: "reason" }, row.reason),
      row.evidence ? h("p", { class: "hint" }, steppe.named("field.evidence", steppe.corridorNames(row.evidence))) : null);
  }

  const highest = (row) => row.rtt_high_ms ?? row.rtt_ms ?? row.floor_rtt_ms;

  // One line per route: the physical floor as a tick, the band as a bar, the value as a dot.
  steppe.latencyRows = function (rows) {
    const longest = Math.max(...rows.map(highest));
    const at = (value) => `${(100 * value) / (longest * 1.05)}%`;
    return h("div", { class: "latency" }, rows.map((row) => {
      const known = row.rtt_ms !== undefined;
      const low = row.rtt_low_ms ?? row.rtt_ms, high = row.rtt_high_ms ?? row.rtt_ms;
      return h("div", { class: "latency-row" },
        h("span", { class: "latency-name" }, `${steppe.placeName(row.from_id)} → ${steppe.placeName(row.to_id)}`),
        h("span", { class: "latency-value", title: known ? String(row.rtt_ms) : "" },
          known ? `${steppe.number(row.rtt_ms)} ms` : steppe.word("value.unknown"),
          known && low < high ? h("small", {}, ` (${steppe.number(low)}–${steppe.number(high)})`) : null),
        h("span", { class: "track", "aria-hidden": "true" },
          known ? h("span", { class: "band", style: { left: at(low), width: `calc(${at(high - low)} + 2px)` } }) : null,
          known ? h("span", { class: "dot", style: { left: at(row.rtt_ms) } }) : null,
          h("span", { class: "floor", style: { left: at(row.floor_rtt_ms) } })),
        h("span", { class: "latency-note" },
          `${steppe.word("page.floor")} ${steppe.number(row.floor_rtt_ms)} ms`,
          row.route_km ? ` · ${steppe.number(row.route_km)} km` : "",
          row.status ? ` · ${steppe.valueWord(row.status)}` : "",
          row.reason ? ` · ${row.reason}` : ""));
    }));
  };

  function cableItem(layer, i) {
    const row = layer.rows[i];
    const facts = [steppe.valueWord(row.status), row.year, row.fibres ? steppe.fill("page.n_fibres", { n: row.fibres }) : null,
      `${steppe.number(row.length_km)} km`];
    return h("li", {
      "data-cable": row.cable_id,
      onclick: () => steppe.change({ cable: row.cable_id, site: null }, { origin: "list" }),
    }, h("button", { type: "button", class: "row cable-row" },
      steppe.swatch("line", layer.rules[i].symbol),
      h("span", { class: "names" }, h("span", { class: "zh", lang: "zh-CN" }, row.name_zh), h("span", { class: "en", lang: "en" }, row.name_en)),
      h("span", { class: "notes" }, facts.filter(Boolean).join(" · "))));
  }

  function fillBackbone() {
    const fibre = steppe.layer("fibre");
    const nodes = steppe.layer("nodes").byId;
    const latency = data.latency.filter((row) => nodes.has(row.from_id));
    $("backbone-count").textContent = String(fibre.rows.length);
    $("backbone").replaceChildren(
      h("p", { class: "hint" }, steppe.word("page.indicative")),
      h("h3", {}, steppe.word("table.redundancy")),
      h("p", { class: "hint" }, steppe.word("page.redundancy_hint")),
      ...(data.redundancy.length ? orderPairs(data.redundancy).map(redundancyCard) : [h("p", { class: "hint" }, steppe.word("page.nothing"))]),
      h("h3", {}, steppe.word("page.latency")),
      h("p", { class: "hint" }, steppe.word("page.latency_hint")),
      latency.length ? steppe.latencyRows(latency) : h("p", { class: "hint" }, steppe.word("page.latency_in_cards")),
      h("h3", {}, steppe.word("page.cables")),
      h("ul", { class: "ranking cables" }, fibre.rows.map((_, i) => cableItem(fibre, i))));
    fillChosenCable();
  }

  function fillChosenCable() {
    for (const item of document.querySelectorAll("li[data-cable]")) {
      item.classList.toggle("chosen", item.dataset.cable === steppe.state.cable);
    }
  }

  // ---------------------------------------------------------------- claims, method, sources
  function fillClaims() {
    $("claims-count").textContent = String(data.claims.length);
    $("claims").replaceChildren(...data.claims.map((row) => h("article", { class: "claim" },
      h("p", { class: "claim-head" }, h("span", { class: `verdict ${row.verdict}` }, steppe.valueWord(row.verdict)),
        h("span", { class: "hint" }, `${steppe.datedSource(row.source_id)} · ${row.place_in_text}`)),
      h("blockquote", { lang: steppe.state.lang === "zh" ? "zh-CN" : "en" }, steppe.say([row.text_zh, row.text_en])),
      row.found ? h("p", {}, h("b", {}, steppe.named("field.found", "")), row.found) : null,
      h("p", { class: "reason" }, row.reason),
      row.source_ids ? h("p", { class: "hint" }, steppe.datedSources(row.source_ids).join(" · ")) : null)));
  }

  function measureLine(measure, share) {
    const ends = measure.worst === null || measure.best === null ? steppe.word("page.not_scored")
      : steppe.fill("page.ends", { worst: `${measure.worst} ${measure.unit}`, best: `${measure.best} ${measure.unit}` });
    return h("li", {}, h("b", {}, steppe.say(measure.title)),
      measure.weight > 0 ? ` · ${steppe.percent(share / 100)}` : "", h("br"), ends, h("br"), h("span", { class: "hint" }, measure.reason));
  }

  const sharesOf = (entries) => steppe.shares(entries.map((one) => one.weight)) || entries.map(() => 0);

  function fillMethod() {
    const shares = sharesOf(data.info.criteria);
    $("method").replaceChildren(h("p", {}, steppe.word("page.method_text")),
      ...data.info.criteria.map((criterion, i) => h("article", { class: "criterion" },
        h("h4", {}, h("span", { class: "chip", style: { background: steppe.criterionColour(criterion.name) } }),
          steppe.say(criterion.title), h("span", { class: "count" }, steppe.percent(shares[i] / 100))),
        h("ul", {}, criterion.measures.map((measure, k) => measureLine(measure, sharesOf(criterion.measures)[k]))))));
  }

  function fillSources() {
    const sources = Object.values(data.sources);
    $("sources-count").textContent = String(sources.length);
    $("sources").replaceChildren(...sources.map((source) => h("article", { class: "source" },
      h("h4", {}, source.title),
      h("p", {}, `${source.publisher}, ${source.year} · ${steppe.datedSource(source.source_id)}`),
      h("p", { class: "hint" }, `${steppe.word("page.licence")} ${source.licence} · ${steppe.word("field.as_of")} ${source.as_of}`),
      h("p", { class: "hint" }, source.accuracy),
      source.note ? h("p", { class: "hint" }, source.note) : null,
      source.url ? h("p", { class: "hint url" }, source.url) : null)));
  }

  steppe.fillSections = function () {
    fillBackbone();
    fillClaims();
    fillMethod();
    fillSources();
  };

  steppe.onChange((changed) => {
    if (changed.has("cable")) fillChosenCable();
  });
})();
