// How sure a park's rank is, why it has it, and what would change it: blocks of its card.

(function () {
  const { h, data } = steppe;
  const { decision } = data;
  const ofSite = (table, id) => decision[table].filter((row) => row.site_id === id);
  const sure = new Map(decision.robustness.map((row) => [row.site_id, row]));

  // A share as so many of 100, without claiming what draws cannot tell.
  steppe.ofHundred = function (share) {
    if (share > 0 && share < 0.01) return steppe.word("page.share_under");
    if (share > 0.99 && share < 1) return steppe.word("page.share_over");
    return steppe.fill("page.share_of", { n: Math.round(100 * share) });
  };
  steppe.chanceOf = (id) => (sure.has(id) ? sure.get(id).first_share : null);
  steppe.chanceText = (share) => steppe.fill("page.chance", { share: steppe.ofHundred(share) });
  // What was drawn with the plan's weights does not speak of others.
  steppe.movedNote = () => (steppe.isPlanned() ? null : h("p", { class: "warning moved" }, steppe.word("page.sure_moved")));

  const span = (low, high) => (low === high ? steppe.fill("page.rank_of", { rank: low }) : steppe.fill("page.rank_range", { low, high }));

  function figures(row) {
    const told = [
      ["page.nine_of_ten", span(row.low_rank, row.high_rank)],
      ["page.first_planned", steppe.fill("page.of_draws", { share: steppe.ofHundred(row.first_share) })],
      ["page.first_any", steppe.fill("page.of_draws", { share: steppe.ofHundred(row.first_share_any) })],
      ["page.by_topsis", steppe.fill("page.rank_of", { rank: row.topsis_rank })],
    ];
    return h("dl", { class: "fields" }, told.map(([key, text]) => [h("dt", {}, steppe.word(key)), h("dd", {}, text)]));
  }

  // Side by side for each rank: the share with the plan's weights, and with any.
  function ranks(id) {
    const { plan = [], any = [] } = steppe.own(decision.acceptability, id, {});
    const count = Math.max(plan.length, any.length);
    if (!count) return null;
    const most = Math.max(...plan, ...any);
    const bar = (share, name) => h("span", { class: `chance ${name}`, style: { height: `${(100 * (share || 0)) / most}%` } });
    const tell = (i) => `${steppe.fill("page.rank_of", { rank: i + 1 })}${steppe.word("page.colon")}` +
      [["page.with_plan", plan], ["page.with_any", any]].map(([key, shares]) => `${steppe.word(key)} ${steppe.ofHundred(shares[i] || 0)}`).join(steppe.word("page.semicolon"));
    return [
      h("h4", {}, steppe.word("table.acceptability")),
      h("ol", { class: "chances" }, Array.from({ length: count }, (_, i) => h("li", { title: tell(i), "data-rank": i + 1 },
        h("span", { class: "sr-only" }, tell(i)),
        h("span", { class: "chance-pair", "aria-hidden": "true" }, bar(plan[i], "plan"), bar(any[i], "any")),
        h("span", { class: "chance-rank", "aria-hidden": "true" }, String(i + 1))))),
      h("p", { class: "hint keys" }, h("span", { class: "chance-key plan" }), steppe.word("page.with_plan"), h("span", { class: "chance-key any" }), steppe.word("page.with_any")),
    ];
  }

  // Between which weights it is first, each criterion moved alone.
  function weights(id) {
    const rows = ofSite("weight_ranges", id);
    const order = (row) => steppe.criteria.indexOf(row.criterion);
    const text = ({ low, high }) => (low <= 0 && high >= 1 ? steppe.word("page.any_weight")
      : low === high ? steppe.percent(low) : `${steppe.percent(low)} – ${steppe.percent(high)}`);
    return [
      h("h4", {}, steppe.word("page.weights_first")),
      rows.length ? null : h("p", { class: "hint" }, steppe.word("page.never_first")),
      h("ul", { class: "weight-ranges" }, [...rows].sort((a, b) => order(a) - order(b)).map((row) => h("li", { "data-range": row.criterion },
        h("span", {}, steppe.criterionTitle(row.criterion)),
        h("span", { class: "range-track", "aria-hidden": "true" }, h("span", { class: "piece", style: {
          left: `${100 * row.low}%`, width: `${Math.max(2, 100 * (row.high - row.low))}%`, background: steppe.criterionColour(row.criterion) } })),
        h("span", { class: "range-text" }, text(row))))),
    ];
  }

  const SIGNS = { lifted: "▲", held: "▼" };

  function reasons(id) {
    const rows = ofSite("explanations", id);
    const say = (row) => steppe.say([row.text_zh, row.text_en]);
    const scored = ["lifted", "held"].flatMap((kind) => rows.filter((row) => row.kind === kind));
    const told = (kind, key) => rows.filter((row) => row.kind === kind).map((row) =>
      h("p", { class: "sentence-line", "data-told": kind }, h("b", {}, steppe.named(key, "")), say(row)));
    return [
      scored.length ? h("h4", {}, steppe.word("page.why")) : null,
      scored.length ? h("ul", { class: "reasons" }, scored.map((row) => h("li", { "data-told": row.kind },
        h("span", { class: row.kind === "lifted" ? "shift up" : "shift down", "aria-hidden": "true" }, SIGNS[row.kind]), h("span", {}, say(row))))) : null,
      told("climb", "page.climb"), told("survey", "page.survey"),
    ];
  }

  // The block of a park's card; nothing of a park that bears no rank.
  steppe.howSure = function (id) {
    const row = sure.get(id);
    if (!row) return null;
    return h("section", { class: "how-sure" }, h("h3", {}, steppe.word("page.sure")), steppe.movedNote(),
      figures(row), ranks(id), weights(id), reasons(id));
  };
})();
