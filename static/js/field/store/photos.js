// Photographs on the tablet: the row says where each stands, the bytes lie apart.

import { STRICT } from './database.js';

/**
 * @typedef {import('./types.js').PhotoRow} PhotoRow
 * @typedef {import('./database.js').Database} Database
 */

/** Row and bytes at once. Rejects (QuotaExceededError) when the disk has no room. @param {Database} db @param {PhotoRow} row @param {Blob} blob */
export async function keepPhoto(db, row, blob) {
  const tx = db.transaction(['photos', 'blobs'], 'readwrite', STRICT);
  // The bytes first: a browser that refuses them leaves no row behind.
  await Promise.all([tx.objectStore('blobs').put(blob, row.id), tx.objectStore('photos').add(row), tx.done]);
}

/** Only of a draft: what is announced is sent. @param {Database} db @param {string} id */
export async function dropPhoto(db, id) {
  const tx = db.transaction(['photos', 'blobs'], 'readwrite', STRICT);
  const row = await tx.objectStore('photos').get(id);
  if (row?.state === 'draft') await Promise.all([tx.objectStore('photos').delete(id), tx.objectStore('blobs').delete(id)]);
  await tx.done;
}

/** @param {Database} db @param {string} inspection @returns {Promise<PhotoRow[]>} */
export function photosOf(db, inspection) { return db.getAllFromIndex('photos', 'inspection', inspection); }

/** @param {Database} db @returns {Promise<PhotoRow[]>} */
export function waitingPhotos(db) { return db.getAllFromIndex('photos', 'state', 'waiting'); }

/** @param {Database} db @param {string} id @returns {Promise<Blob | undefined>} */
export function bytesOf(db, id) { return db.get('blobs', id); }

/** Where the small copy of the server's picture lies in `evidence`. @param {string} id */
export function thumbKey(id) { return `${id}:thumb`; }

/** @param {Database} db @param {string} id @param {Partial<PhotoRow>} change */
export async function notePhoto(db, id, change) {
  const tx = db.transaction('photos', 'readwrite', STRICT);
  const row = await tx.store.get(id);
  if (row) await tx.store.put({ ...row, ...change });
  await tx.done;
}
