// Drawing: the vertices, what is wrong with them, the way back, the figures, and the operation at the end.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

import { added, correctionOf, emptyProposal, kindsOf, moved, operationOf, removed, undone } from '../../../static/js/field/outline/draft.js';
import { measured, muOf } from '../../../static/js/field/outline/measure.js';
import { crosses, everyVertex, flawOf } from '../../../static/js/field/outline/shape.js';
import { judge } from '../../../static/js/field/outline/walk.js';

globalThis.window = globalThis;
vm.runInThisContext(readFileSync(new URL('../../../static/js/vendor/geographiclib-geodesic/geographiclib-geodesic.min.js', import.meta.url), 'utf8'));
const CASES = JSON.parse(readFileSync(new URL('measures.json', import.meta.url), 'utf8'));

for (const { name, geometry, length_m: length, area_m2: area } of CASES) {
  test(`${name} measures as much as on the server`, () => {
    const isLine = geometry.type === 'LineString';
    const [vertices, holes] = isLine ? [geometry.coordinates, []] : [geometry.coordinates[0].slice(0, -1), geometry.coordinates.slice(1)];
    const found = measured(globalThis.geodesic, geometry.type, vertices, holes);
    assert.ok(Math.abs(found.length_m - length) <= 1e-6 * Math.max(1, length), `${found.length_m} m is not ${length} m`);
    assert.ok(Math.abs(found.area_m2 - area) <= 1e-4 + 1e-9 * area, `${found.area_m2} m² is not ${area} m²`);
  });
}

test('15 mu are a hectare, and a beginning measures nothing', () => {
  assert.ok(Math.abs(muOf(10_000) - 15) < 1e-12);
  assert.deepEqual(measured(globalThis.geodesic, 'Polygon', [[124, 47]]), { length_m: 0, area_m2: 0 });
  assert.deepEqual(measured(globalThis.geodesic, 'Point', [[124, 47]]), { length_m: 0, area_m2: 0 });
});

test('an outline that meets itself is told from one that does not', () => {
  const square = [[0, 0], [1, 0], [1, 1], [0, 1]];
  assert.equal(crosses(square), false);
  assert.equal(crosses([[0, 0], [1, 1], [1, 0], [0, 1]]), true);
  assert.equal(crosses([[0, 0], [2, 0], [2, 2], [1, 0], [0, 2]]), true); // touches its own edge
  assert.equal(flawOf('Polygon', square), '');
  assert.equal(flawOf('Polygon', square.slice(0, 2)), 'few');
  assert.equal(flawOf('LineString', square.slice(0, 1)), 'few');
  assert.equal(flawOf('Point', []), 'few');
});

test('each step can be taken back, and after a restart the last vertex goes', () => {
  const first = added(added(added(emptyProposal('p', 'forest', 'LineString'), [124, 47]), [124.1, 47]), [124.2, 47.123456789]);
  assert.deepEqual(first.vertices.at(-1), [124.2, 47.1234568]);
  const last = removed(moved(first, 1, [124.1, 47.5]), 0);
  assert.deepEqual(last.vertices, [[124.1, 47.5], [124.2, 47.1234568]]);
  assert.deepEqual(undone(undone(last)).vertices, first.vertices);
  assert.deepEqual(undone(first).vertices, [[124, 47], [124.1, 47]]);
  assert.deepEqual(undone({ ...first, steps: [] }).vertices, [[124, 47], [124.1, 47]]);
  assert.deepEqual(undone(emptyProposal('p', 'forest', 'Point')).vertices, []);
});

test('a point moves and does not multiply', () => {
  assert.deepEqual(added(added(emptyProposal('p', 'forest', 'Point'), [124, 47]), [125, 48]).vertices, [[125, 48]]);
});

test('a correction says which outline it saw, keeps the holes, and is not offered for several parts', () => {
  const hole = [[0.1, 0.1], [0.2, 0.1], [0.2, 0.2], [0.1, 0.1]];
  const ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]];
  const site = { id: 's', revision: 7, geom: 'abc', programme: 'forest', name: '林', geometry: { type: 'Polygon', coordinates: [ring, hole] } };
  const op = operationOf(moved(correctionOf(site), 2, [2, 2]));
  assert.deepEqual([op.entity, op.id, op.base_rev], ['site', 's', 7]);
  assert.deepEqual(op.changes, { geom: ['abc', { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [2, 2], [0, 1], [0, 0]], hole] }] });
  assert.equal(correctionOf({ ...site, geometry: { type: 'MultiPoint', coordinates: [[1, 1]] } }), null);
});

test('a proposal says programme, place and name', () => {
  const draft = { ...added(emptyProposal('p', 'forest', 'Point'), [124, 47]), name: ' 新点 ', note: '路边' };
  const op = operationOf(draft);
  assert.deepEqual([op.entity, op.id, op.base_rev], ['proposal', 'p', undefined]);
  assert.deepEqual(op.changes, { programme: [null, 'forest'], geom: [null, { type: 'Point', coordinates: [124, 47] }], name: [null, '新点'], note: [null, '路边'] });
  assert.deepEqual(kindsOf({ geometry_kinds: ['Polygon', 'Point'] }), ['Point', 'Polygon']);
});

test('walking leaves out what is vague and what is no step', () => {
  const fix = (lon, accuracy) => ({ lon, lat: 47, accuracy, at: 0 });
  assert.equal(judge(fix(124, 30), undefined), 'vague');
  assert.equal(judge(fix(124, 6), undefined), 'taken');
  assert.equal(judge(fix(124.00002, 6), [124, 47]), 'near'); // 1.5 m
  assert.equal(judge(fix(124.0001, 6), [124, 47]), 'taken'); // 7.6 m
});

test('every vertex of a geometry is found for snapping', () => {
  assert.deepEqual(everyVertex({ type: 'MultiPolygon', coordinates: [[[[0, 0], [1, 0], [0, 0]]], [[[2, 2]]]] }), [[0, 0], [1, 0], [0, 0], [2, 2]]);
  assert.deepEqual(everyVertex({ type: 'Point', coordinates: [1, 2] }), [[1, 2]]);
  assert.deepEqual(everyVertex(null), []);
});
