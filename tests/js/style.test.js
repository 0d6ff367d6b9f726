import assert from 'node:assert/strict';
import { test } from 'node:test';

import { followsZoom, holds, isDrawn, kindOf, passes, valueOf } from '../../static/js/core/style.js';

/** @param {any} properties @param {any} more */
const subject = (properties, more = {}) => ({ properties, geometry: 'Point', zoom: 10, english: false, ...more });
/** @param {any} value @param {any} properties @param {any} [more] */
const colour = (value, properties, more) => valueOf({ type: 'circle', paint: { 'circle-color': value } }, 'circle-color', subject(properties, more));

test('a plain value and a default', () => {
  assert.equal(colour('#112233', {}), '#112233');
  assert.equal(colour(undefined, {}), '#000000');
});

test('match takes the first hit, by value and kind', () => {
  const value = ['match', ['get', 'k'], ['a', 'b'], '#111111', 3, '#222222', '#999999'];
  assert.deepEqual(['b', 3, '3', null].map((k) => colour(value, { k })), ['#111111', '#222222', '#999999', '#999999']);
});

test('a stop belongs to the class above it', () => {
  const value = ['step', ['get', 'n'], '#000001', 10, '#000002', 20, '#000003'];
  assert.deepEqual([-5, 9.99, 10, 19, 20, 1e9].map((n) => colour(value, { n }).slice(-1)), ['1', '1', '2', '2', '3', '3']);
  assert.equal(colour(value, { n: '12' }), '#000000');
  assert.equal(colour(value, {}), '#000000');
});

test('between two stops lies a number or a colour between', () => {
  const layer = { type: 'circle', paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 2, 12, 10] } };
  assert.deepEqual([0, 8, 10, 12, 20].map((zoom) => valueOf(/** @type {any} */ (layer), 'circle-radius', subject({}, { zoom }))), [2, 2, 6, 10, 10]);
  assert.equal(colour(['interpolate', ['linear'], ['get', 'n'], 0, '#000000', 10, '#fff'], { n: 5 }), '#808080');
});

test('case, and expressions inside expressions', () => {
  const value = ['case', ['has', 'n'], ['step', ['get', 'n'], '#000001', 5, '#000002'], '#d9d9d9'];
  assert.deepEqual([{ n: 1 }, { n: 5 }, { n: null }, {}].map((one) => colour(value, one)), ['#000001', '#000002', '#d9d9d9', '#d9d9d9']);
});

test('conditions', () => {
  const n = ['get', 'n'];
  /** @param {any} condition @param {any} value */
  const is = (condition, value) => holds(condition, subject({ n: value }));
  assert.ok(is(['all', ['>=', n, 1], ['<', n, 2]], 1));
  assert.ok(!is(['<', n, 2], '1'));
  assert.ok(is(['!=', n, 2], undefined));
  assert.ok(is(['any', ['==', n, 9], ['in', n, ['literal', [1, 2]]]], 2));
  assert.ok(is(['!', ['has', 'n']], null));
  assert.ok(!is(['!', ['all']], 1));
  assert.ok(holds(['==', ['geometry-type'], 'Point'], subject({})));
  assert.ok(holds(['>=', ['zoom'], 10], subject({})));
});

test('a layer draws its own geometries, in its zooms', () => {
  assert.ok(passes({ type: 'line' }, subject({}, { geometry: 'Polygon' })));
  assert.ok(!passes({ type: 'fill' }, subject({}, { geometry: 'LineString' })));
  assert.ok(!passes({ type: 'circle', filter: ['has', 'n'] }, subject({})));
  assert.deepEqual([7, 8, 11, 12].map((zoom) => isDrawn({ type: 'line', minzoom: 8, maxzoom: 12 }, zoom)), [false, true, true, false]);
  assert.ok(!isDrawn({ type: 'line', layout: { visibility: 'none' } }, 10));
  assert.equal(kindOf('MultiPolygon'), 'Polygon');
});

test('texts, and names in the language of the reader', () => {
  /** @param {any} field @param {any} properties @param {boolean} english */
  const text = (field, properties, english = false) => valueOf({ type: 'symbol', layout: { 'text-field': field } }, 'text-field', subject(properties, { english }));
  assert.equal(text(['get', 'name'], { name: '嫩江', name_en: 'Nen' }), '嫩江');
  assert.equal(text(['get', 'name'], { name: '嫩江', name_en: 'Nen' }, true), 'Nen');
  assert.equal(text(['get', 'name'], { name: '嫩江', name_en: '' }, true), '嫩江');
  assert.equal(text(['concat', ['get', 'n'], ' 亩'], { n: 12.5 }), '12.5 亩');
  assert.equal(text(['coalesce', ['get', 'a'], ['get', 'b']], { b: '乙' }), '乙');
  assert.equal(text(['get', 'a'], {}), '');
});

test('what follows the zoom is asked for again', () => {
  assert.ok(followsZoom(['step', ['zoom'], 1, 5, 2]));
  assert.ok(!followsZoom(['step', ['get', 'n'], 1, 5, 2]));
  assert.ok(!followsZoom('#fff'));
});
