// Others' pictures come small, the newest first; large ones only when they are asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fresh } from './work.js';
import { fetchThumbs } from '../../../static/js/field/sync/thumbs.js';
import { Unreachable } from '../../../static/js/field/sync/api.js';

function site(id, phase, ...photos) {
  return { id, run: 1, doc: { id, phase, photos: photos.map(([key, taken_at]) => ({ id: key, taken_at, url: `/photos/${key}/display/`, thumb: `/photos/${key}/thumb/` })) } };
}

/** What was asked for, by a server that has all but what is named. */
function serving(missing = [], dead = () => false) {
  const seen = [];
  globalThis.fetch = async (path) => {
    if (dead(seen)) throw new TypeError('cut');
    seen.push(path);
    if (missing.some((id) => path.includes(id))) return new Response('{}', { status: 404, headers: { 'Content-Type': 'application/problem+json' } });
    return new Response(new Uint8Array([1, 2, 3]), { headers: { 'Content-Type': 'image/webp' } });
  };
  return seen;
}

async function store(...sites) {
  const db = await fresh();
  for (const one of sites) await db.put('sites', one);
  return db;
}

test('small copies only, the newest first, none of finished sites and none twice', async () => {
  const db = await store(site('s1', 'working', ['old', '2026-01-01'], ['new', '2026-05-01']), site('s2', 'accepted', ['done', '2026-06-01']), site('s3', 'planned', ['large', '2026-02-01']));
  await db.put('evidence', new Blob(['x']), 'large');
  const seen = serving();
  assert.equal(await fetchThumbs(db), 2);
  assert.deepEqual(seen, ['/photos/new/thumb/', '/photos/old/thumb/']);
  assert.equal(await fetchThumbs(db), 0);
  assert.deepEqual((await db.getAllKeys('evidence')).sort(), ['large', 'new:thumb', 'old:thumb']);
});

test('one that is not given holds up no other, and is not asked for again', async () => {
  const db = await store(site('s1', 'working', ['gone', '2026-05-01'], ['there', '2026-01-01']));
  const seen = serving(['gone']);
  assert.equal(await fetchThumbs(db), 1);
  await fetchThumbs(db);
  assert.equal(seen.length, 2);
});

test('without network it ends, and goes on the next time', async () => {
  const db = await store(site('s1', 'working', ['a', '2026-05-01'], ['b', '2026-01-01']));
  serving([], (seen) => seen.length > 0);
  await assert.rejects(fetchThumbs(db), Unreachable);
  const seen = serving();
  assert.equal(await fetchThumbs(db), 1);
  assert.deepEqual(seen, ['/photos/b/thumb/']);
});
