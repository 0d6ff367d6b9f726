// Where the pieces of an archive lie: in the origin's own file system where it can be written from a page, in a database
// of their own where it cannot. They are the tablet's, not a person's: what everybody sees, for whoever holds it.

import { openDB } from '../../vendor/idb/idb.js';

const FOLDER = 'field-ground';

/**
 * @typedef {object} Pieces
 * @property {(name: string, piece: Blob) => Promise<void>} put whole or not at all; rejects (QuotaExceededError) when the disk has no room
 * @property {(name: string) => Promise<Blob | undefined>} get
 * @property {(wanted: Set<string>) => Promise<void>} keepOnly
 */

/** @returns {Promise<Pieces>} */
export async function openPieces() {
  try {
    if (!('createWritable' in FileSystemFileHandle.prototype)) return inDatabase();
    const root = await navigator.storage.getDirectory();
    return inFiles(await root.getDirectoryHandle(FOLDER, { create: true }));
  } catch {
    return inDatabase(); // no such file system, or none in a private window
  }
}

/** @param {FileSystemDirectoryHandle} folder @returns {Pieces} */
function inFiles(folder) {
  return {
    async put(name, piece) {
      const out = await (await folder.getFileHandle(name, { create: true })).createWritable();
      try {
        await out.write(piece);
        await out.close(); // until here it is not in the file
      } catch (error) {
        await out.abort().catch(() => {});
        await folder.removeEntry(name).catch(() => {});
        throw error;
      }
    },
    async get(name) {
      try {
        return await (await folder.getFileHandle(name)).getFile();
      } catch {
        return undefined;
      }
    },
    async keepOnly(wanted) {
      const names = [];
      for await (const name of /** @type {any} */ (folder).keys()) names.push(name);
      for (const name of names) if (!wanted.has(name)) await folder.removeEntry(name).catch(() => {});
    },
  };
}

/** @returns {Pieces} */
export function inDatabase() {
  const opened = openDB(FOLDER, 1, { upgrade(db) { db.createObjectStore('pieces'); } });
  return {
    put: async (name, piece) => { await (await opened).put('pieces', piece, name); },
    get: async (name) => (await opened).get('pieces', name),
    async keepOnly(wanted) {
      const db = await opened;
      for (const name of await db.getAllKeys('pieces')) if (!wanted.has(String(name))) await db.delete('pieces', name);
    },
  };
}
