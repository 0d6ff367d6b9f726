// Speaking to the server: only a sure answer ends the waiting.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, test } from 'node:test';

import { WHO, fresh, note, photoWaiting } from './work.js';
import { FakeServer, json } from './server.js';
import { SignedOut, Unreachable } from '../../../static/js/field/sync/api.js';
import { LONGEST_MS, waitMs } from '../../../static/js/field/sync/backoff.js';
import { batches } from '../../../static/js/field/sync/batches.js';
import { OtherUser, syncRound } from '../../../static/js/field/sync/round.js';
import { PIECE } from '../../../static/js/field/sync/uploads.js';
import { record, settle, unsent } from '../../../static/js/field/store/outbox.js';

const DEVICE = { id: WHO.device, name: '平板', app: '1' };
const PORTAL = () => new Response('<html>请登录上网</html>', { status: 200, headers: { 'Content-Type': 'text/html' } });
let server;

beforeEach(() => {
  server = new FakeServer();
  server.install();
});

const round = (db, user = 7) => syncRound(db, user, DEVICE, () => {}, () => {}, async () => false);

test('text goes before pictures, and all of it arrives as it was', async () => {
  const db = await fresh();
  const bytes = Buffer.alloc(PIECE * 2 + 5, 'ab');
  const photo = await photoWaiting(db, bytes);
  await record(db, WHO, [note()]);
  await round(db);
  assert.equal((await unsent(db)).length, 0);
  assert.equal(server.ops.size, 2);
  const row = await db.get('photos', photo.id);
  assert.equal(row.state, 'verified');
  assert.equal(createHash('sha256').update(server.photos.get(photo.id).bytes).digest('hex'), photo.sha256);
  const order = server.seen.map((one) => one.split(' ')[0]);
  assert.ok(server.seen.indexOf('POST /api/sync/push') < order.indexOf('HEAD'));
  assert.equal(order.filter((verb) => verb === 'PATCH').length, 3);
});

test('a captive portal acknowledges nothing', async () => {
  for (const victim of ['/api/sync/hello', '/api/sync/push', '/api/sync/changes', '/api/sync/photos']) {
    const db = await fresh();
    const photo = await photoWaiting(db, 'bytes');
    server.fault = (path) => (path.startsWith(victim) ? PORTAL() : undefined);
    await assert.rejects(round(db), (error) => error instanceof Unreachable && error.kind === 'portal');
    assert.equal((await db.get('photos', photo.id)).state, 'waiting');
    assert.equal((await unsent(db)).length, victim.endsWith('hello') || victim.endsWith('push') ? 1 : 0);
  }
});

test('JSON that is cut, or that is somebody else’s, acknowledges nothing', async () => {
  for (const body of ['{"results": [{"op', '{"ok": true}', '[]', 'null']) {
    const db = await fresh();
    await record(db, WHO, [note()]);
    server.fault = (path) => (path.endsWith('push') ? new Response(body, { headers: { 'Content-Type': 'application/json' } }) : undefined);
    await assert.rejects(round(db), Unreachable);
    assert.equal((await unsent(db)).length, 1);
  }
});

test('a lost answer doubles nothing', async () => {
  const db = await fresh();
  await record(db, WHO, [note()]);
  let isLost = false;
  server.fault = async (path, init) => {
    if (!path.endsWith('push') || isLost) return undefined;
    isLost = true;
    server.push(JSON.parse(init.body));
    throw new TypeError('cut');
  };
  await assert.rejects(round(db), Unreachable);
  assert.equal((await unsent(db)).length, 1);
  await round(db);
  assert.equal(server.ops.size, 1);
  assert.equal((await unsent(db)).length, 0);
});

test('without a session nothing is sent and nothing is lost', async () => {
  const db = await fresh();
  await record(db, WHO, [note()]);
  server.user = null;
  await assert.rejects(round(db), SignedOut);
  server.user = 8;
  await assert.rejects(round(db), OtherUser);
  assert.ok(!server.seen.includes('POST /api/sync/push'));
  server.user = 7;
  await round(db);
  assert.equal(server.ops.size, 1);
});

