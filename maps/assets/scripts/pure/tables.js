// Tables as they travel, and as rows.

// Tables of the decision come as the names of their fields once, then the values by row.
/** @param {Packed} table @returns {Row[]} */
export const recordsOf = ({ fields, rows }) =>
  rows.map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i]])));

// Long tables and layers come by columns; one that repeats itself comes as its values and, by row, the place of each of them.
/** @param {Column} column @param {number} i */
const valueAt = (column, i) => (Array.isArray(column) ? column[i] : column.of[column.at ? column.at[i] : 0]);
/** @param { { fields: string[], columns: Column[], n_rows: number } } table @returns {Row[]} */
export const rowsOf = ({ fields, columns, n_rows }) =>
  Array.from({ length: n_rows }, (_, i) => Object.fromEntries(fields.map((field, j) => [field, valueAt(columns[j], i)])));
/** @param { { fields: string[], columns: Column[], shapes: any[] } } layer @returns {Row[]} */
export const featuresOf = ({ fields, columns, shapes }) => rowsOf({ fields, columns, n_rows: shapes.length });

// Round trips with what follows from their other columns, as the contract has it.
/** @param { { fields: string[], columns: Column[], n_rows: number } } table @returns {Row[]} */
export const tripsOf = (table) => rowsOf(table).map((row) => ({
  ...row,
  one_way_ms: row.rtt_ms === null ? null : row.rtt_ms / 2,
  floor_ratio: row.rtt_ms === null || !(row.floor_rtt_ms > 0) ? null : row.rtt_ms / row.floor_rtt_ms,
}));

// Facts by layer and id, whatever those are called.
/** @param {Row[]} rows @returns {Record<string, Record<string, Row[]>>} */
function groupFacts(rows) {
  const groups = Object.create(null);
  for (const row of rows) {
    const layer = groups[row.layer] ??= Object.create(null);
    (layer[row.id] ??= []).push(row);
  }
  return groups;
}

// The data with every table as rows, and in the rows the texts that they share.
/** @param {any} packed @returns {Data} */
export function unpack(packed) {
  const data = { ...packed, decision: { ...packed.decision } };
  data.latency = tripsOf(packed.latency);
  for (const name of ["redundancy", "disjoint", "cuts"]) data[name] = rowsOf(data[name]);
  data.facts = groupFacts(rowsOf(packed.facts));
  for (const [name, table] of Object.entries(data.decision)) if (table.fields) data.decision[name] = recordsOf(table);
  shareTexts([...Object.values(data.measures).flat(), ...data.decision.costs], data);
  return data;
}

// What stands in a row is the number of a text, until it is put there.
/** @param {Row[]} rows @param {Data} data */
export function shareTexts(rows, data) {
  for (const row of rows) {
    for (const field of data.shared_texts) if (typeof row[field] === "number") row[field] = data.texts[row[field]];
  }
}

// A value of a table keyed by identifiers from the data, whatever those are called.
/**
 * @template T, U @param {Record<string, T>} table @param {string} key @param {U} otherwise
 * @returns {T | U}
 */
export const own = (table, key, otherwise) => (Object.hasOwn(table, key) ? table[key] : otherwise);

// Identifiers that blanks separate.
/** @param {string | null | undefined} text @returns {string[]} */
export const listIds = (text) => (text ? String(text).split(" ").filter(Boolean) : []);
