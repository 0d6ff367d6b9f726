// One database for each user, so that nobody reads or sends what somebody else wrote on the same tablet; and a small
// one that only knows the tablet and who held it last.

import { openDB } from '../../vendor/idb/idb.js';

/** A transaction has ended only when the disk has it. */
export const STRICT = /** @type {{durability: 'strict'}} */ ({ durability: 'strict' });

/** @typedef {import('../../vendor/idb/idb.js').IDBPDatabase<any>} Database */

/** @param {number} user @returns {Promise<Database>} */
export function openStore(user) {
  return openDB(`field-${user}`, 3, {
    upgrade(db, version) {
      if (version < 3) db.createObjectStore('tracks', { keyPath: 'id' });
      if (version < 2) db.createObjectStore('outlines', { keyPath: 'id' });
      if (version > 0) return;
      db.createObjectStore('meta');
      db.createObjectStore('sites', { keyPath: 'id' });
      db.createObjectStore('drafts', { keyPath: 'site' });
      const ops = db.createObjectStore('ops', { keyPath: 'op_id' });
      ops.createIndex('state', ['state', 'seq']);
      ops.createIndex('site', 'site');
      const photos = db.createObjectStore('photos', { keyPath: 'id' });
      photos.createIndex('state', 'state');
      photos.createIndex('inspection', 'inspection');
      db.createObjectStore('blobs'); // by photo id; apart from the rows, so that a list reads no pictures
      db.createObjectStore('evidence'); // pictures that came from the server; may be dropped at any time
    },
    // A newer version of the app waits for nobody: let it have the database.
    blocking(_now, _wanted, event) { /** @type {IDBDatabase} */ (event.target).close(); },
  });
}

/** @returns {Promise<Database>} */
export function openTablet() {
  return openDB('field-tablet', 1, { upgrade(db) { db.createObjectStore('meta'); } });
}
