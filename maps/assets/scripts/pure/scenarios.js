// What a scenario of the plan comes to, from the base and what differs from it.

import { pickRule } from "./rules.js";
import { own, rowsOf, shareTexts, tripsOf } from "./tables.js";

// The rows of a table with those that are others, are new, or are gone.
/** @param {Row[]} rows @param {any} changes @param {string[]} key @returns {Row[]} */
export function mergeRows(rows, changes, key, read = rowsOf) {
  const spell = (/** @type {Row} */ row) => JSON.stringify(key.map((field) => row[field]));
  const changed = new Map(read(changes).map((row) => [spell(row), row]));
  const gone = new Set(changes.gone.map((/** @type {any[]} */ values) => JSON.stringify(values)));
  const kept = rows.filter((row) => !gone.has(spell(row))).map((row) => {
    const other = changed.get(spell(row));
    changed.delete(spell(row));
    return other ?? row;
  });
  return [...kept, ...changed.values()];
}

// A table of tables with the entries that are others.
/**
 * @template T @param {Record<string, Record<string, T>>} base @param {Record<string, Record<string, T>>} changes
 * @returns {Record<string, Record<string, T>>}
 */
export const mergeParts = (base, changes) => ({
  ...base,
  ...Object.fromEntries(Object.entries(changes).map(([key, parts]) => [key, { ...own(base, key, {}), ...parts }])),
});

// The measures by site, each in the place that it had.
/** @param {Record<string, Row[]>} base @param {Record<string, Row[]>} changes @returns {Record<string, Row[]>} */
export const mergeMeasures = (base, changes) => ({
  ...base,
  ...Object.fromEntries(Object.entries(changes).map(([site, rows]) => {
    const changed = new Map(rows.map((row) => [row.measure_id, row]));
    const known = own(base, site, /** @type {Row[]} */ ([]));
    const added = rows.filter((row) => !known.some((one) => one.measure_id === row.measure_id));
    return [site, [...known.map((row) => changed.get(row.measure_id) ?? row), ...added]];
  })),
});

// What a scenario asks for: nothing, all that it tells itself, or the parks that say otherwise.
/** @param {Data["request"]} base @param {any} changes @returns {Data["request"]} */
export function mergeRequest(base, changes) {
  if (changes === undefined) return base;
  if (!base || !changes) return changes;
  const { gone, ...request } = changes, lost = new Set(gone);
  const kept = Object.entries(base.sites).filter(([site]) => !lost.has(site));
  return { ...request, sites: { ...Object.fromEntries(kept), ...request.sites } };
}

// A layer without the features that are gone, and with fields that are others.
/** @param {Layer} layer @param { { gone: string[], rows: Record<string, Row> } } changes */
export function mergeLayer(layer, { gone, rows: changed }) {
  const lost = new Set(gone);
  const left = layer.rows.map((_, i) => i).filter((i) => !lost.has(layer.rows[i][layer.key]));
  const rows = left.map((i) => ({ ...layer.rows[i], ...own(changed, layer.rows[i][layer.key], {}) }));
  return {
    rows,
    shapes: left.map((i) => layer.shapes[i]),
    rules: /** @type {Rule[]} */ (rows.map((row) => pickRule(layer.style.rules, row))),
    byId: new Map(rows.map((row, i) => [row[layer.key], i])),
  };
}

// The data that hang on a scenario; the rest is the plan's.
/** @param {Data} base @param {string} name */
export function variantOf(base, name) {
  const variant = base.variants[name];
  const trip = ["from_id", "to_id"];
  const costs = mergeRows(base.decision.costs, variant.costs, ["site_id", "component"]);
  const changed = /** @type {[string, Row[]][]} */ (Object.entries(variant.measures)).map(([site, rows]) => [site, rows.map((row) => ({ ...row }))]);
  const measures = mergeMeasures(base.measures, Object.fromEntries(changed));
  shareTexts([...changed.flatMap(([, rows]) => /** @type {Row[]} */ (rows)), ...costs.filter((row) => !base.decision.costs.includes(row))], base);
  return {
    info: {
      scenario: name, year: variant.year,
      criteria: base.info.criteria.map((criterion) => ({ ...criterion, weight: variant.weights[criterion.name] })),
    },
    decision: { costs, acceptability: variant.acceptability },
    tables: {
      scores: mergeParts(base.scores, variant.scores), measures,
      latency: mergeRows(base.latency, variant.latency, trip, tripsOf),
      redundancy: mergeRows(base.redundancy, variant.redundancy, trip),
      checks: { ...base.checks, sites: { ...base.checks.sites, ...base.checks.scenarios[name] } },
      request: mergeRequest(base.request, variant.request),
      counted: variant.counted,
      // Not computed for it.
      cuts: /** @type {Row[]} */ ([]), disjoint: /** @type {Row[]} */ ([]),
    },
  };
}

// Which cables count in one scenario and not in another, and of which the status is another.
/** @param {string[]} base @param {string[]} other @param {Record<string, Row>} changed */
export function compareCables(base, other, changed) {
  const [before, after] = [new Set(base), new Set(other)];
  return {
    built: other.filter((id) => !before.has(id)),
    gone: base.filter((id) => !after.has(id)),
    changed: Object.keys(changed).filter((id) => before.has(id) && after.has(id)),
  };
}
