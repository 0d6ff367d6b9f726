// The map's archives: piece by piece, resumed, swapped when whole, let go when the disk is full.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import './work.js';
import { askGround, dropGround, fetchArchive } from '../../../static/js/field/ground/fetching.js';
import { inDatabase } from '../../../static/js/field/ground/pieces.js';
import { PIECE, ageOf, leftOf, outdatedOf, pieceName, piecesOf, readGround, wantedOf } from '../../../static/js/field/ground/shelf.js';
import { Refusal, Unreachable } from '../../../static/js/field/sync/api.js';
import { FakeServer, json } from './server.js';

const BYTES = 2 * PIECE + 1000;
const file = Buffer.alloc(BYTES, (at) => at % 251);
const pieces = inDatabase();
let asked;
let offers;
let server;

function offer(revision, change = {}) {
  return { key: 'roads', name: ['道路', 'Roads'], revision, state: 'ready', share: 1, url: `/layers/roads/tiles/${revision}.pmtiles`, bytes: BYTES, made_at: '2026-03-12T00:00:00Z', ...change };
}

/** The server's half: ranges of one file. */
function ranges(path, init) {
  if (path === '/field/ground') return json({ layers: offers });
  if (!path.endsWith('.pmtiles')) return undefined;
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(init.headers.Range).map(Number);
  init.signal.throwIfAborted();
  asked.push(from);
  const headers = { 'Content-Type': 'application/vnd.pmtiles', 'Content-Range': `bytes ${from}-${to}/${BYTES}`, ETag: '"one"' };
  return new Response(file.subarray(from, to + 1), { status: 206, headers });
}

beforeEach(async () => {
  asked = [];
  offers = [offer('r1')];
  server = new FakeServer();
  server.fault = ranges;
  server.install();
  await dropGround(pieces);
});

function signal() { return new AbortController().signal; }

test('an archive comes in pieces and is what the server has, byte for byte', async () => {
  const ground = await askGround(['roads']);
  assert.deepEqual(wantedOf(ground).map(({ key }) => key), ['roads']);
  assert.equal(leftOf(ground, offers[0]), BYTES);
  const told = [];
  assert.ok(await fetchArchive(pieces, offers[0], (bytes) => told.push(bytes), signal()));
  assert.deepEqual(asked, [0, PIECE, 2 * PIECE]);
  assert.equal(told.at(-1), BYTES);
  const now = await readGround();
  assert.deepEqual([now.carried.roads.isWhole, now.carried.roads.pieces, now.coming], [true, 3, {}]);
  assert.deepEqual(wantedOf(now), []);
  assert.equal(ageOf(now), Date.parse('2026-03-12T00:00:00Z'));
  const whole = new Blob(await Promise.all([0, 1, 2].map((at) => pieces.get(pieceName(now.carried.roads, at)))));
  assert.ok(Buffer.from(await whole.arrayBuffer()).equals(file));
});

test('a connection that breaks costs the piece that it broke in', async () => {
  server.fault = (path, init) => (asked.length === 1 && path.endsWith('.pmtiles') ? Promise.reject(new TypeError('cut')) : ranges(path, init));
  await assert.rejects(fetchArchive(pieces, offers[0], () => {}, signal()), Unreachable);
  const left = await readGround();
  assert.deepEqual([left.coming.roads.pieces, left.carried], [1, {}]);
  assert.equal(leftOf(left, offers[0]), BYTES - PIECE);
  server.fault = ranges;
  assert.ok(await fetchArchive(pieces, offers[0], () => {}, signal()));
  assert.deepEqual(asked, [0, PIECE, 2 * PIECE]);
});

test('a stop keeps what has come, and the rest goes on from there', async () => {
  const stop = new AbortController();
  assert.equal(await fetchArchive(pieces, offers[0], (bytes) => { if (bytes >= PIECE) stop.abort(); }, stop.signal), false);
  assert.equal((await readGround()).coming.roads.pieces, 1);
  assert.ok(await fetchArchive(pieces, offers[0], () => {}, signal()));
});

test('of a newer revision is told, and the old one is drawn until the new one is whole', async () => {
  await fetchArchive(pieces, offers[0], () => {}, signal());
  offers = [offer('r2', { made_at: '2026-05-01T00:00:00Z' })];
  const told = await askGround(['roads']);
  assert.deepEqual(outdatedOf(told).map(({ revision }) => revision), ['r1']);
  const stop = new AbortController();
  await fetchArchive(pieces, offers[0], (bytes) => { if (bytes >= PIECE) stop.abort(); }, stop.signal);
  let now = await readGround();
  assert.deepEqual([now.carried.roads.revision, now.coming.roads.revision], ['r1', 'r2']);
  assert.equal(piecesOf(now).size, 4);
  await fetchArchive(pieces, offers[0], () => {}, signal());
  now = await readGround();
  assert.deepEqual([now.carried.roads.revision, outdatedOf(now)], ['r2', []]);
  assert.equal(await pieces.get('roads~r1~0'), undefined);
});

test('a full disk lets go of what came and keeps what was carried', async () => {
  await fetchArchive(pieces, offers[0], () => {}, signal());
  let count = 0;
  const full = { ...pieces, put: (name, piece) => ((count += 1) > 1 ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : pieces.put(name, piece)) };
  await assert.rejects(fetchArchive(full, offer('r2'), () => {}, signal()), { name: 'QuotaExceededError' });
  const now = await readGround();
  assert.deepEqual([now.carried.roads.revision, now.coming], ['r1', {}]);
  assert.equal(await pieces.get('roads~r2~0'), undefined);
  assert.ok(await pieces.get('roads~r1~2'));
});

test('another file behind the address is not mixed with what came before', async () => {
  await assert.rejects(fetchArchive(pieces, offer('r1', { bytes: BYTES + 1 }), () => {}, signal()), Unreachable);
  server.fault = (path) => (path.endsWith('.pmtiles') ? new Response('all of it', { status: 200, headers: { 'Content-Type': 'application/vnd.pmtiles' } }) : undefined);
  await assert.rejects(fetchArchive(pieces, offers[0], () => {}, signal()), Refusal);
  server.fault = (path) => (path.endsWith('.pmtiles') ? new Response('<p>log in', { status: 200, headers: { 'Content-Type': 'text/html' } }) : undefined);
  await assert.rejects(fetchArchive(pieces, offers[0], () => {}, signal()), { kind: 'portal' });
});

test('a layer that is no longer drawn as tiles is not carried on', async () => {
  await fetchArchive(pieces, offers[0], () => {}, signal());
  offers = [];
  await askGround([]);
  assert.deepEqual((await readGround()).carried, {});
});
