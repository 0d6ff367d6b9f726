// Operations in requests that the server takes whole: at most 100, and below 1 MB.

/** @typedef {import('../store/types.js').OpRow} OpRow */

export const MAX_OPS = 100;
export const MAX_BYTES = 900_000; // of 1 MB; the rest is for what stands around them

/** In their order. An operation that is too large by itself goes alone. @param {OpRow[]} rows @returns {OpRow[][]} */
export function batches(rows, maxOps = MAX_OPS, maxBytes = MAX_BYTES) {
  /** @type {OpRow[][]} */
  const found = [];
  let bytes = 0;
  for (const row of rows) {
    const size = weight(row);
    const last = found.at(-1);
    if (!last || last.length >= maxOps || bytes + size > maxBytes) {
      found.push([row]);
      bytes = size;
    } else {
      last.push(row);
      bytes += size;
    }
  }
  return found;
}

/** Bytes in the request: the text stands in it as a JSON string. @param {OpRow} row */
function weight(row) {
  return new TextEncoder().encode(JSON.stringify(row.body)).length + 100;
}
