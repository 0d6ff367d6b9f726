// What a tablet keeps: whole or not at all, in its own order, and never in anybody else's database.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { WHO, fresh, note, photoWaiting } from './work.js';
import { uuid7 } from '../../../static/js/field/store/ids.js';
import { KEEP_MS, enterEpoch, record, settle, sweep, unsent } from '../../../static/js/field/store/outbox.js';
import { dropPhoto } from '../../../static/js/field/store/photos.js';
import { cursorOf, startOver, takePage } from '../../../static/js/field/store/replica.js';
import { seenHere } from '../../../static/js/field/store/view.js';

const page = (cursor, sites = [], more = {}) => ({ cursor, more: false, gone: [], operations: [], ...more, sites });

test('a number is a UUID of version 7 and sorts by its time', () => {
  assert.match(uuid7(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(uuid7(0x0123456789ab).slice(0, 13), '01234567-89ab');
  assert.ok(uuid7(1_000) < uuid7(2_000));
});

test('an operation is a text with the hash of its bytes, and counts on', async () => {
  const db = await fresh();
  await record(db, WHO, [note('一'), note('二')]);
  await record(db, WHO, [note('三')]);
  const rows = await unsent(db);
  assert.deepEqual(rows.map(({ seq }) => seq), [1, 2, 3]);
  for (const row of rows) {
    assert.equal(row.sha256, createHash('sha256').update(row.body, 'utf8').digest('hex'));
    assert.equal(JSON.parse(row.body).device_seq, row.seq);
    assert.equal(JSON.parse(row.body).author_id, WHO.author);
  }
});

test('operations, photographs and the end of a draft are one transaction', async () => {
  const db = await fresh();
  await db.put('drafts', { site: 's1', note: '草稿' });
  const [one, twin] = [note(), note()];
  twin.op_id = one.op_id; // the second cannot be added: nothing of the whole may remain
  await assert.rejects(record(db, WHO, [one, twin], { draft: 's1' }));
  assert.equal((await unsent(db)).length, 0);
  assert.equal(await db.get('meta', 'device_seq'), undefined);
  assert.equal((await db.get('drafts', 's1')).note, '草稿');
  await record(db, WHO, [one], { draft: 's1' });
  assert.equal(await db.get('drafts', 's1'), undefined);
});

test('two who write at once take different numbers', async () => {
  const db = await fresh();
  await Promise.all(Array.from({ length: 20 }, () => record(db, WHO, [note()])));
  assert.deepEqual((await unsent(db)).map(({ seq }) => seq), Array.from({ length: 20 }, (_, at) => at + 1));
});

test('an answer settles an operation, a request to try again does not', async () => {
  const db = await fresh();
  const [a, b, c] = await record(db, WHO, [note(), note(), note()]);
  await settle(db, [
    { op_id: a.op_id, status: 'applied', revision: 5 },
    { op_id: b.op_id, status: 'retry' },
    { op_id: c.op_id, status: 'duplicate', first: 'conflict', detail: '…', conflicts: { progress: {} } },
    { op_id: uuid7(), status: 'applied' },
  ]);
  assert.deepEqual((await unsent(db)).map(({ op_id }) => op_id), [b.op_id]);
  const kept = await db.get('ops', c.op_id);
  assert.equal(kept.state, 'conflict');
  assert.equal(kept.body, c.body);
});

test('another life of the server: what it was told is told again, the unsent stays unsent', async () => {
  const db = await fresh();
  const rows = await record(db, WHO, [note(), note()]);
  const photo = await photoWaiting(db, 'bytes');
  assert.equal(await enterEpoch(db, 'e1'), 0);
  await settle(db, [{ op_id: rows[0].op_id, status: 'applied' }]);
  await db.put('photos', { ...photo, state: 'verified', verified_at: Date.now() });
  assert.equal(await enterEpoch(db, 'e1'), 0);
  assert.equal(await enterEpoch(db, 'e2'), 1);
  assert.equal((await unsent(db)).length, 3);
  assert.equal((await db.get('photos', photo.id)).state, 'waiting');
});

test('what is done is let go of after 14 days, what is not decided never', async () => {
  const db = await fresh();
  const [done, fought, waiting] = await record(db, WHO, [note(), note(), note()]);
  await settle(db, [{ op_id: done.op_id, status: 'applied' }, { op_id: fought.op_id, status: 'conflict' }]);
  await sweep(db, Date.now(), false);
  assert.equal(await db.count('ops'), 3);
  await sweep(db, Date.now() + KEEP_MS + 1_000, false);
  assert.deepEqual((await db.getAllKeys('ops')).sort(), [fought.op_id, waiting.op_id].sort());
});

test('bytes that are not verified are never let go of, not even from a full disk', async () => {
  const db = await fresh();
  const [waiting, verified] = [await photoWaiting(db, 'one'), await photoWaiting(db, 'two')];
  await db.put('photos', { ...verified, state: 'verified', verified_at: Date.now() });
  await sweep(db, Date.now() + 100 * KEEP_MS, true);
  assert.deepEqual(await db.getAllKeys('blobs'), [waiting.id]);
  await dropPhoto(db, waiting.id); // announced: no longer to be taken back
  assert.equal(await db.count('blobs'), 1);
});

test('a page and its cursor are one; a whole fetching forgets what it did not name', async () => {
  const db = await fresh();
  const site = (id) => ({ id, revision: 1 });
  await takePage(db, page('e.s.4.ff', [site('a'), site('b')], { more: true }), undefined);
  await takePage(db, page('e.s.4', [site('c')]), 'e.s.4.ff');
  await takePage(db, page('e.s.5', [], { gone: ['a'] }), 'e.s.4');
  assert.deepEqual(await db.getAllKeys('sites'), ['b', 'c']);
  await record(db, WHO, [note()]);
  await startOver(db);
  assert.equal(await cursorOf(db), undefined);
  await takePage(db, page('f.s.9', [site('c')]), undefined);
  assert.deepEqual(await db.getAllKeys('sites'), ['c']);
  assert.equal((await unsent(db)).length, 1);
});

test('a site is seen with what was done here, until the server has it', async () => {
  const db = await fresh();
  const doc = { id: 's1', revision: 3, state: 'works', phase: 'working', progress: 10, attributes: { area: 2 }, visits: [] };
  const change = { op_id: uuid7(), entity: 'site', id: 's1', site: 's1', changes: { state: ['works', 'done'], 'attributes.area': [2, 5] } };
  const visit = note();
  visit.changes.progress = [10, 40];
  const [one, two] = await record(db, WHO, [visit, change]);
  const seen = seenHere(doc, [one, two], new Map([['done', 'completed']]));
  assert.deepEqual([seen.progress, seen.state, seen.phase, seen.attributes.area, seen.visits.length, seen.pending], [40, 'done', 'completed', 5, 1, 2]);
  assert.equal(doc.progress, 10);
  const ahead = { ...two, state: 'applied', revision: 4 };
  assert.equal(seenHere(doc, [ahead], new Map()).state, 'done');
  assert.equal(seenHere({ ...doc, revision: 4 }, [ahead], new Map()).state, 'works');
});

test('a visit that was written down here answers what the office asked for by then', () => {
  const doc = { id: 's1', revision: 1, attributes: {}, visits: [], asked: [{ begins_on: '2026-06-01' }, { begins_on: '2026-06-20' }] };
  const body = JSON.stringify({ client_time: '2026-06-02T09:00:00+08:00', changes: { note: [null, '看过'] } });
  const visit = { op_id: 'o', seq: 1, entity: 'inspection', target: 'i', site: 's1', state: 'unsent', body };
  assert.deepEqual(seenHere(doc, [/** @type {any} */ (visit)], new Map()).asked, [{ begins_on: '2026-06-20' }]);
});
