// Where a marker stands, and how far it is from the reader.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { anchor, distanceM } from '../../static/js/core/geometry.js';

test('a marker stands on its point, halfway along its line, in the middle of its polygon', () => {
  assert.deepEqual(anchor({ type: 'Point', coordinates: [124, 47] }), [124, 47]);
  const [lon, lat] = anchor({ type: 'LineString', coordinates: [[124, 47], [124, 47.1], [124, 47.4]] }) ?? [0, 0];
  assert.equal(lon, 124);
  assert.ok(Math.abs(lat - 47.2) < 1e-6);
  const square = [[124, 47], [124.2, 47], [124.2, 47.2], [124, 47.2], [124, 47]];
  const middle = anchor({ type: 'Polygon', coordinates: [square] }) ?? [0, 0];
  assert.ok(Math.abs(middle[0] - 124.1) < 1e-9 && Math.abs(middle[1] - 47.1) < 1e-9);
});

test('of several parts the longest counts', () => {
  const parts = [[[120, 40], [120, 40.1]], [[124, 47], [124, 47.1], [124, 47.2]]];
  assert.ok(Math.abs((anchor({ type: 'MultiLineString', coordinates: parts }) ?? [0])[0] - 124) < 1e-9);
});

test('a place that is not public has no marker', () => {
  assert.equal(anchor(null), null);
});

test('shapes without extent do not divide by nothing', () => {
  const flat = [[124, 47], [124, 47], [124, 47], [124, 47]];
  assert.deepEqual(anchor({ type: 'Polygon', coordinates: [flat] }), [124, 47]);
  assert.deepEqual(anchor({ type: 'LineString', coordinates: [[124, 47], [124, 47]] }), [124, 47]);
});

test('a degree of latitude is 111 km', () => {
  assert.ok(Math.abs(distanceM([124, 47], [124, 48]) - 111195) < 50);
});
