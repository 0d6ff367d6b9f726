// A way: few points, none of a stand, with what looks wrong counted; written down as one operation.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fresh, WHO } from './work.js';
import { record } from '../../../static/js/field/store/outbox.js';
import { uuid7 } from '../../../static/js/field/store/ids.js';
import { MOST, emptyTrack, lengthOf, operationOf, withFix } from '../../../static/js/field/track/points.js';

const BEGAN = Date.parse('2026-05-01T01:00:00Z');
const NORTH_M = 1 / 111_195; // degrees of a metre

/** Metres north of the start, seconds after it. */
function fix(metres, seconds, change = {}) {
  return { lon: 124, lat: 47 + metres * NORTH_M, accuracy: 6, at: BEGAN + 1000 * seconds, ...change };
}

function walked(...fixes) {
  return fixes.reduce((track, one) => withFix(track, one, one.at), emptyTrack('t', 's1', BEGAN));
}

test('points lie apart in place and in time', () => {
  const track = walked(fix(0, 0), fix(4, 6), fix(11, 8), fix(16, 9), fix(30, 10), fix(31, 60));
  assert.deepEqual(track.points.map(([, , seconds, accuracy]) => [seconds, accuracy]), [[0, 6], [8, 6], [60, 6]]);
  assert.ok(Math.abs(lengthOf(track) - 31) < 0.2);
});

test('a stand of an hour is one point, and so is a place that nobody can tell from it', () => {
  assert.equal(walked(...Array.from({ length: 3600 }, (_none, at) => fix((at % 7) - 3, at))).points.length, 1);
  assert.equal(walked(fix(0, 0), fix(30, 30, { accuracy: 40 })).points.length, 1);
  assert.equal(walked(fix(0, 0), fix(500, 30, { accuracy: 51 })).points.length, 1);
});

test('a fix that is old when it comes is no point, and is counted', () => {
  const track = withFix(walked(fix(0, 0)), fix(200, 20), BEGAN + 90_000);
  assert.deepEqual([track.points.length, track.stale], [1, 1]);
  assert.deepEqual(operationOf(track, 'o').changes.stale_fixes, [null, 1]);
});

test('fixes that do not tremble are told of', () => {
  const typed = walked(...[0, 1, 2, 3].map((seconds) => fix(0, seconds)));
  assert.ok(typed.isMock);
  assert.deepEqual(operationOf(typed, 'o').changes.is_mock, [null, true]);
  assert.ok(!walked(...[0, 1, 2, 3].map((seconds) => fix(seconds / 10, seconds))).isMock);
});

test('a track ends before it is more than an operation may be', () => {
  let track = emptyTrack('t', '', BEGAN);
  for (let at = 0; at < MOST + 50; at += 1) track = withFix(track, fix(at * 12, at * 6), BEGAN + at * 6000);
  assert.equal(track.points.length, MOST);
  assert.ok(JSON.stringify(operationOf(track, 'o')).length < 900_000);
});

test('ending it is one operation, and the way is no longer being recorded', async () => {
  const db = await fresh();
  const track = { ...walked(fix(0, 0), fix(20, 20)), id: uuid7() };
  await db.put('tracks', track);
  const [row] = await record(db, WHO, [operationOf(track, uuid7())], { track: track.id });
  const body = JSON.parse(row.body);
  assert.deepEqual([body.entity, body.id, body.changes.site], ['track', track.id, [null, 's1']]);
  assert.deepEqual(body.changes.started_at, [null, '2026-05-01T01:00:00.000Z']);
  assert.deepEqual(body.changes.points[1][0], [124, 47, 0, 6]);
  assert.ok(!('is_mock' in body.changes) && !('stale_fixes' in body.changes));
  assert.deepEqual(await db.getAll('tracks'), []);
});
