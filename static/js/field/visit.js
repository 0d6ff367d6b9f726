// A form becomes operations: the visit, its photographs, and what it changes of the site.

import { uuid7 } from './store/ids.js';

/**
 * @typedef {import('./store/types.js').Draft} Draft
 * @typedef {import('./store/types.js').OpSpec} OpSpec
 * @typedef {import('./store/types.js').PhotoRow} PhotoRow
 */

export const FENCE_M = 100;

/** @param {any} site @returns {Draft} an empty form */
export function emptyDraft(site) {
  const { revision, state, progress, attributes } = site;
  return {
    site: site.id, inspection: uuid7(), base: { revision, state, progress, attributes }, note: '', progress: null, state: '', state_note: '',
    attributes: {}, away_reason: '', position: null, at: Date.now(),
  };
}

/** @param {Draft} draft @param {PhotoRow[]} photos */
export function isEmpty(draft, photos) {
  return !draft.note.trim() && draft.progress === null && !draft.state && !photos.length && !Object.keys(draft.attributes).length;
}

/**
 * Metres that somebody surely stands away from the site; 0 within the fence, or when nobody knows.
 * @param {{accuracy: number} | null} place @param {number} distance to the site
 */
export function awayM(place, distance) {
  return place && Number.isFinite(distance) && distance - place.accuracy > FENCE_M ? Math.round(distance) : 0;
}

/**
 * In the order in which they are to be applied.
 * @param {any} site @param {Draft} draft @param {PhotoRow[]} photos @param {any} place
 * @param {number} distance metres to the site @returns {{specs: OpSpec[], photos: PhotoRow[]}} the photographs with their announcements' numbers
 */
export function operationsOf(site, draft, photos, place, distance) {
  site = { ...site, ...draft.base };
  const visit = visitOf(site, draft, place, distance);
  const announced = photos.map((photo) => ({ ...photo, op_id: uuid7() }));
  const specs = [visit, ...announced.map((photo) => announcementOf(site, photo))];
  const change = changeOf(site, draft, visit.op_id);
  return { specs: change ? [...specs, change] : specs, photos: announced };
}

/** @param {any} site @param {Draft} draft @param {any} place @param {number} distance @returns {OpSpec} */
function visitOf(site, draft, place, distance) {
  /** @type {OpSpec['changes']} */
  const changes = { site: [null, site.id], note: [null, draft.note.trim()] };
  if (draft.progress !== null) changes.progress = [site.progress, draft.progress];
  if (place) {
    Object.assign(changes, { lon: [null, place.lon], lat: [null, place.lat], accuracy_m: [null, Math.round(place.accuracy * 10) / 10] });
    changes.details = [null, detailsOf(draft, place, distance)];
  }
  return { op_id: uuid7(), entity: 'inspection', id: draft.inspection, site: site.id, base_rev: site.revision, changes };
}

/** @param {Draft} draft @param {any} place @param {number} distance */
function detailsOf(draft, place, distance) {
  return {
    fixes: place.fixes, fix_age_s: Math.max(0, Math.round((Date.now() - place.at) / 1000)),
    ...(Number.isFinite(distance) ? { distance_m: Math.round(distance) } : {}),
    ...(place.isMock ? { is_mock: true } : {}),
    ...(awayM(place, distance) && draft.away_reason.trim() ? { away_reason: draft.away_reason.trim() } : {}),
  };
}

/** @param {any} site @param {PhotoRow} photo @returns {OpSpec} */
function announcementOf(site, photo) {
  /** @type {OpSpec['changes']} */
  const changes = {
    site: [null, site.id], inspection: [null, photo.inspection], sha256: [null, photo.sha256], size: [null, photo.size],
    role: [null, photo.role], taken_at: [null, photo.taken_at],
  };
  if (photo.sketch_of) changes.sketch_of = [null, photo.sketch_of];
  for (const name of /** @type {const} */ (['lon', 'lat', 'accuracy_m', 'bearing_deg'])) {
    if (photo[name] !== null) changes[name] = [null, photo[name]];
  }
  return { op_id: photo.op_id, entity: 'photo', id: photo.id, site: site.id, changes };
}

/** @param {any} site @param {Draft} draft @param {string} visit the visit's operation @returns {OpSpec | null} */
function changeOf(site, draft, visit) {
  /** @type {OpSpec['changes']} */
  const changes = {};
  for (const [key, value] of Object.entries(draft.attributes)) {
    const old = site.attributes[key] ?? null;
    if ((value ?? null) !== old) changes[`attributes.${key}`] = [old, value ?? null];
  }
  if (draft.state) {
    changes.state = [site.state, draft.state];
    changes.state_inspection = [null, draft.inspection];
    if (draft.state_note.trim()) changes.state_note = [null, draft.state_note.trim()];
  }
  if (!Object.keys(changes).length) return null;
  return { op_id: uuid7(), entity: 'site', id: site.id, site: site.id, base_rev: site.revision, changes, depends_on: [visit] };
}
