// Clauses on siting held against a park: failures first, the unknown folded away.

(function () {
  const { h, data } = steppe;
  const { rules, reasons, fields, sites } = data.checks;
  const CLASSES = { pass: "holds", fail: "fails", unknown: "cannot_be_checked" };

  const rowsOf = (id) => steppe.own(sites, id, []).map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i]])));
  const isExcluding = (row) => row.excludes === "yes";
  steppe.isExcluded = (id) => rowsOf(id).some(isExcluding);

  function figures(row, rule) {
    const unit = rule.unit && rule.unit !== "1" ? ` ${rule.unit}` : "";
    const asked = rule.threshold === undefined || rule.comparison === "named" ? "" : `${rule.comparison ? steppe.valueWord(rule.comparison) : ""} ${steppe.number(rule.threshold)}${unit}`.trim();
    if (row.value === null) return asked;
    const band = row.low !== null && row.high !== null && row.low !== row.high ? ` (${steppe.number(row.low)}\u2013${steppe.number(row.high)})` : "";
    return [`${steppe.number(row.value)}${band}${unit}`, asked].filter(Boolean).join(" · ");
  }

  function checkItem(row) {
    const rule = steppe.own(rules, row.rule_id, {});
    return h("div", { class: "claim check", "data-rule": row.rule_id },
      h("p", { class: "claim-head" }, h("span", { class: `verdict ${CLASSES[row.verdict]}` }, steppe.valueWord(row.verdict)),
        h("span", {}, steppe.say([rule.name_zh, rule.name_en]))),
      h("p", { class: "hint" }, [rule.clause, steppe.valueWord(rule.strength), figures(row, rule)].filter(Boolean).join(" · ")),
      h("p", { class: "reason" }, reasons[row.reason]));
  }

  // Everything that a park's card says of clauses; nothing where no rule applies to it.
  steppe.checkList = function (id) {
    const rows = rowsOf(id);
    if (!rows.length) return null;
    const told = ["fail", "pass"].flatMap((verdict) => rows.filter((row) => row.verdict === verdict));
    const open = rows.filter((row) => row.verdict === "unknown");
    return h("section", { class: "checks" }, h("h3", {}, steppe.word("page.checks")),
      rows.some(isExcluding) ? h("p", { class: "warning" }, steppe.word("page.excluded")) : null,
      h("p", { class: "hint" }, steppe.word("page.checks_hint")),
      told.map(checkItem),
      open.length ? h("details", {}, h("summary", {}, `${steppe.word("value.unknown")} `, h("span", { class: "count" }, String(open.length))), open.map(checkItem)) : null);
  };
})();
