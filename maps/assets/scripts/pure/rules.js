// The symbology's pick, as Python and QGIS have it.

/** @param {Condition} condition @param {Row} row */
function holds([field, op, constant], row) {
  const value = row[field];
  if (value === null || value === undefined) return op === "null";
  switch (op) {
    case "in": return constant.includes(value);
    case "eq": return value === constant;
    case "ne": return value !== constant;
    case "lt": return value < constant;
    case "le": return value <= constant;
    case "gt": return value > constant;
    case "ge": return value >= constant;
    default: return false;
  }
}

// The first rule whose comparisons all hold.
/** @param {Rule[]} rules @param {Row} row @returns {Rule | undefined} */
export const pickRule = (rules, row) => rules.find((rule) => rule.when.every((when) => holds(when, row)));
