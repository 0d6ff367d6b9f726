// A geometry that is being drawn: on the disk at every vertex, and an operation when it is done.

import { uuid7 } from '../store/ids.js';
import { record } from '../store/outbox.js';
import { isFull } from '../storage.js';
import { geometryOf, rounded, verticesOf } from './shape.js';

/**
 * @typedef {import('./shape.js').Kind} Kind
 * @typedef {import('./shape.js').Position} Position
 * @typedef {import('../store/types.js').OutlineDraft} OutlineDraft
 * @typedef {import('../store/types.js').OpSpec} OpSpec
 */

const KINDS = /** @type {const} */ (['Point', 'LineString', 'Polygon']);
const STEPS_BACK = 100;

/** @param {any} site @returns {OutlineDraft | null} null for a geometry of several parts, which only the office can draw */
export function correctionOf(site) {
  const parts = verticesOf(site.geometry);
  return parts && {
    id: site.id, isNew: false, programme: site.programme, kind: site.geometry.type, ...parts, steps: [],
    base: { revision: site.revision, geom: site.geom }, name: site.name, address: '', note: '', attributes: {}, at: Date.now(),
  };
}

/** @param {string} id @param {string} programme @param {Kind} kind @returns {OutlineDraft} */
export function emptyProposal(id, programme, kind) {
  return { id, isNew: true, programme, kind, vertices: [], holes: [], steps: [], base: null, name: '', address: '', note: '', attributes: {}, at: Date.now() };
}

/** What a programme's sites may be, in the order in which it is offered. @param {any} programme @returns {Kind[]} */
export function kindsOf(programme) { return KINDS.filter((kind) => programme?.geometry_kinds.includes(kind)); }

/** One vertex more; a point has only one, which moves. @param {OutlineDraft} draft @param {Position} place @returns {OutlineDraft} */
export function added(draft, place) {
  if (draft.kind === 'Point' && draft.vertices.length) return moved(draft, 0, place);
  return { ...draft, vertices: [...draft.vertices, rounded(place)], steps: [...draft.steps, null].slice(-STEPS_BACK) };
}

/** @param {OutlineDraft} draft @param {number} at @param {Position} place @returns {OutlineDraft} */
export function moved(draft, at, place) {
  const step = { at, was: draft.vertices[at], isGone: false };
  return { ...draft, vertices: draft.vertices.with(at, rounded(place)), steps: [...draft.steps, step].slice(-STEPS_BACK) };
}

/** @param {OutlineDraft} draft @param {number} at @returns {OutlineDraft} */
export function removed(draft, at) {
  const step = { at, was: draft.vertices[at], isGone: true };
  return { ...draft, vertices: draft.vertices.toSpliced(at, 1), steps: [...draft.steps, step].slice(-STEPS_BACK) };
}

/** As before the last step; of one that is not known any more, the last vertex goes. @param {OutlineDraft} draft @returns {OutlineDraft} */
export function undone(draft) {
  const [step, steps, vertices] = [draft.steps.at(-1), draft.steps.slice(0, -1), draft.vertices];
  if (!step) return { ...draft, steps, vertices: vertices.slice(0, -1) };
  return { ...draft, steps, vertices: step.isGone ? vertices.toSpliced(step.at, 0, step.was) : vertices.with(step.at, step.was) };
}

/** @param {OutlineDraft} draft @returns {OpSpec} */
export function operationOf(draft) {
  const geometry = geometryOf(draft.kind, draft.vertices, draft.holes);
  if (!draft.isNew && draft.base) {
    const changes = { geom: /** @type {[any, any]} */ ([draft.base.geom, geometry]) };
    return { op_id: uuid7(), entity: 'site', id: draft.id, site: draft.id, base_rev: draft.base.revision, changes };
  }
  /** @type {OpSpec['changes']} */
  const changes = { programme: [null, draft.programme], geom: [null, geometry], name: [null, draft.name.trim()] };
  if (draft.address.trim()) changes.address = [null, draft.address.trim()];
  if (draft.note.trim()) changes.note = [null, draft.note.trim()];
  for (const [key, value] of Object.entries(draft.attributes)) if (value !== null) changes[`attributes.${key}`] = [null, value];
  return { op_id: uuid7(), entity: 'proposal', id: draft.id, site: draft.id, changes };
}

/** @param {FieldApp} app @param {OutlineDraft} draft */
export async function keepDraft(app, draft) {
  try {
    await app.db.put('outlines', { ...draft, at: Date.now() });
  } catch {
    app.say(gettext('The tablet is full: the draft is on the screen only. Save it, or make room.'));
  }
}

/** The operation and the end of the draft, at once. @param {FieldApp} app @param {OutlineDraft} draft @returns {Promise<string>} '' or what went wrong */
export async function saveOutline(app, draft) {
  try {
    await record(app.db, { device: app.device, author: app.person.id }, [operationOf(draft)], { outline: draft.id });
  } catch (error) {
    return isFull(error) ? gettext('The tablet is full. The form stays as it is: make room, or save what is unsent to a file.') : String(error);
  }
  app.engine.wrote();
  return '';
}
