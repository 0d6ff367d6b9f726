// An open form: the draft as it stands on the disk, and what the screen knows beside it.

import { Capture, TARGET_M } from '../geo/capture.js';
import { photosOf } from '../store/photos.js';
import { recall } from '../store/tablet.js';
import { emptyDraft } from '../visit.js';

/**
 * @typedef {object} Form
 * @property {import('../store/types.js').Draft} draft @property {import('../store/types.js').PhotoRow[]} photos
 * @property {import('../store/types.js').Draft} start as the form was opened: what the controls begin with
 * @property {string} role of the next photograph @property {string[]} errors sentences
 * @property {Capture} capture of the visit's position @property {Record<string, string>} wrong sentence by attribute @property {boolean} isBusy
 */

/** @param {FieldApp} app @param {string} id of the site @returns {Promise<Form | null>} null without such a site */
export async function openForm(app, id) {
  const site = app.model?.sites.get(id);
  if (!site) return null;
  const draft = (await app.db.get('drafts', id)) ?? emptyDraft(site);
  const photos = (await photosOf(app.db, draft.inspection)).filter((photo) => photo.state === 'draft');
  const role = site.phase === 'completed' || site.phase === 'accepted' ? 'after' : site.photos.length ? 'during' : 'before';
  const capture = new Capture((await recall('target_m')) ?? TARGET_M, draft.position);
  for (const fix of app.whereabouts.fixes) capture.hear(fix);
  return { draft, photos, capture, start: structuredClone(draft), role, errors: [], wrong: {}, isBusy: false };
}

/** At every keystroke. @param {FieldApp} app @param {Form} form @param {Partial<import('../store/types.js').Draft>} change */
export async function keep(app, form, change) {
  Object.assign(form.draft, change, { at: Date.now() });
  app.draw();
  try {
    await app.db.put('drafts', form.draft);
  } catch {
    app.say(gettext('The tablet is full: the draft is on the screen only. Save it, or make room.'));
  }
}
