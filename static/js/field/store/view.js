// A site as the one who holds the tablet knows it: what the server said, and over it what was done here since.

import { dayOf } from '../urgency.js';

/**
 * @typedef {import('./types.js').OpRow} OpRow
 * @typedef {import('./types.js').OpState} OpState
 */

const ATTRIBUTE = 'attributes.';
/** What still waits, or waits for somebody: the server's document does not have it yet. */
const PENDING = new Set(/** @type {OpState[]} */ (['unsent', 'held']));

/**
 * A copy of the document with the pending operations of this site over it, in their order.
 * @param {any} doc @param {OpRow[]} ops @param {Map<string, string>} phases by state key
 */
export function seenHere(doc, ops, phases) {
  const isAhead = (/** @type {OpRow} */ op) => PENDING.has(op.state) || (op.revision ?? 0) > doc.revision;
  const mine = ops.filter((op) => op.site === doc.id && isAhead(op)).sort((a, b) => a.seq - b.seq);
  if (!mine.length) return doc;
  const site = { ...doc, attributes: { ...doc.attributes }, visits: [...doc.visits], pending: mine.filter((op) => op.state === 'unsent').length };
  for (const op of mine) apply(site, op, JSON.parse(op.body), phases);
  return site;
}

/** @param {any} site @param {OpRow} op @param {any} body @param {Map<string, string>} phases */
function apply(site, op, body, phases) {
  const value = (/** @type {string} */ field) => body.changes[field]?.[1];
  if (op.entity === 'inspection') {
    if (value('progress') !== undefined) site.progress = value('progress');
    const visit = { id: op.target, at: body.client_time, by: '', note: value('note') ?? '', progress: value('progress') ?? null, unsent: true };
    site.visits = [visit, ...site.visits.filter((/** @type {any} */ one) => one.id !== op.target)];
    const day = dayOf(new Date(body.client_time)); // as the server will see it: projects/assigning.py, answer
    site.asked = site.asked?.filter((/** @type {any} */ one) => one.begins_on > day);
  }
  if (op.entity === 'site') {
    for (const [field, [, now]] of Object.entries(body.changes)) {
      if (field === 'state') Object.assign(site, { state: now, phase: phases.get(/** @type {any} */ (now)) ?? site.phase });
      else if (field === 'progress' || field === 'address') site[field] = now;
      else if (field.startsWith(ATTRIBUTE)) site.attributes[field.slice(ATTRIBUTE.length)] = now;
    }
  }
}
