// Taking a position: until it is good enough, or somebody's word; and what walking on does to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { average } from '../../../static/js/field/geo/average.js';
import { Capture } from '../../../static/js/field/geo/capture.js';

const METRE = 1 / 111_195; // degrees of latitude
const START = Date.now() - 30_000;
/** A fix some metres north of a point, some seconds after the start. */
const fix = (north, accuracy, seconds) => ({ lon: 124, lat: 47 + north * METRE, accuracy, at: START + seconds * 1000 });
const hear = (capture, fixes) => { for (const one of fixes) capture.hear(one); return capture; };

test('fixes are collected until their mean is as good as was asked for, each by its weight', () => {
  const capture = hear(new Capture(10), [fix(0, 40, 0), fix(8, 20, 5), fix(4, 20, 10)]);
  assert.equal(capture.state, 'collecting');
  assert.ok(capture.place().accuracy > 10);
  capture.hear(fix(2, 12, 15));
  assert.equal(capture.state, 'reached');
  const weights = [40, 20, 20, 12].map((accuracy) => 1 / accuracy ** 2);
  const mean = [0, 8, 4, 2].reduce((sum, north, at) => sum + north * weights[at], 0) / weights.reduce((a, b) => a + b);
  const place = capture.place();
  assert.ok(Math.abs((place.lat - 47) / METRE - mean) < 0.01);
  assert.deepEqual([place.fixes, place.isStale, place.isMock], [4, false, false]);
  assert.ok(place.accuracy <= 10);
});

test('a burst of fixes is not taken for as many independent ones', () => {
  const burst = Array.from({ length: 20 }, (_none, at) => fix(at % 3, 20, at / 20));
  assert.ok(average(burst, START).accuracy > 18);
  assert.equal(hear(new Capture(10), burst).state, 'collecting');
});

test('one good fix is not enough: four are needed to know an outlier and a typed-in position', () => {
  const capture = hear(new Capture(10), [fix(0, 3, 0), fix(0, 3, 1), fix(0, 3, 2)]);
  assert.equal(capture.state, 'collecting');
  capture.hear(fix(0, 3, 3));
  assert.deepEqual([capture.state, capture.place().isMock], ['reached', true]);
});

test('what was reached begins again when its taker walks on, and what was taken by word stays', () => {
  const good = [fix(0, 5, 0), fix(1, 5, 1), fix(0, 5, 2), fix(1, 5, 3)];
  const reached = hear(new Capture(10), good);
  reached.hear(fix(100, 5, 4));
  assert.deepEqual([reached.state, reached.place().fixes], ['collecting', 1]);
  const taken = hear(new Capture(5), [fix(0, 15, 0)]);
  const word = taken.take();
  hear(taken, [fix(200, 3, 4), fix(201, 3, 5)]);
  assert.deepEqual([taken.state, taken.place().lat, taken.place().at], ['taken', word.lat, word.at]);
  taken.again();
  assert.deepEqual([taken.state, taken.place()], ['collecting', null]);
});

test('a held position is heard of again, or grows old', () => {
  const old = { ...average([fix(0, 5, 0)], START), at: Date.now() - 90_000 };
  const capture = new Capture(10, old);
  assert.equal(capture.place().isStale, true);
  capture.hear({ ...fix(2, 5, 0), at: Date.now() });
  assert.deepEqual([capture.place().isStale, capture.place().lat], [false, old.lat]);
});

test('another target is held against what was collected', () => {
  const capture = hear(new Capture(20), [fix(0, 15, 0), fix(1, 15, 1), fix(0, 15, 2), fix(1, 15, 3)]);
  assert.equal(capture.state, 'reached');
  capture.aim(10);
  assert.equal(capture.state, 'collecting');
  capture.aim(20);
  assert.equal(capture.state, 'reached');
});
