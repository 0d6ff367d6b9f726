import assert from 'node:assert/strict';
import { test } from 'node:test';

import { moved, readLayers, writeLayers } from '../../static/js/core/layer_state.js';
import { isInside, isNearLine } from '../../static/js/core/hit.js';

const KNOWN = ['a', 'b-1', 'c'].map((key) => ({ key, on: true, opacity: 1 }));

test('an address without layers shows them all, in their order', () => {
  assert.deepEqual(readLayers(null, KNOWN), KNOWN);
  assert.equal(writeLayers(KNOWN, KNOWN), '');
});

test('order, opacity and absence come back from the address', () => {
  const states = readLayers('c.40,!a', KNOWN);
  assert.deepEqual(states, [{ key: 'c', on: true, opacity: 0.4 }, { key: 'a', on: false, opacity: 1 }, KNOWN[1]]);
  assert.equal(writeLayers(states, KNOWN), 'c.40,!a,b-1');
  assert.deepEqual(readLayers(writeLayers(states, KNOWN), KNOWN), states);
});

test('what nobody knows is let be, and nothing comes twice', () => {
  assert.deepEqual(readLayers('x,a,a.30,<b>,c.999', KNOWN).map(({ key, opacity }) => [key, opacity]), [['a', 1], ['c', 1], ['b-1', 1]]);
});

test('an item moves, and no further than the ends', () => {
  assert.deepEqual(moved([1, 2, 3], 0, 1), [2, 1, 3]);
  assert.deepEqual(moved([1, 2, 3], 2, -4), [3, 1, 2]);
  assert.deepEqual(moved([1, 2, 3], 0, 9), [2, 3, 1]);
});

test('a point is inside an area but not in its hole, and near a line or not', () => {
  /** @param {number} from @param {number} to */
  const square = (from, to) => [[from, from], [to, from], [to, to], [from, to], [from, from]].map(([x, y]) => ({ x, y }));
  const rings = [square(0, 10), square(4, 6)];
  assert.ok(isInside({ x: 2, y: 2 }, rings));
  assert.ok(!isInside({ x: 5, y: 5 }, rings));
  assert.ok(!isInside({ x: 11, y: 5 }, rings));
  assert.ok(isNearLine({ x: 5, y: -3 }, square(0, 10), 3));
  assert.ok(!isNearLine({ x: 5, y: -3.1 }, square(0, 10), 3));
});
