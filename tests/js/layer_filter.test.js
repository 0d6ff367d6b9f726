import assert from 'node:assert/strict';
import { test } from 'node:test';

import { conditionOf } from '../../static/js/core/layer_filter.js';
import { holds } from '../../static/js/core/style.js';

/** @param {any} choice @param {any} value @param {boolean} isNumber */
const passes = (choice, value, isNumber) => holds(/** @type {any} */ (conditionOf(choice, isNumber)), { properties: { c: value }, geometry: 'Point', zoom: 9, english: false });

test('numbers are compared as numbers, dates as texts', () => {
  assert.ok(passes({ column: 'c', sign: '>=', value: ' 9 ' }, 10, true));
  assert.ok(!passes({ column: 'c', sign: '<=', value: '9' }, 10, true));
  assert.ok(passes({ column: 'c', sign: '<=', value: '2024-12-31' }, '2024-06-01', false));
  assert.ok(!passes({ column: 'c', sign: '==', value: '镇' }, '街道', false));
});

test('half a choice is none', () => {
  assert.equal(conditionOf({ column: '', sign: '==', value: '1' }, true), null);
  assert.equal(conditionOf({ column: 'c', sign: '==', value: ' ' }, false), null);
  assert.equal(conditionOf({ column: 'c', sign: '==', value: 'x' }, true), null);
});
