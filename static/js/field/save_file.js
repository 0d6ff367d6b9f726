// The rescue: everything that the server has not acknowledged, as a file that the office can load.

import { downloadZip } from '../vendor/client-zip/client-zip.js';
import { unsent } from './store/outbox.js';
import { bytesOf } from './store/photos.js';

/** @typedef {import('./store/database.js').Database} Database */

/**
 * A ZIP of `ops.jsonl`, a line `{"body", "sha256"}` for each operation, and `photos/<photo id>`, the bytes of each photograph
 * that is not verified. Operations that the server refused, and those that announce these photographs, are among them.
 * @param {Database} db @returns {Promise<Blob>}
 */
export async function unsentFile(db) {
  const waiting = (await db.getAll('photos')).filter((photo) => photo.state === 'waiting');
  const announced = new Set(waiting.map((photo) => photo.op_id));
  const refused = (await db.getAll('ops')).filter((op) => op.state === 'quarantined' || (op.state !== 'unsent' && announced.has(op.op_id)));
  const ops = [...refused, ...await unsent(db)].sort((a, b) => a.seq - b.seq);
  const lines = ops.map(({ body, sha256 }) => `${JSON.stringify({ body, sha256 })}\n`).join('');
  return downloadZip(entries(db, lines, waiting)).blob();
}

/** One picture in memory at a time. @param {Database} db @param {string} lines @param {import('./store/types.js').PhotoRow[]} waiting */
async function* entries(db, lines, waiting) {
  yield { name: 'ops.jsonl', input: lines };
  for (const photo of waiting) {
    const bytes = await bytesOf(db, photo.id);
    if (bytes) yield { name: `photos/${photo.id}`, input: await bytes.arrayBuffer() };
  }
}

/** @param {Blob} blob @param {string} name */
export function offerFile(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
