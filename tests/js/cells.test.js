// Nothing is hidden on the map: what is gathered is counted.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arcs, gather } from '../../static/js/map/cells.js';

/** @param {number} px @param {number} py */
const at = (px, py) => ({ px, py });

test('every item is in one cell', () => {
  const items = Array.from({ length: 500 }, (_, n) => at((n * 37) % 800, (n * 91) % 600));
  const cells = gather(items, 58);
  assert.equal(cells.reduce((sum, cell) => sum + cell.items.length, 0), 500);
  assert.equal(new Set(cells.flatMap((cell) => cell.items)).size, 500);
});

test('no two markers cover each other', () => {
  const items = Array.from({ length: 400 }, (_, n) => at((n * 53) % 900, (n * 71) % 700));
  const cells = gather(items, 58);
  for (const [n, one] of cells.entries()) {
    for (const other of cells.slice(n + 1)) {
      assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= 58 * 0.8 - 1e-9);
    }
  }
});

test('neighbours across a cell border are gathered too', () => {
  assert.equal(gather([at(57, 10), at(59, 10)], 58).length, 1);
});

test('items far apart stay alone', () => {
  assert.equal(gather([at(0, 0), at(200, 0), at(0, 200)], 58).length, 3);
});

test('a ring is full, and what has no sites has no arc', () => {
  const found = arcs(new Map([['planned', 1], ['working', 0], ['accepted', 3]]));
  assert.deepEqual(found, [['planned', 0, 0.25], ['accepted', 0.25, 1]]);
});
