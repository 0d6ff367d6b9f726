// What a photograph says of itself, and what is believed of it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { factsOf } from '../../../static/js/field/photo/facts.js';
import { whenceOf } from '../../../static/js/field/photo/whence.js';

const jpeg = new Uint8Array(readFileSync(new URL('gps.jpg', import.meta.url)));
const NOW = Date.parse('2026-11-24T02:40:00Z');
const HERE = { lon: 123.95, lat: 47.35, accuracy: 6.04, fixes: 5, at: NOW, isStale: false, isMock: false };
const SILENT = { at: null, lon: null, lat: null, bearing_deg: null };

test('time, place and bearing are read as Pillow wrote them', () => {
  const facts = factsOf(jpeg);
  assert.equal(facts.at.toISOString(), '2026-11-24T02:30:15.000Z');
  assert.ok(Math.abs(facts.lon - 123.9583333) < 1e-6 && Math.abs(facts.lat - 47.3541667) < 1e-6, JSON.stringify(facts));
  assert.equal(facts.bearing_deg, 271.5);
});

test('nothing is said by what is no JPEG, has no EXIF, or is cut', () => {
  assert.deepEqual(factsOf(new Uint8Array([1, 2, 3])), SILENT);
  for (let length = 0; length < jpeg.length; length += 7) assert.doesNotThrow(() => factsOf(jpeg.slice(0, length)));
  for (let at = 12; at < 300; at += 1) { // and whatever a byte may become
    const spoilt = jpeg.slice();
    spoilt[at] ^= 0xff;
    assert.doesNotThrow(() => factsOf(spoilt));
  }
});

test('its own word comes first; an old picture of unknown place is not put where its chooser stands', () => {
  const own = whenceOf(factsOf(jpeg), NOW, HERE, 10, NOW);
  assert.deepEqual([own.taken_at, own.accuracy_m, own.bearing_deg, own.age_ms], ['2026-11-24T02:30:15.000Z', null, 271.5, 0]);
  assert.ok(own.away_m > 700 && own.away_m < 900, String(own.away_m));
  const fresh = whenceOf(SILENT, NOW - 5_000, HERE, 10, NOW);
  assert.deepEqual([fresh.lon, fresh.lat, fresh.accuracy_m, fresh.bearing_deg, fresh.away_m], [123.95, 47.35, 6, 10, 0]);
  const old = whenceOf(SILENT, NOW - 3 * 86_400_000, HERE, 10, NOW);
  assert.deepEqual([old.lon, old.lat, old.accuracy_m, old.bearing_deg, old.age_ms], [null, null, null, null, 3 * 86_400_000]);
});
