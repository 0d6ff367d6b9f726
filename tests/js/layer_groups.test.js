// A layer's place in the list is its place on the map, also in groups.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inGroups } from '../../static/js/core/layer_groups.js';

const state = (/** @type {string} */ key) => ({ key, on: true, opacity: 1 });
const groupOf = (/** @type {string} */ key) => key[0];

test('a group comes where its topmost layer stood, and loses none', () => {
  const groups = inGroups(['a1', 'b1', 'a2', 'c1', 'b2'].map(state), groupOf);
  assert.deepEqual(groups.map(({ key, states }) => [key, states.map((one) => one.key)]), [
    ['a', ['a1', 'a2']], ['b', ['b1', 'b2']], ['c', ['c1']],
  ]);
});

test('what stands in groups already stays as it is', () => {
  const states = ['b1', 'b2', 'a1'].map(state);
  assert.deepEqual(inGroups(states, groupOf).flatMap((group) => group.states), states);
});
