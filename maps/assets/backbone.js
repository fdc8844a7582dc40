// The backbone's section: independent routes, round trips, cuts and cables, for one target.

(function () {
  const { h, $, data } = steppe;
  const TELLING = ["border_crossing", "stretch", "corridor", "river_crossing", "city"];
  const APART = {
    cables: "page.apart_cables", nodes: "page.apart_nodes", risks: "page.apart_risks", distance: "page.apart_distance",
  };

  const toTarget = (row) => steppe.state.target === null || row.to_id === steppe.state.target;
  const kindOf = (id) => (steppe.row("nodes", id) || {}).kind;
  const range = (low, high) => (low === null ? steppe.word("value.unknown") : low === high ? String(low) : `${low}–${high}`);
  const hint = (key) => h("p", { class: "hint" }, steppe.word(key));

  // ---------------------------------------------------------------- independent routes
  // What can be reached comes first, and the core of the network before its edge.
  function orderPairs(rows) {
    const kinds = ["core", "metro", "border"];
    const place = (row) => {
      const kind = kinds.indexOf(kindOf(row.from_id));
      return (row.to_cut_high ? 0 : 10) + (kind < 0 ? 9 : kind);
    };
    return [...rows].sort((a, b) => place(a) - place(b));
  }

  // The shared risks of a pair, the most telling kind first, then what takes most cables.
  function risksOf(row) {
    const rows = steppe.sourceList(row.risk_ids).map((id) => steppe.row("risks", id)).filter(Boolean);
    return rows.sort((a, b) => TELLING.indexOf(a.kind) - TELLING.indexOf(b.kind) || b.n_cables - a.n_cables);
  }

  function evidence(row) {
    const risks = risksOf(row);
    if (!risks.length) return null;
    const layer = steppe.layer("risks");
    return h("details", { class: "evidence" },
      h("summary", {}, steppe.fill("page.evidence_of", { n: risks.length })),
      h("ul", {}, risks.map((risk) => h("li", { "data-risk": risk.risk_id },
        steppe.swatch("marker", layer.rules[layer.byId.get(risk.risk_id)].symbol),
        h("span", {}, h("button", { type: "button", class: "link", onclick: () => steppe.showFeature("risks", risk.risk_id) },
          steppe.say([risk.name_zh, risk.name_en])),
        h("span", { class: "hint" }, steppe.say([risk.evidence_zh, risk.evidence_en])))))));
  }

  const CIRCLED_ONE = 0x2460;
  steppe.routeText = (row) => `${String.fromCodePoint(CIRCLED_ONE + row.route - 1)} ${steppe.number(row.rtt_ms)} ms · ${steppe.number(row.route_km)} km`;

  function routeButton(row) {
    const key = steppe.routeKey(row);
    return h("button", {
      type: "button", class: "route", "data-route": key, "aria-pressed": "false", title: steppe.namesOf(row.path),
      onclick: () => steppe.toggleMark("route", key),
    }, steppe.routeText(row));
  }

  // One line for each way of being apart: both routes, and what they share all the same.
  function secondRoutes(pair) {
    const rows = data.disjoint.filter((row) => row.from_id === pair.from_id && row.to_id === pair.to_id);
    const untold = (pair.untold || "").split(" ");
    if (!rows.length) return null;
    return h("dl", { class: "apart" }, Object.keys(APART).map((apart) => {
      const routes = rows.filter((row) => row.apart === apart).sort((a, b) => a.route - b.route);
      const shared = routes.length ? routes[routes.length - 1].shared : null;
      return [h("dt", {}, steppe.word(APART[apart])),
        h("dd", {}, routes.length ? routes.map(routeButton) : steppe.word(untold.includes(apart) ? "value.unknown" : "page.apart_none"),
          shared ? h("span", { class: "hint" }, steppe.named("page.still_shared", steppe.namesOf(shared, "page.semicolon"))) : null)];
    }));
  }

  function redundancyCard(row) {
    const figure = (key, low, high, about) => h("div", { class: "figure", title: steppe.word(about) },
      h("span", { class: "figure-value" }, range(low, high)), h("span", { class: "figure-name" }, steppe.word(key)));
    return h("article", { class: "pair", "data-pair": row.from_id },
      h("h4", {}, `${steppe.placeName(row.from_id)} → ${steppe.placeName(row.to_id)}`),
      h("div", { class: "figures" },
        figure("page.nominal", row.nominal_low, row.nominal_high, "page.nominal_hint"),
        figure("page.to_cut", row.to_cut_low, row.to_cut_high, "page.to_cut_hint"),
        figure("page.effective", row.effective_low, row.effective_high, "page.effective_hint")),
      h("p", { class: "reason" }, row.reason),
      row.evidence ? h("p", { class: "hint" }, steppe.named("field.evidence", steppe.corridorNames(row.evidence))) : null,
      secondRoutes(row), evidence(row));
  }

  // The core, and whoever has a choice of routes, stand; the rest is folded away.
  function redundancy() {
    const rows = orderPairs(data.redundancy.filter(toTarget));
    const stands = (row) => kindOf(row.from_id) === "core" || row.to_cut_high > 1;
    const rest = rows.filter((row) => !stands(row));
    return [
      h("h3", {}, steppe.word("table.redundancy")), hint("page.redundancy_hint"),
      ...(rows.length ? rows.filter(stands).map(redundancyCard) : [hint("page.nothing")]),
      rest.length ? h("details", { class: "more" },
        h("summary", {}, steppe.fill("page.other_nodes", { n: rest.length })), rest.map(redundancyCard)) : "",
    ];
  }

  // ---------------------------------------------------------------- round trips
  const isKnown = (row) => row.rtt_ms !== null;
  const classOf = (id) => data.info.classes.find((one) => one.id === id);

  // The class that is met for sure, and the one that is met if all goes well.
  steppe.classBadges = function (row) {
    if (!isKnown(row) || !data.info.classes.length) return [];
    const sure = classOf(row.class_id), best = classOf(row.class_best_id);
    const badge = (kind, id, text) => h("span", { class: `badge ${kind}`, "data-class": id }, text);
    return [
      sure ? badge("sure", sure.id, steppe.say(sure.title)) : null,
      best && best !== sure ? badge("best", best.id, steppe.fill("page.class_best", { title: steppe.say(best.title) })) : null,
      sure || best ? null : badge("beyond", null, steppe.word("page.beyond_classes")),
    ];
  };

  steppe.roundTripValue = function (row) {
    if (!isKnown(row)) return h("span", { class: "latency-value" }, steppe.word("value.unknown"));
    const low = row.rtt_low_ms ?? row.rtt_ms, high = row.rtt_high_ms ?? row.rtt_ms;
    const parts = row.glass_rtt_ms === null ? String(row.rtt_ms)
      : steppe.fill("page.parts_of", { rtt: row.rtt_ms, glass: row.glass_rtt_ms, equipment: row.equipment_rtt_ms, one_way: row.one_way_ms });
    return h("span", { class: "latency-value", title: parts }, `${steppe.number(row.rtt_ms)} ms`,
      low < high ? h("small", {}, ` (${steppe.number(low)}–${steppe.number(high)})`) : null);
  };

  // All of it in multiples of the floor, so that near and far targets read alike.
  function track(row, widest) {
    const at = (value) => `${(100 * value) / row.floor_rtt_ms / widest}%`;
    const low = row.rtt_low_ms ?? row.rtt_ms, high = row.rtt_high_ms ?? row.rtt_ms;
    return h("span", { class: "track", "aria-hidden": "true" },
      h("span", { class: "band", style: { left: at(low), width: `calc(${at(high - low)} + 2px)` } }),
      h("span", { class: "dot", style: { left: at(row.rtt_ms) } }),
      h("span", { class: "floor", style: { left: at(row.floor_rtt_ms) } }));
  }

  function latencyRow(row, name, widest) {
    const note = [
      `${steppe.word("page.floor")} ${steppe.number(row.floor_rtt_ms)} ms${row.floor_ratio === null ? "" : ` × ${steppe.number(row.floor_ratio)}`}`,
      row.route_km ? `${steppe.number(row.route_km)} km` : null,
      row.status && isKnown(row) ? steppe.valueWord(row.status) : null,
    ];
    const badges = steppe.classBadges(row).filter(Boolean);
    return h("div", { class: "latency-row", "data-from": row.from_id, "data-to": row.to_id },
      h("span", { class: "latency-name" }, name(row)), steppe.roundTripValue(row),
      isKnown(row) && row.floor_rtt_ms > 0 ? track(row, widest) : null,
      badges.length ? h("span", { class: "classes" }, badges) : null,
      h("span", { class: "latency-note" }, note.filter(Boolean).join(" · ")),
      row.reason ? h("span", { class: "latency-note why", title: row.reason }, row.reason) : null);
  }

  // The known ones, each on a line: floor as a tick, band as a bar, value as a dot.  What is
  // unknown for one and the same reason stands together.
  steppe.latencyRows = function (rows, name) {
    const known = rows.filter(isKnown);
    const widest = Math.max(1, ...known.filter((row) => row.floor_rtt_ms > 0).map((row) => (row.rtt_high_ms ?? row.rtt_ms) / row.floor_rtt_ms)) * 1.03;
    const reasons = new Map();
    rows.filter((row) => !isKnown(row)).forEach((row) => reasons.set(row.reason, [...(reasons.get(row.reason) || []), row]));
    return h("div", { class: "latency" }, known.map((row) => latencyRow(row, name, widest)),
      [...reasons].map(([reason, unknown]) => h("div", { class: "latency-row unknown" },
        h("span", { class: "latency-name" }, unknown.map(name).join(steppe.word("page.comma"))), steppe.roundTripValue(unknown[0]),
        h("span", { class: "latency-note" }, [
          steppe.named("page.floor", unknown.map((row) => `${steppe.number(row.floor_rtt_ms)} ms`).join(steppe.word("page.comma"))), reason,
        ].filter(Boolean).join(" · ")))));
  };

  steppe.byRoundTrip = (a, b) => a.rtt_ms - b.rtt_ms;

  function roundTrips() {
    const nodes = steppe.layer("nodes").byId;
    const rows = data.latency.filter((row) => nodes.has(row.from_id) && toTarget(row)).sort(steppe.byRoundTrip);
    const name = (row) => (steppe.state.target === null
      ? `${steppe.placeName(row.from_id)} → ${steppe.placeName(row.to_id)}` : steppe.placeName(row.from_id));
    return [
      h("h3", {}, steppe.word("page.latency")), hint("page.latency_hint"),
      data.info.classes.length ? hint("page.class_hint") : "",
      rows.length ? steppe.latencyRows(rows, name) : hint("page.latency_in_cards"),
    ];
  }

  // ---------------------------------------------------------------- cuts
  // What a cut does, in words.
  steppe.cutEffects = (row) => [
    row.n_isolated ? steppe.fill("page.cut_off", { n: row.n_isolated, places: steppe.namesOf(row.isolated) }) : null,
    row.n_slower ? steppe.fill("page.slower", {
      n: row.n_slower, place: steppe.placeName(row.worst_id), before: steppe.number(row.worst_before_ms), after: steppe.number(row.worst_after_ms),
    }) : null,
  ].filter(Boolean);

  function cutItem(row) {
    return h("li", { "data-cut": row.cut_id },
      h("button", { type: "button", class: "row cut-row", "aria-pressed": "false", onclick: () => steppe.toggleMark("cut", row.cut_id) },
        h("span", { class: "rank" }, String(row.rank)),
        h("span", { class: "names" }, h("span", { class: "cut-name" }, steppe.say([row.name_zh, row.name_en])),
          steppe.cutEffects(row).map((text) => h("span", { class: "cut-effect" }, text)))));
  }

  function cuts() {
    const rows = data.cuts.filter(toTarget).sort((a, b) => a.rank - b.rank);
    const list = (units, key) => {
      const found = rows.filter((row) => row.n_units === units);
      return [h("h4", { class: "cut-head" }, steppe.word(key)),
        found.length ? h("ol", { class: "ranking cuts", "data-units": String(units) }, found.map(cutItem)) : hint("page.nothing")];
    };
    return [h("h3", {}, steppe.word("page.cuts")), hint("page.cuts_hint"), ...list(1, "page.cuts_single"), ...list(2, "page.cuts_double")];
  }

  // ---------------------------------------------------------------- cables
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

  // ---------------------------------------------------------------- the section
  steppe.fillBackbone = function () {
    const fibre = steppe.layer("fibre");
    $("backbone-count").textContent = String(fibre.rows.length);
    $("backbone").replaceChildren(
      hint("page.indicative"), ...redundancy(), ...roundTrips(), ...cuts(),
      h("h3", {}, steppe.word("page.cables")),
      h("ul", { class: "ranking cables" }, fibre.rows.map((_, i) => cableItem(fibre, i))));
    fillChosen();
  };

  function fillChosen() {
    const { cable, cut, route } = steppe.state;
    for (const item of document.querySelectorAll("li[data-cable]")) item.classList.toggle("chosen", item.dataset.cable === cable);
    for (const item of document.querySelectorAll("li[data-cut]")) {
      item.classList.toggle("chosen", item.dataset.cut === cut);
      item.querySelector("button").setAttribute("aria-pressed", String(item.dataset.cut === cut));
    }
    for (const button of document.querySelectorAll("[data-route]")) button.setAttribute("aria-pressed", String(button.dataset.route === route));
  }

  function fillTargets() {
    const { targets } = data.info;
    $("target-line").hidden = targets.length < 2;
    $("target").replaceChildren(...targets.map((id, i) => h("option", { value: id },
      i ? steppe.placeName(id) : steppe.fill("page.target_scored", { name: steppe.placeName(id) }))));
  }

  steppe.startBackbone = function () {
    $("target").addEventListener("change", () => steppe.change({ target: $("target").value, cut: null, route: null }));
    steppe.onChange((changed) => {
      if (changed.has("lang")) fillTargets();
      if (changed.has("lang") || changed.has("target")) {
        $("target").value = steppe.state.target;
        steppe.fillBackbone();
      } else if (["cable", "cut", "route"].some((name) => changed.has(name))) fillChosen();
    });
  };
})();
