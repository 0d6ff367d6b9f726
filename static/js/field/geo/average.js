// One position out of several fixes: each weighs by the inverse of its variance, and those that lie far from the middle of
// all are left out.

/**
 * @typedef {{lon: number, lat: number, accuracy: number, at: number}} Fix accuracy: radius of 95 % in metres
 *   (W3C Geolocation, §6.2); at: ms since 1970
 * @typedef {{lon: number, lat: number, accuracy: number, fixes: number, at: number, isStale: boolean, isMock: boolean}} Place
 */

export const STALE_MS = 60_000;
const FAR = 3; // medians of the distance from the middle
const FEWEST_M = 5; // nobody is an outlier for less
const FLOOR_M = 2; // averaging does not make all of an error vanish
const ALIKE_MS = 10_000; // within it the errors of fixes are much alike: the second is hardly news
const METRES_A_DEGREE = 111_195;

/** @param {Fix[]} fixes @param {number} now ms since 1970 @returns {Place | null} null without any fix */
export function average(fixes, now) {
  if (!fixes.length) return null;
  const used = withoutOutliers(fixes);
  let [weights, lon, lat] = [0, 0, 0];
  for (const fix of used) {
    const weight = 1 / Math.max(fix.accuracy, 0.5) ** 2;
    weights += weight;
    lon += fix.lon * weight;
    lat += fix.lat * weight;
  }
  const at = Math.max(...used.map((fix) => fix.at));
  return aged({
    lon: lon / weights, lat: lat / weights, accuracy: Math.max(Math.sqrt(1 / weights), leastError(used, at)),
    fixes: used.length, at, isStale: false, isMock: looksMade(fixes),
  }, now);
}

/** @param {Place} place @param {number} now ms since 1970 @returns {Place} with what its age says of it */
export function aged(place, now) { return { ...place, isStale: now - place.at > STALE_MS }; }

/** Metres that no number of fixes gets below: the best of them, over as many as the time they took has room for. @param {Fix[]} fixes @param {number} last ms since 1970 */
function leastError(fixes, last) {
  const best = Math.min(...fixes.map((fix) => fix.accuracy));
  const span = last - Math.min(...fixes.map((fix) => fix.at));
  return Math.max(best / Math.sqrt(1 + span / ALIKE_MS), Math.min(FLOOR_M, best));
}

/** @param {Fix[]} fixes */
function withoutOutliers(fixes) {
  if (fixes.length < 4) return fixes;
  const [lon, lat] = [median(fixes.map((fix) => fix.lon)), median(fixes.map((fix) => fix.lat))];
  const cosine = Math.cos((lat * Math.PI) / 180);
  const away = fixes.map((fix) => Math.hypot((fix.lon - lon) * cosine, fix.lat - lat) * METRES_A_DEGREE);
  const limit = Math.max(FEWEST_M, FAR * median(away));
  return fixes.filter((_fix, at) => away[at] <= limit);
}

/** A receiver's fixes always tremble; several that agree to the last digit were typed in. @param {Fix[]} fixes */
export function looksMade(fixes) {
  const times = new Set(fixes.map((fix) => fix.at));
  return times.size >= 4 && fixes.every((fix) => fix.lon === fixes[0].lon && fix.lat === fixes[0].lat);
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
