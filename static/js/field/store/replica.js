// What the server told: sites, in pages, each written together with the cursor behind it; and reference data.

import { STRICT } from './database.js';
import { settle } from './outbox.js';

/** @typedef {import('./database.js').Database} Database */

/** @param {Database} db @returns {Promise<string | undefined>} */
export function cursorOf(db) { return db.get('meta', 'cursor'); }

/**
 * Take a page in. Giving the same page twice does no harm.
 * @param {Database} db @param {any} page of /api/sync/changes @param {string | undefined} asked the cursor it was asked with
 */
export async function takePage(db, page, asked) {
  const tx = db.transaction(['meta', 'sites'], 'readwrite', STRICT);
  const [meta, sites] = [tx.objectStore('meta'), tx.objectStore('sites')];
  let run = (await meta.get('run')) ?? 0;
  if (!asked) await meta.put(run += 1, 'run');
  const writes = page.sites.map((/** @type {any} */ doc) => sites.put({ id: doc.id, run, doc }));
  for (const id of page.gone) writes.push(sites.delete(id));
  await Promise.all(writes);
  if (isFetchingAll(asked) && !isFetchingAll(page.cursor)) await forgetOlder(sites, run);
  await meta.put(page.cursor, 'cursor');
  if (!page.more) await meta.put(Date.now(), 'fetched_at');
  await tx.done;
  if (page.operations.length) await settle(db, page.operations);
}

/** A cursor of four parts is in the middle of the first fetching. @param {string | undefined} cursor */
function isFetchingAll(cursor) { return !cursor || cursor.split('.').length > 3; }

/** What the whole fetching did not name any more. @param {any} sites @param {number} run */
async function forgetOlder(sites, run) {
  for (const row of await sites.getAll()) if (row.run < run) await sites.delete(row.id);
}

/** Everything is fetched anew; what is unsent stays where it is. @param {Database} db */
export async function startOver(db) {
  const tx = db.transaction('meta', 'readwrite', STRICT);
  await tx.store.delete('cursor');
  await tx.done;
}

/** @param {Database} db @param {any} data @param {string} etag */
export async function keepReference(db, data, etag) {
  const tx = db.transaction('meta', 'readwrite', STRICT);
  await Promise.all([tx.store.put(data, 'reference'), tx.store.put(etag, 'reference_etag'), tx.done]);
}
