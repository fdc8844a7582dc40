// The decision in words at the head of the panel, and the scenarios side by side.

(function () {
  const { h, $, data } = steppe;
  const { answers, scenarios, changes } = data.decision;
  const N_OPEN = 2; // the answers that stand open at first
  const KINDS = ["rank", "score", "rtt", "routes", "site", "cost"];
  const boxes = new Map();

  // ---------------------------------------------------------------- answers
  function makeAnswers() {
    $("decision").replaceChildren(...answers.map((row, i) => {
      const box = { title: h("summary"), text: h("p") };
      boxes.set(row, box);
      return h("details", { class: "answer", "data-question": row.question, open: i < N_OPEN }, box.title, box.text);
    }));
    $("decision-section").hidden = !answers.length;
  }

  function fillAnswers() {
    for (const [row, { title, text }] of boxes) {
      title.textContent = steppe.say([row.title_zh, row.title_en]);
      text.textContent = steppe.say([row.text_zh, row.text_en]);
    }
  }

  // ---------------------------------------------------------------- scenarios
  const wordOf = (keys, otherwise) => {
    const key = keys.find((one) => Object.hasOwn(data.words, one));
    return key ? steppe.word(key) : otherwise;
  };
  function spell({ kind }, value) {
    if (kind === "site") return steppe.word(value === null ? "value.no" : "value.yes");
    if (value === null) return "–";
    if (kind === "rtt") return value.toFixed(2);
    return kind === "score" ? value.toFixed(3) : steppe.number(value);
  }

  function changeItem(row) {
    const what = ["rank", "score", "rtt", "site"].includes(row.kind) ? null
      : h("small", {}, ` ${wordOf([`field.${row.quantity}`, `cost.${row.quantity}`], row.quantity)}`);
    const unit = row.unit === "1" ? "" : ` ${row.unit}`;
    return h("li", { "data-change": row.kind },
      h("span", {}, steppe.say([row.name_zh, row.name_en]), what),
      h("span", { class: "change-value", title: `${row.before} → ${row.after}` }, `${spell(row, row.before)} → ${spell(row, row.after)}${unit}`));
  }

  function changeGroup(kind, rows) {
    if (!rows.length) return null;
    const title = kind === "rtt" ? steppe.fill("change.rtt", { place: steppe.placeName(rows[0].quantity) }) : steppe.word(`change.${kind}`);
    return [h("h4", {}, title), h("ul", { class: "changes" }, rows.map(changeItem))];
  }

  function changeList(scenario) {
    const rows = changes.filter((row) => row.scenario === scenario.scenario);
    if (!rows.length) return null;
    return h("tr", {}, h("td", { colspan: "3" }, h("details", { class: "more" },
      h("summary", {}, steppe.fill("page.changes_of", { n: rows.length })),
      KINDS.map((kind) => changeGroup(kind, rows.filter((row) => row.kind === kind))),
      rows.length < scenario.n_changes ? h("p", { class: "hint" }, steppe.fill("page.changes_rest", { n: scenario.n_changes - rows.length })) : null)));
  }

  function firstPark(row) {
    const park = row.first_id ? steppe.row("parks", row.first_id) : null;
    if (!park) return row.first_id || "–";
    return h("button", { type: "button", class: "link", onclick: () => steppe.change({ site: park.park_id, cable: null }, { origin: "list" }) },
      steppe.say([park.name_zh, park.name_en]));
  }

  function scenarioBody(row) {
    const why = row.why_zh || row.why_en ? steppe.say([row.why_zh || row.why_en, row.why_en || row.why_zh]) : null;
    return h("tbody", { "data-scenario": row.scenario },
      h("tr", {}, h("th", { scope: "rowgroup", colspan: "3" }, steppe.say([row.title_zh, row.title_en]), why ? h("small", { class: "why" }, why) : null)),
      h("tr", {}, h("td", {}, firstPark(row)),
        h("td", {}, row.first_share === null ? "–" : steppe.ofHundred(row.first_share)), h("td", {}, String(row.n_changes))),
      changeList(row));
  }

  function fillScenarios() {
    $("scenarios-section").hidden = scenarios.length < 2;
    $("scenarios-count").textContent = String(scenarios.length);
    const heads = ["page.scenario_first", "page.scenario_share", "page.scenario_changes"];
    const open = new Set([...$("scenarios").querySelectorAll("tbody:has(details[open])")].map((one) => one.dataset.scenario));
    $("scenarios").replaceChildren(h("table", { class: "trips scenarios" },
      h("thead", {}, h("tr", {}, heads.map((key) => h("th", { scope: "col" }, steppe.word(key))))), scenarios.map(scenarioBody)));
    for (const body of $("scenarios").querySelectorAll("tbody")) {
      const list = body.querySelector("details");
      if (list && open.has(body.dataset.scenario)) list.open = true;
    }
  }

  steppe.startDecision = function () {
    makeAnswers();
    steppe.onChange((changed) => {
      if (changed.has("lang")) { fillAnswers(); fillScenarios(); }
      // In the line of the heading: a line of its own would push the slider from under the pointer.
      if (changed.has("weights")) $("decision-moved").hidden = steppe.isPlanned();
    });
  };
})();
