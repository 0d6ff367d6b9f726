// Walking a line or an edge: which fixes become vertices.

import { distanceM } from '../../core/geometry.js';

/** @typedef {import('../geo/average.js').Fix} Fix */

export const WORST_M = 15; // a fix that may be further off than this is no vertex
const LEAST_STEP_M = 2;

/**
 * @param {Fix} fix @param {[number, number] | undefined} last the vertex before, lon, lat
 * @returns {'taken' | 'vague' | 'near'} near: not far enough from the last to be told from its noise
 */
export function judge(fix, last) {
  if (fix.accuracy > WORST_M) return 'vague';
  if (!last) return 'taken';
  return distanceM([fix.lon, fix.lat], last) >= Math.max(LEAST_STEP_M, fix.accuracy / 2) ? 'taken' : 'near';
}

/** Keep the screen on while somebody walks: a sleeping tablet has no fixes. @returns {Promise<() => void>} lets it sleep again */
export async function stayAwake() {
  try {
    const lock = await navigator.wakeLock.request('screen');
    return () => { lock.release().catch(() => {}); };
  } catch {
    return () => {}; // refused, or not known here
  }
}
