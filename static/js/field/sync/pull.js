// Fetching what changed. A cursor of another life or of another assignment: everything anew.

import * as api from './api.js';
import { cursorOf, keepReference, startOver, takePage } from '../store/replica.js';

/** @typedef {import('../store/database.js').Database} Database */

/** @param {Database} db @param {string} device @param {() => void} moved after each page @returns {Promise<boolean>} whether anything came */
export async function pullAll(db, device, moved) {
  let isNew = false;
  for (;;) {
    const cursor = await cursorOf(db);
    let page;
    try {
      page = await api.changes(cursor, device);
    } catch (error) {
      if (!(error instanceof api.Refusal && error.status === 410 && cursor)) throw error;
      await startOver(db);
      continue;
    }
    await takePage(db, page, cursor);
    if (page.sites.length || page.gone.length || page.operations.length) {
      isNew = true;
      moved();
    }
    if (!page.more) return isNew;
  }
}

/** @param {Database} db */
export async function pullReference(db) {
  const found = await api.reference((await db.get('meta', 'reference_etag')) ?? '');
  if (found) await keepReference(db, found.data, found.etag);
  return found !== null;
}
