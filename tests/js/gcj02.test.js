import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chosenBase } from '../../static/js/core/base_map.js';
import { toGcj02 } from '../../static/js/core/gcj02.js';

// What gis_projects/geo/gcj02.py gives for the same places; outside of China nothing is shifted.
const PLACES = [[[123.957, 47.348], [123.963626005863, 47.350098512177]], [[116.4, 39.9], [116.406242784911, 39.901403529849]], [[100.1, 22.5], [100.101220077452, 22.497220741287]], [[2.3, 48.8], [2.3, 48.8]]];

test('the screen is shifted as the server shifts', () => {
  for (const [[lon, lat], [wantedLon, wantedLat]] of PLACES) {
    const [foundLon, foundLat] = toGcj02(lon, lat);
    assert.ok(Math.abs(foundLon - wantedLon) < 1e-9 && Math.abs(foundLat - wantedLat) < 1e-9, `${lon} ${lat}`);
  }
});

test('the address chooses a base map, none, or leaves it to the settings', () => {
  const known = /** @type {any} */ ([{ key: 'a' }, { key: 'b' }]);
  assert.deepEqual([null, 'a', 'none', 'x'].map((key) => chosenBase(key, known, 'b')?.key), ['b', 'a', undefined, undefined]);
});
