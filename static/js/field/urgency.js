// What an inspector should see to first: sites that the office asked for, work that was sent back, work that is late, sites
// that nobody has pictured lately.

/** @typedef {'late' | 'asked' | 'returned' | 'overdue' | 'unseen' | ''} Urgency */

export const UNSEEN_DAYS = 30;
const DONE = new Set(['completed', 'accepted']);
const ORDER = ['late', 'asked', 'returned', 'overdue', 'unseen', ''];

/** @param {any} site a site's document @param {string} today YYYY-MM-DD @returns {Urgency} */
export function urgencyOf(site, today) {
  const asked = askedOf(site);
  if (asked?.due_on && asked.due_on < today) return 'late';
  if (asked && asked.begins_on <= today) return 'asked';
  if (site.phase === 'returned') return 'returned';
  if (DONE.has(site.phase)) return '';
  if (site.planned_end && site.planned_end < today) return 'overdue';
  return daysSincePhoto(site, today) > UNSEEN_DAYS ? 'unseen' : '';
}

/** What the office asked this inspector to do here: the most pressing. @param {any} site @returns {{by: string, begins_on: string, due_on: string | null, note: string} | undefined} */
export function askedOf(site) { return site.asked?.[0]; }

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
  const due = (/** @type {Row} */ row) => dueOf(row) ?? '9999';
  const text = (/** @type {Row} */ a, /** @type {Row} */ b) => order(due(a), due(b)) || order(a.site.code, b.site.code);
  // What was asked for has its day; how far it is comes second.
  const pressing = (/** @type {Row} */ a, /** @type {Row} */ b) => rank(a) - rank(b) || (rank(a) <= ORDER.indexOf('asked') ? order(due(a), due(b)) : 0) || near(a, b);
  return [...rows].sort((a, b) => (by === 'distance' ? near(a, b) || rank(a) - rank(b) : pressing(a, b)) || text(a, b));
}

/** The day by which the office wants it. @param {Row} row @returns {string | null | undefined} */
function dueOf({ site, urgency }) {
  return urgency === 'late' || urgency === 'asked' ? askedOf(site)?.due_on : site.planned_end;
}

/** By code units: dates and codes are no words, and a collation is slow. @param {string} a @param {string} b */
function order(a, b) { return a < b ? -1 : Number(a > b); }

/** @param {any} site @param {{q: string, programme: string, phase: string}} filter phase '' is everything that is not accepted or is asked for, '*' all */
export function passes(site, { q, programme, phase }) {
  if (programme && site.programme !== programme) return false;
  if (phase === '' ? site.phase === 'accepted' && !askedOf(site) : phase !== '*' && site.phase !== phase) return false;
  const words = q.trim().toLowerCase();
  return !words || `${site.name} ${site.name_en} ${site.code} ${site.address}`.toLowerCase().includes(words);
}
