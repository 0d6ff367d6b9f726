// Where and when a photograph is said to be from: its own camera's word first, the tablet's for what was taken just now, and
// nothing where nobody knows. A picture out of the album was not taken where somebody stands while choosing it.

import { distanceM } from '../../core/geometry.js';

export const RECENT_MS = 10 * 60_000;
export const OLD_MS = 60 * 60_000;
export const FAR_M = 500;

/**
 * @typedef {import('./facts.js').Facts} Facts
 * @typedef {import('../geo/average.js').Place} Place
 * @typedef {{taken_at: string, lon: number | null, lat: number | null, accuracy_m: number | null, bearing_deg: number | null, age_ms: number, away_m: number}} Whence
 *   age_ms: when it is remarkably old, or in the future; away_m: when it is remarkably far from here; 0 otherwise
 */

/** @param {Facts} facts @param {number} modified of the file, ms @param {Place | null} place of the tablet @param {number | null} heading @param {number} now ms @returns {Whence} */
export function whenceOf(facts, modified, place, heading, now) {
  const at = facts.at?.getTime() ?? modified;
  const isRecent = Math.abs(now - at) <= RECENT_MS;
  const own = facts.lon !== null && facts.lat !== null ? { lon: facts.lon, lat: facts.lat } : null;
  const here = isRecent && place ? { lon: place.lon, lat: place.lat } : null;
  const from = own ?? here;
  const away = own && place ? distanceM([own.lon, own.lat], [place.lon, place.lat]) : 0;
  return {
    taken_at: new Date(at).toISOString(), lon: from?.lon ?? null, lat: from?.lat ?? null,
    accuracy_m: !own && here ? Math.round(/** @type {Place} */ (place).accuracy * 10) / 10 : null,
    bearing_deg: facts.bearing_deg ?? (isRecent ? heading : null),
    age_ms: Math.abs(now - at) > OLD_MS ? now - at : 0, away_m: away > FAR_M ? Math.round(away) : 0,
  };
}
