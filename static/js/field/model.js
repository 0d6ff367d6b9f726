// Everything that the screens show, read from this user's database.

import { seenHere } from './store/view.js';

/**
 * @typedef {import('./store/database.js').Database} Database
 * @typedef {import('./store/types.js').OpRow} OpRow
 * @typedef {import('./store/types.js').PhotoRow} PhotoRow
 * @typedef {import('./store/types.js').Draft} Draft
 * @typedef {import('./store/types.js').OutlineDraft} OutlineDraft
 *
 * @typedef {object} Model
 * @property {Map<string, any>} sites by id, with what was done here over what the server said
 * @property {any} reference @property {OpRow[]} ops @property {PhotoRow[]} photos @property {Map<string, Draft>} drafts by site @property {Map<string, OutlineDraft>} outlines by site
 * @property {number} fetchedAt ms since 1970, 0 for never @property {number} syncedAt
 * @property {number} unsent operations @property {number} unsentPhotos
 */

/** @param {Database} db @returns {Promise<Model>} */
export async function readModel(db) {
  const [rows, ops, photos, drafts, outlines, reference, fetchedAt, syncedAt] = await Promise.all([
    db.getAll('sites'), db.getAll('ops'), db.getAll('photos'), db.getAll('drafts'), db.getAll('outlines'),
    db.get('meta', 'reference'), db.get('meta', 'fetched_at'), db.get('meta', 'synced_at'),
  ]);
  const phases = phasesOf(reference);
  const touched = new Map();
  for (const op of ops) touched.set(op.site, [...(touched.get(op.site) ?? []), op]);
  const sites = new Map();
  for (const { id, doc } of rows) sites.set(id, touched.has(id) ? seenHere(doc, touched.get(id), phases) : doc);
  return {
    sites, ops, photos, drafts: new Map(drafts.map((draft) => [draft.site, draft])), outlines: new Map(outlines.map((draft) => [draft.id, draft])),
    reference: reference ?? { programmes: [], workflows: [], districts: [], city: null },
    fetchedAt: fetchedAt ?? 0, syncedAt: syncedAt ?? 0,
    unsent: ops.filter((op) => op.state === 'unsent').length,
    unsentPhotos: photos.filter((photo) => photo.state === 'waiting').length,
  };
}

/** @param {any} reference @returns {Map<string, string>} */
function phasesOf(reference) {
  const found = new Map();
  for (const { states } of reference?.workflows ?? []) for (const state of states) found.set(state.key, state.phase);
  return found;
}
