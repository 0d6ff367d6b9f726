// A programme's JSON Schema (draft 2020-12) as a form: which fields stand in it, and what is wrong with what they hold.
// The words that our schemas use and those that make a field depend on another; the server checks with a whole validator.

/**
 * @typedef {Record<string, any>} Schema
 * @typedef {{field: string, rule: string, limit?: any}} Fault rule: the schema's word that was broken
 */

/** The parts of a schema that hold for these values: itself, and what its conditions bring. @param {Schema} schema @param {Record<string, any>} values @returns {Schema[]} */
export function holding(schema, values) {
  const found = [schema];
  for (const part of schema.allOf ?? []) found.push(...holding(part, values));
  if (schema.if) {
    const branch = faults(schema.if, values, true).length ? schema.else : schema.then;
    if (branch) found.push(...holding(branch, values));
  }
  for (const [field, part] of Object.entries(schema.dependentSchemas ?? {})) {
    if (values[field] !== undefined) found.push(...holding(part, values));
  }
  return found;
}

/** Fields in their order, each with its rules; a field that only a condition brings is there while the condition holds. @param {Schema} schema @param {Record<string, any>} values @returns {[string, Schema][]} */
export function fields(schema, values) {
  /** @type {Map<string, Schema>} */
  const found = new Map();
  for (const part of holding(schema, values)) {
    for (const [key, rules] of Object.entries(part.properties ?? {})) found.set(key, { ...found.get(key), ...rules });
  }
  return [...found].sort(([, a], [, b]) => (a.order ?? 1e6) - (b.order ?? 1e6));
}

/** @param {Schema} schema @param {Record<string, any>} values @returns {Set<string>} */
export function required(schema, values) {
  const wanted = new Set();
  for (const part of holding(schema, values)) {
    for (const key of part.required ?? []) wanted.add(key);
    for (const [key, others] of Object.entries(part.dependentRequired ?? {})) {
      if (values[key] !== undefined) for (const other of others) wanted.add(other);
    }
  }
  return wanted;
}

/** @param {Schema} schema @param {Record<string, any>} values an absent value has no key @param {boolean} [isCondition] looked at as it stands @returns {Fault[]} the first of each field */
export function faults(schema, values, isCondition = false) {
  /** @type {Fault[]} */
  const found = [];
  const wanted = isCondition ? new Set(schema.required ?? []) : required(schema, values);
  const rules = isCondition ? Object.entries(schema.properties ?? {}) : fields(schema, values);
  for (const field of wanted) if (values[field] === undefined) found.push({ field, rule: 'required' });
  for (const [field, rule] of rules) {
    const fault = values[field] === undefined ? null : broken(rule, values[field]);
    if (fault) found.push({ field, ...fault });
  }
  return found;
}

/** @type {Record<string, (limit: any, value: any) => boolean>} */
const RULES = {
  type: (limit, value) => [limit].flat().some((kind) => isOf(kind, value)),
  enum: (limit, value) => limit.includes(value),
  const: (limit, value) => limit === value,
  minimum: (limit, value) => typeof value !== 'number' || value >= limit,
  maximum: (limit, value) => typeof value !== 'number' || value <= limit,
  maxLength: (limit, value) => typeof value !== 'string' || [...value].length <= limit,
  minLength: (limit, value) => typeof value !== 'string' || [...value].length >= limit,
  pattern: (limit, value) => typeof value !== 'string' || new RegExp(limit, 'u').test(value),
  format: (limit, value) => limit !== 'date' || isDate(value),
};

/** @param {Schema} rules @param {any} value */
function broken(rules, value) {
  const rule = Object.keys(RULES).find((word) => rules[word] !== undefined && !RULES[word](rules[word], value));
  return rule ? { rule, limit: rules[rule] } : null;
}

/** @param {string} kind @param {any} value */
function isOf(kind, value) {
  if (kind === 'integer') return Number.isInteger(value);
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (kind === 'null') return value === null;
  return typeof value === kind; // string, boolean
}

/** @param {any} value */
function isDate(value) {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** What a control holds, as the schema has it; undefined when it is empty. @param {Schema} rules @param {string | boolean} given */
export function valueOf(rules, given) {
  if (typeof given === 'boolean') return given;
  const text = given.trim();
  if (text === '') return undefined;
  if (rules.type === 'boolean') return text === 'true';
  if (rules.type === 'integer' || rules.type === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  return given;
}
