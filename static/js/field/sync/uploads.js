// Sending photographs in pieces, each from where the server stands. Only "verified" ends the waiting.

import * as api from './api.js';
import { bytesOf, notePhoto, waitingPhotos } from '../store/photos.js';

/**
 * @typedef {import('../store/types.js').PhotoRow} PhotoRow
 * @typedef {import('../store/database.js').Database} Database
 */

export const PIECE = 512 * 1024;
const TRIES = 3;
const RESUMABLE = new Set([409, 422, 460]); // it stands elsewhere, or the bytes did not arrive as they left: ask, go on

/**
 * Each photograph that waits and was announced. @param {Database} db @param {string} csrf @param {() => void} moved after each piece
 * @returns {Promise<number>} how many were verified
 */
export async function sendPhotos(db, csrf, moved) {
  let verified = 0;
  for (const row of await waitingPhotos(db)) {
    const op = await db.get('ops', row.op_id);
    if (op && (op.state === 'unsent' || op.state === 'quarantined')) continue;
    if (await sendPhoto(db, csrf, row, moved)) verified += 1;
  }
  return verified;
}

/** @param {Database} db @param {string} csrf @param {PhotoRow} row @param {() => void} moved @returns {Promise<boolean>} verified */
async function sendPhoto(db, csrf, row, moved) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return await sendFrom(db, csrf, row, moved);
    } catch (error) {
      if (!(error instanceof api.Refusal)) throw error;
      if (error.status === 404) return false; // its announcement is not there (yet)
      if (!RESUMABLE.has(error.status)) {
        await notePhoto(db, row.id, { code: error.slug || String(error.status) });
        return false;
      }
    }
  }
  return false;
}

/** @param {Database} db @param {string} csrf @param {PhotoRow} row @param {() => void} moved */
async function sendFrom(db, csrf, row, moved) {
  let stand = await api.photoState(row.id);
  const bytes = stand.isVerified ? undefined : await bytesOf(db, row.id);
  if (!stand.isVerified && !bytes) {
    await notePhoto(db, row.id, { state: 'lost', code: 'no-bytes' });
    return false;
  }
  while (!stand.isVerified && bytes) {
    stand = await api.sendPiece(csrf, row.id, stand.offset, bytes.slice(stand.offset, stand.offset + PIECE));
    await notePhoto(db, row.id, { offset: stand.offset, code: '' });
    moved();
  }
  await notePhoto(db, row.id, { state: 'verified', verified_at: Date.now(), offset: row.size, code: '' });
  moved();
  return true;
}
