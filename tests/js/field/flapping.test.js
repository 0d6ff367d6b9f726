// Three days of a network that comes and goes, by a clock of the test's: the app's own engine, nothing waits in earnest.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { WHO, fresh, note, photoWaiting } from './work.js';
import { FakeServer } from './server.js';
import { Engine } from '../../../static/js/field/sync/engine.js';
import { record, unsent } from '../../../static/js/field/store/outbox.js';
import { waitingPhotos } from '../../../static/js/field/store/photos.js';

const HOUR = 3_600_000;
const HEALS_AT = 72 * HOUR;
const DRAINED_WITHIN = 60_000;

/** The engine's timer alone is ours: whatever waits a second or more. Shorter waits belong to the store's stand-in. */
class Clock {
  constructor() {
    this.now = 0;
    this.waiting = new Map();
    this.real = { set: globalThis.setTimeout, clear: globalThis.clearTimeout };
    let last = 1e9;
    globalThis.setTimeout = (then, ms = 0, ...rest) => {
      if (ms < 1000) return this.real.set(then, ms, ...rest);
      this.waiting.set(last += 1, { at: this.now + ms, then });
      return last;
    };
    globalThis.clearTimeout = (id) => { if (!this.waiting.delete(id)) this.real.clear(id); };
  }

  next() { return Math.min(...[...this.waiting.values()].map((one) => one.at)); }

  /** Go to that moment and do what is due then. */
  go(at) {
    this.now = at;
    for (const [id, one] of this.waiting) {
      if (one.at > at) continue;
      this.waiting.delete(id);
      one.then();
    }
  }

  restore() { Object.assign(globalThis, { setTimeout: this.real.set, clearTimeout: this.real.clear }); }
}

/** The same numbers each time (mulberry32). */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** From when on the network is how: gone, a portal's, overloaded, dropping half, or well; a minute to an hour each. */
function weather(random) {
  const kinds = ['gone', 'portal', 'busy', 'half', 'well'];
  const spells = [];
  for (let at = 0; at < HEALS_AT; at += 60_000 + random() * HOUR) spells.push({ at, kind: kinds[Math.floor(random() * kinds.length)] });
  return (now) => (now >= HEALS_AT ? 'well' : spells.findLast((spell) => spell.at <= now).kind);
}

function fault(kind, random) {
  if (kind === 'gone' || (kind === 'half' && random() < 0.5)) throw new TypeError('fetch failed');
  if (kind === 'portal') return new Response('<html>登录</html>', { status: 200, headers: { 'Content-Type': 'text/html' } });
  if (kind === 'busy') return new Response('', { status: 503, headers: { 'Retry-After': '15' } });
  return undefined;
}

async function atRest(engine, clock) {
  while (engine.running) await new Promise((resolve) => { clock.real.set(resolve, 0); });
}

test('after 72 hours of a flapping network the queue drains within a minute, everything once', async (t) => {
  const random = dice(20220501);
  const server = new FakeServer();
  server.install();
  const clock = new Clock();
  globalThis.navigator ??= {}; // without Web Locks this one tab leads
  globalThis.addEventListener ??= () => {};
  globalThis.document ??= { addEventListener: () => {}, visibilityState: 'visible' };
  const kind = weather(random);
  const seen = new Set();
  server.fault = () => {
    seen.add(kind(clock.now));
    return fault(kind(clock.now), random);
  };
  const db = await fresh();
  const engine = new Engine({ db, user: 7, device: { id: WHO.device, name: '平板', app: '1' }, isTight: async () => false });
  t.after(() => { engine.stop(); clock.restore(); });
  engine.start();
  await new Promise((resolve) => { clock.real.set(resolve, 10); });
  await atRest(engine, clock);

  const photos = [];
  const work = Array.from({ length: 120 }, () => random() * HEALS_AT).sort((a, b) => a - b);
  work.push(HEALS_AT - 1); // something is written down a moment before the network heals
  for (const at of work) {
    while (clock.next() <= at) {
      clock.go(clock.next());
      await atRest(engine, clock);
    }
    clock.go(at);
    await record(db, WHO, [note()]);
    if (photos.length < 20 && random() < 0.3) photos.push(await photoWaiting(db, `${at}`));
    engine.wrote();
    await atRest(engine, clock);
  }
  assert.deepEqual([...seen].sort(), ['busy', 'gone', 'half', 'portal', 'well']);

  while (clock.next() <= HEALS_AT + DRAINED_WITHIN) {
    clock.go(clock.next());
    await atRest(engine, clock);
  }
  assert.equal((await unsent(db)).length, 0);
  assert.equal((await waitingPhotos(db)).length, 0);
  assert.equal(server.ops.size, work.length + photos.length);
  for (const photo of photos) {
    assert.equal(createHash('sha256').update(server.photos.get(photo.id).bytes).digest('hex'), photo.sha256);
  }
});
