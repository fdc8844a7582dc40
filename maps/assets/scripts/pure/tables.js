// Tables as they travel, and as rows.

// Long tables come by columns: the names of the fields once, then the values.
/** @param {Packed} table @returns {Row[]} */
export const recordsOf = ({ fields, rows }) =>
  rows.map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i]])));

// A column that repeats itself comes as its values and, by row, the place of each of them.
/** @param {Column} column @param {number} i */
const valueAt = (column, i) => (Array.isArray(column) ? column[i] : column.of[column.at ? column.at[i] : 0]);
/** @param { { fields: string[], columns: Column[], shapes: any[] } } layer @returns {Row[]} */
export const featuresOf = ({ fields, columns, shapes }) =>
  shapes.map((_, i) => Object.fromEntries(fields.map((field, j) => [field, valueAt(columns[j], i)])));

// The data with every table as rows, and in the rows the texts that they share.
/** @param {any} packed @returns {Data} */
export function unpack(packed) {
  const data = { ...packed, decision: { ...packed.decision } };
  for (const name of ["latency", "redundancy", "disjoint", "cuts"]) data[name] = recordsOf(data[name]);
  for (const [name, table] of Object.entries(data.decision)) if (table.fields) data.decision[name] = recordsOf(table);
  // What stands in a row is the number of a text.
  for (const row of [...Object.values(data.measures).flat(), ...data.decision.costs]) {
    for (const field of data.shared_texts) if (field in row && row[field] !== null) row[field] = data.texts[row[field]];
  }
  return data;
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
