// Sending operations. Only an answer about an operation ends its waiting.

import * as api from './api.js';
import { batches } from './batches.js';
import { enterEpoch, inState, settle, unsent } from '../store/outbox.js';

/**
 * @typedef {import('../store/types.js').OpRow} OpRow
 * @typedef {import('../store/database.js').Database} Database
 * @typedef {{id: string, name: string, app: string}} Device
 */

const ASKED_AT_ONCE = 500;

/**
 * Send all that waits, once. @param {Database} db @param {string} csrf @param {Device} device
 * @param {() => Promise<{unsent: number, unsent_photos: number}>} counts
 * @returns {Promise<number>} how many were answered
 */
export async function pushAll(db, csrf, device, counts) {
  let answered = 0;
  for (const batch of batches(await unsent(db))) answered += await pushBatch(db, csrf, device, counts, batch);
  return answered;
}

/** @param {Database} db @param {string} csrf @param {Device} device @param {() => Promise<any>} counts @param {OpRow[]} batch @returns {Promise<number>} */
async function pushBatch(db, csrf, device, counts, batch) {
  const ops = batch.map(({ body, sha256 }) => ({ body, sha256 }));
  let told;
  try {
    told = await api.push(csrf, { device: { ...device, ...await counts() }, now: new Date().toISOString(), ops }, ops.length);
  } catch (error) {
    if (!(error instanceof api.Refusal && error.status === 413)) throw error;
    return splitOrRefuse(db, csrf, device, counts, batch, error);
  }
  await enterEpoch(db, told.epoch);
  const answers = told.results.map((/** @type {any} */ answer, /** @type {number} */ at) => ({ ...answer, op_id: batch[at].op_id }));
  await settle(db, answers);
  return answers.filter((/** @type {any} */ one) => one.status !== 'retry').length;
}

/** @param {Database} db @param {string} csrf @param {Device} device @param {() => Promise<any>} counts @param {OpRow[]} batch @param {api.Refusal} refusal */
async function splitOrRefuse(db, csrf, device, counts, batch, refusal) {
  if (batch.length === 1) { // nothing smaller is left to try: it stays here, and says why
    await settle(db, [{ op_id: batch[0].op_id, status: 'quarantined', code: 'too-large', detail: refusal.message }]);
    return 1;
  }
  const middle = Math.ceil(batch.length / 2);
  return await pushBatch(db, csrf, device, counts, batch.slice(0, middle)) + await pushBatch(db, csrf, device, counts, batch.slice(middle));
}

/** Ask what became of operations that were waiting on the server. @param {Database} db @param {string} csrf */
export async function askHeld(db, csrf) {
  const held = await inState(db, 'held');
  for (let at = 0; at < held.length; at += ASKED_AT_ONCE) {
    const ids = held.slice(at, at + ASKED_AT_ONCE).map(({ op_id }) => op_id);
    await settle(db, (await api.receipt(csrf, { ops: ids, photos: [] })).ops);
  }
}
