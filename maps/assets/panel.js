// The panel: weights, ranking, layers with their legend.

(function () {
  const { h, $, data, criteria } = steppe;
  const COLOURS = ["#3d7ea6", "#c8811a", "#7d6a9c", "#4b8b5e", "#b1584c", "#6b7c85", "#8f7a2f", "#2f8f8a"];
  const STEPS = 100; // of a slider from 0 to 1
  const parks = steppe.layer("parks");
  const idsOfLevel = (wanted) => parks.rows
    .filter((row) => (row.level === data.info.level) === wanted).map((row) => row.park_id);

  steppe.criterionColour = (name) => COLOURS[criteria.indexOf(name) % COLOURS.length];
  steppe.criterionTitle = (name) => {
    const criterion = data.info.criteria.find((one) => one.name === name);
    return criterion ? steppe.say(criterion.title) : name;
  };
  const scores = new Map(parks.rows.map((row) => [row.park_id, steppe.own(data.scores, row.park_id, {})]));
  steppe.scoresOf = (id) => scores.get(id);

  // ---------------------------------------------------------------- ranking
  const rankAll = (ids, weights) => steppe.rank(ids, Object.fromEntries(ids.map((id) => [id, scores.get(id)])), weights, criteria);
  const plannedWeights = Object.fromEntries(data.info.criteria.map((one) => [one.name, one.weight]));
  const plannedRanks = new Map(rankAll(idsOfLevel(true), plannedWeights).ranked.map((row) => [row.id, row.rank]));

  steppe.ranking = function () {
    const { ranked, partial } = rankAll(idsOfLevel(true), steppe.state.weights);
    const rest = rankAll(idsOfLevel(false), steppe.state.weights);
    return { ranked, partial, others: [...rest.ranked.map((row) => ({ ...row, rank: null })), ...rest.partial] };
  };
  // Totals by park: what a test holds against Python's sums.
  steppe.totals = () => {
    const { ranked, partial, others } = steppe.ranking();
    return Object.fromEntries([...ranked, ...partial, ...others].map(({ id, total, coverage }) => [id, { total, coverage }]));
  };
  // Shares of the weights in words, by criterion; a dash for each where all are 0.
  steppe.weightShares = function (weights) {
    const shares = steppe.shares(criteria.map((name) => weights[name]));
    return Object.fromEntries(criteria.map((name, i) => [name, shares ? steppe.percent(shares[i] / 100) : "\u2013"]));
  };
  steppe.isWeighted = () => criteria.some((name) => steppe.state.weights[name] > 0);
  // Parks that a plan holds its own against say so in their role.
  const isComparison = (row) => String(row.role || "").startsWith("comparison");
  const isAssumed = (id) => steppe.own(data.measures, id, []).some((row) => row.status === "assumed");

  const items = new Map();

  function makeItem(row) {
    const id = row.park_id;
    const parts = {
      rank: h("span", { class: "rank" }),
      total: h("span", { class: "total" }),
      bar: h("span", { class: "bar", "aria-hidden": "true" }),
      notes: h("span", { class: "notes" }),
    };
    const button = h("button", { type: "button", class: "row" },
      parts.rank,
      h("span", { class: "names" }, h("span", { class: "zh", lang: "zh-CN" }, row.name_zh), h("span", { class: "en", lang: "en" }, row.name_en)),
      parts.total, parts.bar, parts.notes);
    const item = h("li", {
      "data-site": id,
      onclick: () => steppe.change({ site: id, cable: null }, { origin: "list" }),
      onmouseenter: () => steppe.hover(id), onmouseleave: () => steppe.hover(null),
      onfocusin: () => steppe.hover(id), onfocusout: () => steppe.hover(null),
    }, button);
    return { item, button, ...parts };
  }

  function fillItem(score) {
    const place = score.rank;
    const { item, rank, total, bar, notes } = items.get(score.id);
    const row = steppe.row("parks", score.id);
    rank.textContent = place ? String(place) : "";
    total.textContent = score.total === null ? "–" : score.total.toFixed(3);
    total.title = score.total === null ? steppe.word("value.unknown") : `${score.total} (${score.low} – ${score.high})`;
    item.classList.toggle("incomplete", !score.full);
    bar.replaceChildren(...steppe.barParts(score));
    const chance = place && steppe.isPlanned() ? steppe.chanceOf(score.id) : null;
    const shift = place && !steppe.isPlanned() ? plannedRanks.get(score.id) - place : 0;
    notes.replaceChildren(
      h("span", {}, [row.city, place ? null : steppe.valueWord(row.level), steppe.valueWord(row.status)].filter(Boolean).join(" · ")),
      score.full || !steppe.isWeighted() ? "" : h("span", { class: "badge" }, steppe.fill("page.coverage_of", { share: steppe.percent(score.coverage) })),
      isComparison(row) ? h("span", { class: "badge" }, steppe.word("page.comparison")) : "",
      isAssumed(score.id) ? h("span", { class: "badge assumed" }, steppe.word("page.has_assumed")) : "",
      shift ? h("span", { class: shift > 0 ? "shift up" : "shift down", title: steppe.word("page.shift") }, `${shift > 0 ? "▲" : "▼"}${Math.abs(shift)}`) : "",
      chance === null ? "" : h("span", { class: "chance-note" }, steppe.chanceText(chance)));
  }

  // Contributions of the criteria side by side, and a whisker from the low to the high total.
  steppe.barParts = function (score) {
    const { weights } = steppe.state;
    const parts = scores.get(score.id);
    const all = criteria.reduce((sum, name) => sum + weights[name], 0);
    const known = score.coverage * all;
    const pieces = criteria.filter((name) => known > 0 && steppe.own(parts, name, {}).value != null).map((name) =>
      h("span", { class: "piece", style: { width: `${(100 * weights[name] * parts[name].value) / known}%`, background: steppe.criterionColour(name) } }));
    if (score.total !== null && score.high > score.low) {
      pieces.push(h("span", { class: "whisker", style: { left: `${100 * score.low}%`, width: `${100 * (score.high - score.low)}%` } }));
    }
    return pieces;
  };

  function fillList(list, rows) {
    const before = new Map([...list.children].map((item) => [item, item.getBoundingClientRect().top]));
    const wanted = rows.map((row) => {
      fillItem(row);
      return items.get(row.id).item;
    });
    if (wanted.every((item, i) => item === list.children[i]) && wanted.length === list.children.length) return;
    const focused = document.activeElement;
    list.replaceChildren(...wanted);
    if (focused && list.contains(focused)) focused.focus({ preventScroll: true });
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const item of wanted) {
      const moved = before.has(item) ? before.get(item) - item.getBoundingClientRect().top : 0;
      if (moved) item.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: 220, easing: "ease-out" });
    }
  }

  function fillRanking() {
    const { ranked, partial, others } = steppe.ranking();
    fillList($("ranking"), ranked);
    fillList($("partial"), partial);
    fillList($("others"), others);
    $("partial-title").hidden = $("partial-hint").hidden = !partial.length || !steppe.isWeighted();
    $("weightless").hidden = steppe.isWeighted();
    $("ranking-title").textContent = steppe.fill("page.ranking", { level: steppe.valueWord(data.info.level) });
    $("ranking-count").textContent = String(ranked.length);
    $("others-count").textContent = String(others.length);
    if (ranked.length) $("ranking-news").textContent = steppe.fill("page.leader", { name: steppe.names(steppe.row("parks", ranked[0].id)).join(" ") });
  }

  function fillChosen() {
    for (const [id, { item, button }] of items) {
      const chosen = id === steppe.state.site;
      item.classList.toggle("chosen", chosen);
      if (chosen) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  steppe.hover = function (id) {
    for (const [one, { item }] of items) item.classList.toggle("hot", one === id);
    steppe.markOnMap(id);
  };

  // ---------------------------------------------------------------- weights
  const sliders = new Map();

  function makeWeights() {
    for (const { name } of data.info.criteria) {
      const input = h("input", {
        type: "range", min: "0", max: String(STEPS), step: "1", id: `weight-${criteria.indexOf(name)}`, "data-criterion": name,
        style: { "--tone": steppe.criterionColour(name) },
        oninput: () => steppe.change({ weights: { ...steppe.state.weights, [name]: Number(input.value) / STEPS } }),
      });
      const title = h("label", { for: input.id });
      const share = h("output", { for: input.id, class: "share" });
      sliders.set(name, { input, title, share });
      $("weights").append(h("div", { class: "weight" },
        h("span", { class: "chip", style: { background: steppe.criterionColour(name) } }), title, input, share));
    }
  }

  function fillWeights() {
    const { weights } = steppe.state;
    const shares = steppe.weightShares(weights);
    for (const [name, { input, title, share }] of sliders) {
      const wanted = String(Math.min(STEPS, Math.round(weights[name] * STEPS)));
      if (input.value !== wanted) input.value = wanted;
      input.style.setProperty("--fill", `${wanted}%`);
      title.textContent = steppe.criterionTitle(name);
      share.textContent = shares[name];
      input.setAttribute("aria-valuetext", share.textContent);
    }
  }

  // ---------------------------------------------------------------- layers and legend
  const switches = new Map();

  function layerSwitch(style, body) {
    const input = h("input", {
      type: "checkbox", "data-layer": style.layer,
      onchange: () => {
        const layers = new Set(steppe.state.layers);
        if (input.checked) layers.add(style.layer);
        else layers.delete(style.layer);
        steppe.change({ layers });
      },
    });
    const legend = h("div", { class: "legend-body" }, body);
    switches.set(style.layer, { input, legend });
    return h("div", { class: "legend-layer" }, h("label", {}, input, h("span", {}, steppe.say(style.title))), legend);
  }

  function ruleRows({ style, rules }) {
    return style.rules.filter((rule) => rules.includes(rule)).map((rule) =>
      h("div", { class: "legend-rule" }, steppe.swatch(style.geometry, rule.symbol), h("span", {}, steppe.say(rule.label))));
  }

  function ramp({ style }) {
    const from = style.stops[0].value;
    const span = style.stops[style.stops.length - 1].value - from;
    const at = (stop) => `${(100 * (stop.value - from)) / span}%`;
    const colours = style.stops.map((stop) => `${stop.colour} ${at(stop)}`).join(", ");
    const ends = [style.stops[0], style.stops[style.stops.length - 1]];
    return [h("div", { class: "ramp", style: { background: `linear-gradient(to right, ${colours})` } }),
      h("div", { class: "ramp-ends" }, ends.map((stop) => h("span", {}, stop.label)))];
  }

  function fillLayers() {
    const groups = new Map();
    for (const layer of steppe.layers.values()) {
      if (!layer.rows.length) continue;
      const group = groups.get(layer.style.group) || [];
      groups.set(layer.style.group, [...group, layerSwitch(layer.style, [...ruleRows(layer), layer.name === "parks" ? h("p", { class: "hint" }, steppe.word("page.marker_hint")) : ""])]);
    }
    for (const raster of data.rasters) {
      const group = groups.get(raster.style.group) || [];
      groups.set(raster.style.group, [...group, layerSwitch(raster.style, ramp(raster))]);
    }
    $("layers").replaceChildren(...[...groups].map(([name, entries]) =>
      h("fieldset", {}, h("legend", {}, steppe.word(`group.${name}`)), entries)));
  }

  function fillSwitches() {
    for (const [name, { input, legend }] of switches) {
      input.checked = steppe.state.layers.has(name);
      legend.hidden = !input.checked;
    }
  }

  // ---------------------------------------------------------------- head and start
  function fillHead() {
    const { info } = data;
    $("title").textContent = info.title[0];
    $("subtitle").textContent = info.title[1];
    const scenario = steppe.fill("page.scenario_of", { name: steppe.valueWord(info.scenario), year: info.year });
    $("meta").replaceChildren(h("span", {}, scenario), h("span", {}, `${steppe.word("note.as_of")} ${info.as_of}`));
    $("language").textContent = steppe.word("page.other_language");
    const review = info.review_number ? `${data.words["note.review_number"][0]}${data.words["page.colon"][0]}${info.review_number}` : data.words["note.not_reviewed"].join(" / ");
    $("note").replaceChildren(h("strong", {}, review), h("span", {}, data.words["page.indicative"].join(" / ")));
  }

  steppe.openSection = function (id) {
    $(id).open = true;
    $(id).scrollIntoView({ block: "start" });
  };

  steppe.startPanel = function () {
    makeWeights();
    steppe.startDecision();
    for (const row of parks.rows) items.set(row.park_id, makeItem(row));
    $("reset").addEventListener("click", () => { steppe.reset(); steppe.showView(); });
    $("language").addEventListener("click", () => steppe.change({ lang: steppe.state.lang === "zh" ? "en" : "zh" }));
    if (matchMedia("(max-width: 900px)").matches) $("legend").open = false;
    steppe.onChange((changed, origin) => {
      if (changed.has("weights")) $("strange-weights").hidden = origin !== "address" || !steppe.hasStrangeWeights();
      if (changed.has("lang")) { fillHead(); fillLayers(); }
      if (changed.has("lang") || changed.has("layers")) fillSwitches();
      if (changed.has("lang") || changed.has("weights")) { fillWeights(); fillRanking(); }
      if (changed.has("site")) fillChosen();
      if (changed.has("lang")) steppe.fillSections();
    });
    steppe.startBackbone();
  };
})();
