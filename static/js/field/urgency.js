// What an inspector should see to first: work that was sent back, work that is late, sites that nobody has pictured lately.

/** @typedef {'returned' | 'overdue' | 'unseen' | ''} Urgency */

export const UNSEEN_DAYS = 30;
const DONE = new Set(['completed', 'accepted']);
const ORDER = ['returned', 'overdue', 'unseen', ''];

/** @param {any} site a site's document @param {string} today YYYY-MM-DD @returns {Urgency} */
export function urgencyOf(site, today) {
  if (site.phase === 'returned') return 'returned';
  if (DONE.has(site.phase)) return '';
  if (site.planned_end && site.planned_end < today) return 'overdue';
  return daysSincePhoto(site, today) > UNSEEN_DAYS ? 'unseen' : '';
}

/** Whole days since the newest picture; Infinity without any. @param {any} site @param {string} today YYYY-MM-DD */
export function daysSincePhoto(site, today) {
  const taken = site.photos.map((/** @type {any} */ photo) => photo.taken_at?.slice(0, 10)).filter(Boolean).sort().pop();
  return taken ? Math.round((Date.parse(today) - Date.parse(taken)) / 86_400_000) : Infinity;
}

/** The day by the tablet's own calendar, YYYY-MM-DD. @param {Date} now */
export function dayOf(now) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/**
 * @typedef {{site: any, urgency: Urgency, distance: number}} Row distance: metres, Infinity when nobody knows
 * @param {Row[]} rows @param {'urgency' | 'distance'} by @returns {Row[]} a new list
 */
export function sorted(rows, by) {
  const rank = (/** @type {Row} */ row) => ORDER.indexOf(row.urgency);
  const near = (/** @type {Row} */ a, /** @type {Row} */ b) => (a.distance === b.distance ? 0 : a.distance - b.distance);
  const due = (/** @type {Row} */ row) => row.site.planned_end ?? '9999';
  const text = (/** @type {Row} */ a, /** @type {Row} */ b) => order(due(a), due(b)) || order(a.site.code, b.site.code);
  return [...rows].sort((a, b) => (by === 'distance' ? near(a, b) || rank(a) - rank(b) : rank(a) - rank(b) || near(a, b)) || text(a, b));
}

/** By code units: dates and codes are no words, and a collation is slow. @param {string} a @param {string} b */
function order(a, b) { return a < b ? -1 : Number(a > b); }

/** @param {any} site @param {{q: string, programme: string, phase: string}} filter phase '' is everything that is not accepted, '*' all */
export function passes(site, { q, programme, phase }) {
  if (programme && site.programme !== programme) return false;
  if (phase === '' ? site.phase === 'accepted' : phase !== '*' && site.phase !== phase) return false;
  const words = q.trim().toLowerCase();
  return !words || `${site.name} ${site.name_en} ${site.code} ${site.address}`.toLowerCase().includes(words);
}
