// What others have photographed arrives small: of every site that is not finished, the newest first. The large ones are asked for.

import { Refusal, picture } from './api.js';
import { thumbKey } from '../store/photos.js';

/** @typedef {import('../store/database.js').Database} Database */

const AT_MOST = 200; // after one exchange; the next one goes on
/** @type {Set<string>} that the server does not give */
const refused = new Set();

/** One after the other, so that whatever is to be sent has the line. @param {Database} db @returns {Promise<number>} how many came */
export async function fetchThumbs(db) {
  let came = 0;
  for (const { id, thumb } of await wantedThumbs(db)) {
    try {
      await db.put('evidence', await picture(thumb), thumbKey(id));
      came += 1;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.add(id);
    }
  }
  return came;
}

/** @param {Database} db @returns {Promise<{id: string, thumb: string}[]>} */
async function wantedThumbs(db) {
  const [here, mine, rows] = await Promise.all([db.getAllKeys('evidence'), db.getAllKeys('blobs'), db.getAll('sites')]);
  const known = new Set([...here, ...mine, ...refused]);
  return rows.filter(({ doc }) => doc.phase !== 'accepted').flatMap(({ doc }) => doc.photos ?? [])
    .filter(({ id, thumb }) => thumb && !known.has(id) && !known.has(thumbKey(id)))
    .sort((a, b) => (b.taken_at ?? '').localeCompare(a.taken_at ?? '')).slice(0, AT_MOST);
}
