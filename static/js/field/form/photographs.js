// Photographs of a form: on the disk at once, each with where and when; a full tablet refuses the picture and keeps the form.

import { hashBlob } from '../store/hash.js';
import { uuid7 } from '../store/ids.js';
import { bytesOf, dropPhoto, keepPhoto } from '../store/photos.js';
import { factsOf } from '../photo/facts.js';
import { sized } from '../photo/sizing.js';
import { whenceOf } from '../photo/whence.js';
import { isFull } from '../storage.js';
import { keep } from './open.js';

/**
 * @typedef {FieldApp} App
 * @typedef {import('./open.js').Form} Form
 */

/** @param {App} app @param {Form} form @param {Iterable<Blob>} files */
export async function addPhotos(app, form, files) {
  await keep(app, form, {}); // the draft holds the visit's number, which the pictures stand under
  for (const file of files) {
    form.isBusy = true;
    app.draw();
    try {
      const blob = await sized(file);
      const row = await rowOf(app, form, file, blob);
      await keepPhoto(app.db, row, blob);
      form.photos.push(row);
      app.say(gettext('The photograph is saved on the tablet.'));
    } catch (error) {
      app.say(isFull(error) ? gettext('The tablet is full: this photograph was not saved. The form is.') : String(error));
    } finally {
      form.isBusy = false;
      app.draw();
    }
  }
}

/** @param {App} app @param {Form} form @param {Blob} file as it was chosen @param {Blob} blob as it is sent @returns {Promise<import('../store/types.js').PhotoRow>} */
async function rowOf(app, form, file, blob) {
  const facts = factsOf(new Uint8Array(await file.arrayBuffer()));
  const now = Date.now();
  const modified = file instanceof File && file.lastModified ? file.lastModified : now;
  return {
    id: uuid7(), site: form.draft.site, inspection: form.draft.inspection, op_id: '', size: blob.size, sha256: await hashBlob(blob),
    type: blob.type, role: form.role, ...whenceOf(facts, modified, app.whereabouts.place(), app.whereabouts.heading, now), state: 'draft', offset: 0,
  };
}

/** A marked copy beside the photograph, which stays as it is. @param {App} app @param {Form} form @param {import('../store/types.js').PhotoRow} photo */
export async function sketchPhoto(app, form, photo) {
  try {
    const { sketchOn } = await import('../photo/sketch.js');
    const bytes = await bytesOf(app.db, photo.id);
    const blob = bytes && await sketchOn(bytes);
    if (!blob) return;
    const row = { ...photo, id: uuid7(), size: blob.size, sha256: await hashBlob(blob), type: blob.type, role: 'other', sketch_of: photo.id };
    await keepPhoto(app.db, row, blob);
    form.photos.splice(1 + form.photos.findIndex(({ id }) => id === photo.id), 0, row);
    app.say(gettext('The marked copy is saved on the tablet; the photograph is as it was.'));
  } catch (error) {
    app.say(isFull(error) ? gettext('The tablet is full: the marked copy was not saved. The photograph is.') : String(error));
  }
}

/** With its marked copies. @param {App} app @param {Form} form @param {string} id */
export async function removePhoto(app, form, id) {
  const gone = form.photos.filter((photo) => photo.id === id || photo.sketch_of === id);
  for (const photo of gone) await dropPhoto(app.db, photo.id);
  form.photos = form.photos.filter((photo) => !gone.includes(photo));
  app.draw();
}
