// The app grows and its database with it: what is unsent goes through as it was, from every form that there has been.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { WHO, note } from './work.js';
import { openDB } from '../../../static/js/vendor/idb/idb.js';
import { openStore } from '../../../static/js/field/store/database.js';
import { bytesOf } from '../../../static/js/field/store/photos.js';
import { record, unsent } from '../../../static/js/field/store/outbox.js';

/** As the app of that time made it. */
function made(name, version) {
  return openDB(name, version, {
    upgrade(db) {
      if (version > 1) db.createObjectStore('outlines', { keyPath: 'id' });
      db.createObjectStore('meta');
      db.createObjectStore('sites', { keyPath: 'id' });
      db.createObjectStore('drafts', { keyPath: 'site' });
      const ops = db.createObjectStore('ops', { keyPath: 'op_id' });
      ops.createIndex('state', ['state', 'seq']);
      ops.createIndex('site', 'site');
      const photos = db.createObjectStore('photos', { keyPath: 'id' });
      photos.createIndex('state', 'state');
      photos.createIndex('inspection', 'inspection');
      db.createObjectStore('blobs');
      db.createObjectStore('evidence');
    },
  });
}

for (const version of [1, 2]) {
  test(`500 unsent operations, a draft and a photograph of version ${version} are there in the next one`, async () => {
    const user = 9_000 + version;
    const old = await made(`field-${user}`, version);
    const bodies = [];
    for (let seq = 1; seq <= 500; seq += 1) {
      const row = { op_id: `op-${seq}`, seq, entity: 'inspection', target: `t-${seq}`, site: 's1', body: `{"text":"${seq} 到场"}`, sha256: `hash-${seq}`, at: seq, state: 'unsent', code: '', detail: '' };
      bodies.push(row);
      await old.put('ops', row);
    }
    await old.put('meta', 500, 'device_seq');
    await old.put('drafts', { site: 's1', note: '写到一半' });
    await old.put('photos', { id: 'p1', state: 'waiting', inspection: 'v1' });
    await old.put('blobs', new Blob(['bytes']), 'p1');
    if (version > 1) await old.put('outlines', { id: 's2', vertices: [[124, 47]] });
    old.close();

    const db = await openStore(user);
    assert.deepEqual(await unsent(db), bodies);
    assert.equal((await db.get('drafts', 's1')).note, '写到一半');
    assert.equal(await (await bytesOf(db, 'p1')).text(), 'bytes');
    assert.deepEqual((await db.getAll('outlines')).map(({ id }) => id), version > 1 ? ['s2'] : []);
    const [row] = await record(db, WHO, [note()]);
    assert.equal(row.seq, 501);
    assert.deepEqual(await db.getAll('tracks'), []);
    db.close();
  });
}
