// One condition on a layer's features, as a reader gives it: a column, a sign and a value.

/** @typedef {{column: string, sign: '==' | '>=' | '<=', value: string}} Choice */

export const SIGNS = /** @type {const} */ (['==', '>=', '<=']);

/**
 * The condition of docs/styles.md; null for no choice. Dates are compared as texts: 2024-06-01 is before 2024-12-31.
 * @param {Choice} choice @param {boolean} isNumber whether the column holds numbers
 * @returns {any[] | null}
 */
export function conditionOf({ column, sign, value }, isNumber) {
  const text = value.trim();
  if (!column || !text) return null;
  if (!isNumber) return [sign, ['get', column], text];
  const number = Number(text);
  return Number.isFinite(number) ? [sign, ['get', column], number] : null;
}
