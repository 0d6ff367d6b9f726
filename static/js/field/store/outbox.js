// Work that was done here. An operation, its place in the tablet's count, its photographs and the end of the draft are
// one transaction: after `record` has returned all of it is on the disk, before that none.

import { STRICT } from './database.js';
import { hashText } from './hash.js';

/**
 * @typedef {import('./types.js').OpRow} OpRow
 * @typedef {import('./types.js').OpSpec} OpSpec
 * @typedef {import('./types.js').PhotoRow} PhotoRow
 * @typedef {import('./database.js').Database} Database
 */

export const SCHEMA = 1;
export const KEEP_MS = 14 * 86_400_000; // so long what was acknowledged can be sent again, to a server restored from a backup

/**
 * Write operations down. Rejects when the disk has no room: then nothing has changed.
 * @param {Database} db @param {{device: string, author: number}} who @param {OpSpec[]} specs
 * @param {{draft?: string, outline?: string, track?: string, photos?: PhotoRow[]}} [beside] the drafts that this ends, and photographs that now wait
 * @returns {Promise<OpRow[]>}
 */
export async function record(db, who, specs, beside = {}) {
  const tx = db.transaction(['meta', 'ops', 'photos', 'drafts', 'outlines', 'tracks'], 'readwrite', STRICT);
  const meta = tx.objectStore('meta');
  let seq = (await meta.get('device_seq')) ?? 0;
  const rows = specs.map((spec) => frozen(spec, who, seq += 1));
  const writes = [...rows.map((row) => tx.objectStore('ops').add(row)), meta.put(seq, 'device_seq')];
  for (const photo of beside.photos ?? []) writes.push(tx.objectStore('photos').put({ ...photo, state: 'waiting' }));
  if (beside.draft) writes.push(/** @type {any} */ (tx.objectStore('drafts').delete(beside.draft)));
  if (beside.outline) writes.push(/** @type {any} */ (tx.objectStore('outlines').delete(beside.outline)));
  if (beside.track) writes.push(/** @type {any} */ (tx.objectStore('tracks').delete(beside.track)));
  await Promise.all([...writes, tx.done]);
  return rows;
}

/** @param {OpSpec} spec @param {{device: string, author: number}} who @param {number} seq @returns {OpRow} */
function frozen(spec, who, seq) {
  const now = new Date();
  const body = JSON.stringify({
    op_id: spec.op_id, device_id: who.device, device_seq: seq, author_id: who.author, schema_v: SCHEMA,
    entity: spec.entity, id: spec.id, base_rev: spec.base_rev ?? null, changes: spec.changes,
    depends_on: spec.depends_on ?? [], client_time: now.toISOString(),
  });
  return {
    op_id: spec.op_id, seq, entity: spec.entity, target: spec.id, site: spec.site, body, sha256: hashText(body),
    at: now.getTime(), state: 'unsent', code: '', detail: '',
  };
}

/** The oldest that nobody has acknowledged, in their order. @param {Database} db @param {number} [limit] @returns {Promise<OpRow[]>} */
export function unsent(db, limit) {
  return db.getAllFromIndex('ops', 'state', IDBKeyRange.bound(['unsent', 0], ['unsent', Infinity]), limit);
}

/** @param {Database} db @param {string} state @returns {Promise<OpRow[]>} */
export function inState(db, state) {
  return db.getAllFromIndex('ops', 'state', IDBKeyRange.bound([state, 0], [state, Infinity]));
}

/**
 * Note what the server said. A text that has been refused stays as it was written.
 * @param {Database} db @param {any[]} answers each with op_id, status, and for a duplicate `first`
 */
export async function settle(db, answers) {
  const tx = db.transaction('ops', 'readwrite', STRICT);
  for (const answer of answers) {
    const row = await tx.store.get(answer.op_id);
    const state = answer.status === 'duplicate' ? answer.first : answer.status;
    if (!row || !SETTLED.has(state)) continue;
    await tx.store.put({
      ...row, state, code: answer.code ?? '', detail: answer.detail ?? '',
      conflicts: answer.conflicts, revision: answer.revision ?? row.revision, decision: answer.decision ?? row.decision, acked_at: row.acked_at ?? Date.now(),
    });
  }
  await tx.done;
}

const SETTLED = new Set(['applied', 'merged', 'conflict', 'held', 'proposed', 'quarantined']);

/**
 * The server lives another life (a backup was restored): say again what was said in the last 14 days.
 * @param {Database} db @param {string} epoch @returns {Promise<number>} how many operations wait again
 */
export async function enterEpoch(db, epoch) {
  const tx = db.transaction(['meta', 'ops', 'photos'], 'readwrite', STRICT);
  const known = await tx.objectStore('meta').get('epoch');
  await tx.objectStore('meta').put(epoch, 'epoch');
  let again = 0;
  if (known && known !== epoch) {
    for (const row of await tx.objectStore('ops').getAll()) {
      if (row.state === 'unsent') continue;
      await tx.objectStore('ops').put({ ...row, state: 'unsent', acked_at: undefined });
      again += 1;
    }
    for (const row of await tx.objectStore('photos').getAll()) {
      if (row.state === 'verified') await tx.objectStore('photos').put({ ...row, state: 'waiting', offset: 0 });
    }
  }
  await tx.done;
  return again;
}

/**
 * Let go of what has been done for more than 14 days. What the office has not decided stays.
 * @param {Database} db @param {number} now ms @param {boolean} isTight also pictures that are verified, at once
 */
export async function sweep(db, now, isTight) {
  const tx = db.transaction(['ops', 'photos', 'blobs'], 'readwrite');
  const [ops, photos, blobs] = ['ops', 'photos', 'blobs'].map((name) => tx.objectStore(name));
  const old = (/** @type {number | undefined} */ then) => then !== undefined && now - then > KEEP_MS;
  for (const row of await ops.getAll()) {
    if ((row.state === 'applied' || row.state === 'merged') && old(row.acked_at)) await ops.delete(row.op_id);
  }
  for (const row of await photos.getAll()) {
    if (row.state !== 'verified') continue;
    if (old(row.verified_at)) await photos.delete(row.id);
    if (isTight || old(row.verified_at)) await blobs.delete(row.id);
  }
  await tx.done;
}
