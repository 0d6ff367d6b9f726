// "Prepare my area": the last picture of each site, so that there is something to compare with out there.

import { picture } from './sync/api.js';

/**
 * @typedef {import('./store/database.js').Database} Database
 * @typedef {{id: string, url: string, bytes: number}} Wanted
 * @typedef {{done: number, total: number, failed: number}} Progress
 */

const AT_ONCE = 3;

/** Of each site that is not finished the newest picture, and the one from before. @param {Iterable<any>} sites @returns {Wanted[]} */
export function lastPictures(sites) {
  const found = new Map();
  for (const site of sites) {
    if (site.phase === 'accepted') continue;
    for (const photo of [newest(site.photos, () => true), newest(site.photos, (one) => one.role === 'before')]) {
      if (photo) found.set(photo.id, { id: photo.id, url: photo.url, bytes: photo.bytes ?? 0 });
    }
  }
  return [...found.values()];
}

/** @param {any[]} photos @param {(photo: any) => boolean} isMeant */
export function newest(photos, isMeant) {
  return photos.filter(isMeant).reduce((best, one) => (one.sketch_of ? best : !best || (one.taken_at ?? '') > (best.taken_at ?? '') ? one : best), undefined);
}

/** Those that are not here yet. @param {Database} db @param {Wanted[]} wanted */
export async function missing(db, wanted) {
  const here = new Set(await db.getAllKeys('evidence'));
  return wanted.filter(({ id }) => !here.has(id));
}

/**
 * Fetch them; one that fails is left for the next time, a full disk ends it.
 * @param {Database} db @param {Wanted[]} wanted @param {(progress: Progress) => void} progress @param {AbortSignal} signal
 */
export async function fetchPictures(db, wanted, progress, signal) {
  const told = { done: 0, total: wanted.length, failed: 0 };
  const queue = [...wanted];
  const one = async () => {
    for (let next = queue.shift(); next && !signal.aborted; next = queue.shift()) {
      try {
        await db.put('evidence', await picture(next.url), next.id);
        told.done += 1;
      } catch (error) {
        if (error instanceof DOMException) throw error;
        told.failed += 1;
      }
      progress(told);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return told;
}
