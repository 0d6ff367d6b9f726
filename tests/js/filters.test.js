// The filters in an address: read, written, and what passes them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { passes, readFilters, readPlace, writeFilters } from '../../static/js/core/filters.js';

const site = { programme: 'greening', phase: 'working', district: '230202', search: 'gl-1 造林 zaolin zl' };

test('an address that is written is read again', () => {
  const query = '?programme=greening,mine_restore&phase=accepted&q=%E9%80%A0%E6%9E%97&target=t&stage=mapped&at=9/47.3/124.1';
  const filters = readFilters(query);
  assert.deepEqual([...filters.programmes], ['greening', 'mine_restore']);
  assert.equal(filters.q, '造林');
  assert.equal(writeFilters(filters, '9/47.3/124.1'), query);
});

test('what only the server filters by goes through untouched', () => {
  const query = '?programme=greening&visited=2026-11-01/2026-11-30&inspector=bob';
  assert.deepEqual(readFilters(query).office, { visited: '2026-11-01/2026-11-30', inspector: 'bob' });
  assert.equal(writeFilters(readFilters(query)), query);
});

test('no filters leave no question mark', () => {
  assert.equal(writeFilters(readFilters('')), '');
});

test('a site passes all filters or none', () => {
  assert.ok(passes(site, readFilters('')));
  assert.ok(passes(site, readFilters('?programme=greening&phase=working&q=ZL')));
  assert.ok(!passes(site, readFilters('?programme=greening&phase=accepted')));
  assert.ok(!passes(site, readFilters('?district=230203')));
  assert.ok(!passes({ ...site, district: null }, readFilters('?district=230203')));
});

test('a filter is left out of its own counts', () => {
  const filters = readFilters('?phase=accepted&programme=mine_restore');
  assert.ok(!passes(site, filters, 'phases'));
  assert.ok(passes(site, readFilters('?phase=accepted'), 'phases'));
});

test('a place is read only when it is one', () => {
  assert.deepEqual(readPlace('12/47.35/123.9'), { zoom: 12, lat: 47.35, lon: 123.9 });
  for (const text of [null, '', '12', '99/47/123', '12/95/123', '12/a/b', '1/2/3/4', '12/47/123;x']) {
    assert.equal(readPlace(text), null);
  }
});
