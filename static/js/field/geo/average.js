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
const FLOOR_M = 2; // errors of neighbouring fixes are alike: averaging does not make them vanish
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
  return {
    lon: lon / weights, lat: lat / weights, accuracy: Math.max(Math.sqrt(1 / weights), Math.min(FLOOR_M, ...used.map((fix) => fix.accuracy))),
    fixes: used.length, at, isStale: now - at > STALE_MS, isMock: looksMade(fixes),
  };
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
function looksMade(fixes) {
  const times = new Set(fixes.map((fix) => fix.at));
  return times.size >= 4 && fixes.every((fix) => fix.lon === fixes[0].lon && fix.lat === fixes[0].lat);
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
