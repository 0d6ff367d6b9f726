// Marks in shares of a picture, the same at every size.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { barbs, begun, drawnTo, isMark } from '../../../static/js/field/photo/strokes.js';
import { newest } from '../../../static/js/field/area.js';
import { emptyDraft, operationsOf } from '../../../static/js/field/visit.js';

test('an arrow and a ring follow the finger, a line keeps its way', () => {
  const through = (tool) => [[0.3, 0.3], [0.301, 0.3], [0.4, 0.5], [1.4, -0.2]].reduce(drawnTo, begun(tool, '#fff', [0.2, 0.2]));
  assert.deepEqual(through('arrow').places, [[0.2, 0.2], [1, 0]]);
  assert.deepEqual(through('ring').places, [[0.2, 0.2], [1, 0]]);
  assert.deepEqual(through('line').places, [[0.2, 0.2], [0.3, 0.3], [0.4, 0.5], [1, 0]]);
});

test('a tap is no mark', () => {
  assert.ok(!isMark(begun('line', '#fff', [0.5, 0.5])));
  assert.ok(!isMark(drawnTo(begun('arrow', '#fff', [0.5, 0.5]), [0.505, 0.5])));
  assert.ok(isMark(drawnTo(begun('ring', '#fff', [0.5, 0.5]), [0.6, 0.5])));
});

test('barbs point back, one to each side', () => {
  const [[ax, ay], [bx, by]] = barbs([0, 0], [100, 0], 10);
  assert.ok(ax < 100 && bx < 100 && Math.abs(ax - bx) < 1e-9 && Math.abs(ay + by) < 1e-9 && ay !== 0);
});

test('a marked copy names its photograph, and is nobody’s newest picture', () => {
  const site = { id: 's1', revision: 4, state: 'works', progress: 10, attributes: {} };
  const photo = { id: 'p1', inspection: 'v', sha256: 'aa', size: 3, role: 'during', taken_at: '2026-05-01', lon: null, lat: null, accuracy_m: null, bearing_deg: null };
  const copy = { ...photo, id: 'p2', sha256: 'bb', role: 'other', sketch_of: 'p1' };
  const told = operationsOf(site, emptyDraft(site), [photo, copy], null, Infinity).specs.filter(({ entity }) => entity === 'photo');
  assert.deepEqual(told.map(({ changes }) => changes.sketch_of), [undefined, [null, 'p1']]);
  assert.equal(newest([photo, { ...copy, taken_at: '2026-06-01' }], () => true).id, 'p1');
  assert.equal(newest([copy], () => true), undefined);
});
