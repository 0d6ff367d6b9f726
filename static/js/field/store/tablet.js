// What belongs to the tablet and to nobody's work: its number, its name, and who held it last.

import { STRICT, openTablet } from './database.js';
import { uuid7 } from './ids.js';

/** @typedef {import('./types.js').Person} Person */

/** The tablet's number, made the first time. @returns {Promise<string>} */
export async function deviceId() {
  const db = await openTablet();
  const tx = db.transaction('meta', 'readwrite', STRICT);
  let id = await tx.store.get('device');
  if (!id) {
    id = uuid7();
    await tx.store.put(id, 'device');
  }
  await tx.done;
  db.close();
  return id;
}

/** @param {string} key @returns {Promise<any>} */
export async function recall(key) {
  const db = await openTablet();
  const found = await db.get('meta', key);
  db.close();
  return found;
}

/** @param {string} key @param {any} value undefined forgets */
export async function remember(key, value) {
  const db = await openTablet();
  const tx = db.transaction('meta', 'readwrite', STRICT);
  await (value === undefined ? tx.store.delete(key) : tx.store.put(value, key));
  await tx.done;
  db.close();
}

/** Read, changed and written as one: other tabs may be at it too. @param {string} key @param {(value: any) => any} change @returns {Promise<any>} what is there now */
export async function amend(key, change) {
  const db = await openTablet();
  const tx = db.transaction('meta', 'readwrite', STRICT);
  const value = change(await tx.store.get(key));
  await Promise.all([tx.store.put(value, key), tx.done]);
  db.close();
  return value;
}

/** @returns {Promise<Person | undefined>} */
export function holder() { return recall('person'); }
