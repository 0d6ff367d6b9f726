// Which fixes become points of a track: few, so that a day costs little room and a stand costs none. What looks old or made
// up is recorded all the same, and counted.

import { looksMade } from '../geo/average.js';
import { distanceM } from '../../core/geometry.js';

/**
 * @typedef {import('../geo/average.js').Fix} Fix
 * @typedef {import('../store/types.js').TrackRow} TrackRow
 */

export const WORST_M = 50; // a fix that may be further off says nothing of a way
export const MOST = 10_000; // points of one track; an operation has at most 1 MB
const LEAST_MS = 5_000;
const LEAST_M = 10;
const OLD_MS = 60_000; // a fix that is so old when it comes was not taken here
const LOOKED_AT = 8;

/** @param {string} id @param {string} site @param {number} now ms since 1970 @returns {TrackRow} */
export function emptyTrack(id, site, now) { return { id, site, started_at: now, points: [], stale: 0, isMock: false, heard: [] }; }

/**
 * The track with what a fix adds to it; the same object when it adds nothing.
 * @param {TrackRow} track @param {Fix} fix @param {number} now ms since 1970 @returns {TrackRow}
 */
export function withFix(track, fix, now) {
  if (fix.accuracy > WORST_M || track.points.length >= MOST) return track;
  const isOld = now - fix.at > OLD_MS;
  const heard = [...track.heard, fix].slice(-LOOKED_AT);
  const isMock = track.isMock || looksMade(heard);
  const isPoint = !isOld && isAway(track, fix);
  if (!isPoint && !isOld && isMock === track.isMock) return { ...track, heard };
  const point = /** @type {TrackRow['points'][0]} */ ([degrees(fix.lon), degrees(fix.lat), Math.max(0, Math.round((fix.at - track.started_at) / 1000)), Math.round(fix.accuracy * 10) / 10]);
  return { ...track, heard, isMock, stale: track.stale + (isOld ? 1 : 0), points: isPoint ? [...track.points, point] : track.points };
}

/** Far and long enough from the last point. @param {TrackRow} track @param {Fix} fix */
function isAway({ points, started_at: began }, fix) {
  const last = points.at(-1);
  if (!last) return true;
  return fix.at - began - 1000 * last[2] >= LEAST_MS && distanceM([last[0], last[1]], [fix.lon, fix.lat]) >= Math.max(LEAST_M, fix.accuracy);
}

/** Seven decimals are a centimetre. @param {number} value */
function degrees(value) { return Math.round(value * 1e7) / 1e7; }

/** Metres. @param {TrackRow} track */
export function lengthOf({ points }) {
  let metres = 0;
  for (let at = 1; at < points.length; at += 1) metres += distanceM([points[at - 1][0], points[at - 1][1]], [points[at][0], points[at][1]]);
  return metres;
}

/** @param {TrackRow} track @param {string} op_id @returns {import('../store/types.js').OpSpec} */
export function operationOf(track, op_id) {
  /** @type {Record<string, [any, any]>} */
  const changes = {
    started_at: [null, new Date(track.started_at).toISOString()],
    points: [null, track.points],
  };
  if (track.site) changes.site = [null, track.site];
  if (track.stale) changes.stale_fixes = [null, track.stale];
  if (track.isMock) changes.is_mock = [null, true];
  return { op_id, entity: 'track', id: track.id, site: track.site, changes };
}
