// What a megawatt costs in a park, and at what price of power it breaks even with the first.

(function () {
  const { h, data } = steppe;
  const { costs, break_evens: breakEvens } = data.decision;
  const isKnown = (value) => value !== null && value !== undefined;
  const grouped = (value) => Number(value.toPrecision(3)).toFixed(0).replace(/\B(?=(\d{3})+$)/g, "\u2009");
  const parts = (text) => steppe.sourceList(text).map((part) => steppe.word(`cost.${part}`)).join(steppe.word("page.comma"));

  function costRow(row) {
    const known = isKnown(row.cost_cny_mw_year);
    const isBand = known && isKnown(row.low_cny_mw_year) && row.low_cny_mw_year < row.high_cny_mw_year;
    const notes = [row.missing ? steppe.fill(known ? "page.cost_without" : "page.cost_missing", { parts: parts(row.missing) }) : null,
      known || !row.missing ? row.reason : null, steppe.datedSources(row.source_ids).join(steppe.word("page.comma"))];
    return h("div", { class: `measure ${row.status}`, "data-cost": row.component },
      h("span", { class: "measure-title" }, steppe.word(`cost.${row.component}`)),
      h("span", { class: "measure-value", title: known ? String(row.cost_cny_mw_year) : null }, known ? grouped(row.cost_cny_mw_year) : steppe.word("value.unknown"),
        isBand ? h("small", {}, ` ${grouped(row.low_cny_mw_year)}–${grouped(row.high_cny_mw_year)}`) : null),
      h("span", { class: "measure-note" }, h("span", { class: `tag ${row.status}` }, steppe.valueWord(row.status)), notes.filter(Boolean).join(" · ")));
  }

  function breakEven(row) {
    const name = steppe.placeName(row.other_id);
    const missing = row.missing ? steppe.fill("page.bracket", { text: steppe.fill("page.not_compared", { parts: parts(row.missing) }) }) : "";
    const text = isKnown(row.price_cny_kwh) ? steppe.fill("page.break_even_all", { name, price: row.price_cny_kwh.toFixed(3) })
      : isKnown(row.energy_cny_kwh) ? steppe.fill("page.break_even_energy", { name, price: row.energy_cny_kwh.toFixed(3) })
        : isKnown(row.pue_ratio) ? steppe.fill("page.break_even_ratio", { name, ratio: row.pue_ratio.toFixed(4) }) : null;
    return text ? h("p", { class: "sentence-line", "data-told": "break_even" }, `${text}${missing}`) : null;
  }

  steppe.costList = function (id) {
    const rows = costs.filter((row) => row.site_id === id);
    const even = breakEvens.filter((row) => row.site_id === id).map(breakEven);
    if (!rows.length && !even.length) return null;
    // The sums say by name what is not known; why so is folded, for it is long.
    const isSum = (row) => row.component === "known" || row.component === "total";
    const isBlank = (row) => row.component === "known" && row.status === "unknown";
    const folded = rows.filter((row) => row.status === "unknown" && !isSum(row));
    return h("section", { class: "costs" }, h("h3", {}, steppe.word("page.costs")),
      h("p", { class: "hint" }, steppe.word("page.costs_hint")), even,
      rows.filter((row) => !folded.includes(row) && !isBlank(row)).map(costRow),
      folded.length ? h("details", { class: "more" }, h("summary", {}, steppe.fill("page.cost_unknown", { n: folded.length })), folded.map(costRow)) : null);
  };
})();
