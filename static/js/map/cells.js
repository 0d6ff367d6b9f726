// Sites that would cover each other on the screen, gathered into grid cells: nothing is hidden, it is counted.

/**
 * @template T
 * @typedef {{x: number, y: number, items: T[]}} Cell x, y: mean position in pixels
 */

/**
 * Group positioned items by a square grid.
 * @template {{px: number, py: number}} T
 * @param {T[]} items with pixel positions at the current zoom
 * @param {number} size the cell's side in pixels
 * @returns {Cell<T>[]}
 */
export function gather(items, size) {
  /** @type {Map<string, T[]>} */
  const cells = new Map();
  for (const item of items) {
    const key = `${Math.floor(item.px / size)}:${Math.floor(item.py / size)}`;
    const cell = cells.get(key);
    if (cell) cell.push(item);
    else cells.set(key, [item]);
  }
  return merge([...cells.values()].map(centred), size * 0.8);
}

/**
 * Cells whose middles came closer than `distance` become one, the larger taking in the smaller, so that no marker
 * covers another.
 * @template {{px: number, py: number}} T
 * @param {Cell<T>[]} cells @param {number} distance in pixels
 * @returns {Cell<T>[]}
 */
export function merge(cells, distance) {
  /** @type {Cell<T>[]} */
  const kept = [];
  for (const cell of [...cells].sort((a, b) => b.items.length - a.items.length)) {
    const near = kept.findIndex((other) => Math.hypot(other.x - cell.x, other.y - cell.y) < distance);
    if (near < 0) kept.push(cell);
    else kept[near] = { ...kept[near], items: [...kept[near].items, ...cell.items] };
  }
  return kept;
}

/**
 * @template {{px: number, py: number}} T
 * @param {T[]} items
 * @returns {Cell<T>}
 */
function centred(items) {
  return { x: mean(items.map((item) => item.px)), y: mean(items.map((item) => item.py)), items };
}

/**
 * Arcs of a ring, one for each share above nothing, as [key, start, end] in turns from the top.
 * @param {Map<string, number>} counts
 * @returns {[string, number, number][]}
 */
export function arcs(counts) {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let at = 0;
  return [...counts].filter(([, count]) => count > 0).map(([key, count]) => {
    const start = at;
    at += count / total;
    return [key, start, at];
  });
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
