// The panel's folded sections: claims, method, sources.

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

  const corridorName = (id) => {
    const row = steppe.row("corridors", id);
    return row ? steppe.say([row.name_zh, row.name_en]) : id;
  };
  const joined = (text, name, between = "page.comma") => steppe.sourceList(text).map(name).join(steppe.word(between));
  steppe.corridorNames = (text) => joined(text, corridorName);
  // Cables, risks and places by name, of identifiers that blanks separate.
  const nameOf = (id) => {
    const row = steppe.row("fibre", id) || steppe.row("risks", id);
    return row ? steppe.say([row.name_zh, row.name_en]) : steppe.placeName(id);
  };
  steppe.namesOf = (text, between) => joined(text, nameOf, between);

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

  // What a measure is worth: nothing, between two ends, or from point to point.
  function shapeText({ worst, best, unit, steepness, points }) {
    const measured = (value) => `${value} ${unit}`.trim();
    if (points) {
      const told = points.map(([at, worth]) => steppe.fill("page.point", { at: measured(at), worth: String(worth) }));
      return steppe.named("page.ends_pieces", told.join(steppe.word("page.comma")));
    }
    if (worst === null || best === null) return steppe.word("page.not_scored");
    const ends = steppe.fill("page.ends", { worst: measured(worst), best: measured(best) });
    return steepness === undefined ? ends : `${ends}${steppe.word("page.semicolon")}${steppe.fill("page.ends_sigmoid", { steepness })}`;
  }

  function measureLine(measure, share) {
    return h("li", { "data-method": measure.id }, h("b", {}, steppe.say(measure.title)),
      measure.weight > 0 ? ` · ${steppe.percent(share / 100)}` : "", h("br"), shapeText(measure), h("br"), h("span", { class: "hint" }, measure.reason));
  }

  const sharesOf = (entries) => steppe.shares(entries.map((one) => one.weight)) || entries.map(() => 0);

  function fillMethod() {
    const shares = sharesOf(data.info.criteria);
    $("method").replaceChildren(h("p", {}, steppe.word("page.method_text")),
      ...data.info.criteria.map((criterion, i) => h("article", { class: "criterion" },
        h("h4", {}, h("span", { class: "chip", style: { background: steppe.criterionColour(criterion.name) } }),
          steppe.say(criterion.title), h("span", { class: "count" }, steppe.percent(shares[i] / 100))),
        h("ul", {}, criterion.measures.map((measure, k) => measureLine(measure, sharesOf(criterion.measures)[k]))))),
      ...(data.calibration.length ? calibration() : []));
  }

  // Published round trips beside what the plan's rules make of the same pairs.
  function calibration() {
    const head = ["page.published", "page.floor", "page.by_rule", "page.by_model"];
    return [
      h("h3", {}, steppe.word("table.calibration")),
      h("p", { class: "hint" }, steppe.word("page.calibration_hint")),
      h("table", { class: "trips" },
        h("thead", {}, h("tr", {}, head.map((key) => h("th", { scope: "col" }, steppe.word(key))))),
        data.calibration.map(trip)),
      unmeasured(),
    ];
  }

  function trip(row) {
    const cell = (value, low, high, residual) => h("td", { title: value === undefined ? null : String(value) },
      steppe.number(value), low === undefined ? null : h("small", {}, `${steppe.number(low)}–${steppe.number(high)}`),
      residual === undefined ? null : h("small", {}, `${residual < 0 ? "\u2212" : "+"}${steppe.number(Math.abs(residual))}\u2009%`));
    return h("tbody", { "data-trip": row.trip_id },
      h("tr", {}, h("th", { scope: "rowgroup", colspan: "4" }, `${steppe.say([row.from_zh, row.from_en])} – ${steppe.say([row.to_zh, row.to_en])}`,
        h("small", {}, ` ${steppe.valueWord(row.kind)} · ${steppe.datedSource(row.source_id)}`))),
      h("tr", {}, cell(row.rtt_ms), h("td", { title: String(row.floor_rtt_ms) }, steppe.number(row.floor_rtt_ms), h("small", {}, `× ${steppe.number(row.floor_ratio)}`)),
        cell(row.rule_rtt_ms, undefined, undefined, row.rule_residual_pct),
        cell(row.model_rtt_ms, row.model_low_ms, row.model_high_ms, row.model_residual_pct)));
  }

  // Which pairs of the plan itself no published figure speaks of.
  function unmeasured() {
    const isCore = (id) => (steppe.row("nodes", id) || {}).kind === "core";
    const starts = [...new Set(data.disjoint.map((row) => row.from_id))].filter(isCore);
    if (!starts.length) return null;
    return h("p", { class: "warning" }, steppe.fill("page.no_measured", {
      from: steppe.namesOf(starts.join(" ")), to: steppe.placeName(data.info.targets[0]),
    }));
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
    fillClaims();
    fillMethod();
    fillSources();
  };
})();