test('a picture goes on from where the server stands', async () => {
  const db = await fresh();
  const photo = await photoWaiting(db, Buffer.alloc(PIECE * 3, 'x'));
  let pieces = 0;
  server.fault = (_path, init) => {
    if (init.method === 'PATCH' && (pieces += 1) === 2) throw new TypeError('cut');
    return undefined;
  };
  await assert.rejects(round(db), Unreachable);
  assert.equal((await db.get('photos', photo.id)).offset, PIECE);
  await round(db);
  assert.equal(pieces, 4);
  assert.equal((await db.get('photos', photo.id)).state, 'verified');
});

test('a picture whose announcement was refused is kept and not sent', async () => {
  const db = await fresh();
  const photo = await photoWaiting(db, 'bytes');
  await settle(db, [{ op_id: photo.op_id, status: 'quarantined', code: 'too-large' }]);
  await round(db);
  assert.ok(!server.seen.some((one) => one.startsWith('HEAD')));
  assert.equal(await db.count('blobs'), 1);
});

test('a restored server is told again, and sites are fetched anew', async () => {
  const db = await fresh();
  const photo = await photoWaiting(db, 'bytes');
  await round(db);
  Object.assign(server, { epoch: 'e2', ops: new Map(), photos: new Map() });
  server.pages = [{ cursor: 'e2.s.1', more: false, sites: [{ id: 'a', revision: 1 }], gone: [], operations: [] }];
  await round(db);
  assert.equal(server.ops.size, 1);
  assert.equal(server.photos.get(photo.id).state, 'verified');
  assert.deepEqual(await db.getAllKeys('sites'), ['a']);
});

test('an operation that is asked for again does not hold up the others, nor for ever', async () => {
  const db = await fresh();
  const [stuck] = await record(db, WHO, [note(), note()]);
  const push = server.push.bind(server);
  server.push = (content) => {
    const mine = content.ops.map(({ body }) => JSON.parse(body).op_id);
    const rest = content.ops.filter((_one, at) => mine[at] !== stuck.op_id);
    return push({ ops: rest }).json().then((told) => json({
      ...told, results: mine.map((id) => (id === stuck.op_id ? { op_id: id, status: 'retry' } : told.results.shift())),
    }));
  };
  await round(db);
  assert.deepEqual((await unsent(db)).map(({ op_id }) => op_id), [stuck.op_id]);
});

test('too much at once is sent in halves, and what is too large alone says so', async () => {
  const db = await fresh();
  const rows = await record(db, WHO, [note(), note('大'.repeat(500)), note()]);
  server.fault = (path, init) => (path.endsWith('push') && init.body.length > 1_900
    ? json({ type: '/problems/too-large/', title: 'too large' }, 413, 'application/problem+json') : undefined);
  await record(db, WHO, [note('大'.repeat(2_000))]);
  await round(db);
  assert.equal(server.ops.size, 3);
  assert.ok(rows.every(({ op_id }) => server.ops.has(op_id)));
  assert.equal((await db.getAll('ops')).filter(({ state }) => state === 'quarantined').length, 1);
});

test('requests stay within what the server takes', () => {
  const row = (bytes) => ({ body: 'x'.repeat(bytes) });
  assert.deepEqual(batches(Array.from({ length: 205 }, () => row(10))).map((one) => one.length), [100, 100, 5]);
  assert.deepEqual(batches([row(10), row(2_000_000), row(10)]).map((one) => one.length), [1, 1, 1]);
  assert.deepEqual(batches([]), []);
});

test('waiting grows, keeps below a minute, and obeys the server', () => {
  assert.ok(waitMs(1, 0, () => 0) < waitMs(3, 0, () => 0));
  assert.ok(waitMs(500, 0, () => 1) <= LONGEST_MS);
  assert.equal(waitMs(1, 90_000, () => 0), 90_000);
});
