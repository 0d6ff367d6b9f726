// Saving: look at the form, write the operations down, and only then say so.

import { ENGLISH } from '../../core/settings.js';
import { distanceTo } from '../geo/nearness.js';
import { stepsFor } from '../steps.js';
import { isFull } from '../storage.js';
import { record } from '../store/outbox.js';
import { isEmpty, operationsOf } from '../visit.js';
import { faults, fields } from './schema.js';

/**
 * @typedef {FieldApp} App
 * @typedef {import('./open.js').Form} Form
 */

/** @param {App} app @param {any} site @param {Form} form @returns {Promise<boolean>} whether it is on the disk */
export async function save(app, site, form) {
  check(app, site, form);
  if (form.errors.length || form.isBusy) {
    app.draw();
    document.querySelector('.form-errors')?.scrollIntoView({ block: 'center' });
    return false;
  }
  form.isBusy = true;
  const place = form.capture.place();
  const distance = place ? distanceTo([place.lon, place.lat], site.geometry) : Infinity;
  const made = operationsOf(site, form.draft, form.photos, place, distance);
  try {
    await record(app.db, { device: app.device, author: app.person.id }, made.specs, { draft: site.id, photos: made.photos });
  } catch (error) {
    form.errors = [isFull(error) ? gettext('The tablet is full. The form stays as it is: make room, or save what is unsent to a file.') : String(error)];
    return false;
  } finally {
    form.isBusy = false;
    app.draw();
  }
  app.engine.wrote();
  return true;
}

/** @param {App} app @param {any} site @param {Form} form */
function check(app, site, form) {
  const { draft, photos } = form;
  form.errors = [];
  form.wrong = {};
  if (isEmpty(draft, photos)) form.errors.push(gettext('Record something: a note, the progress or a photograph.'));
  const step = stepsFor(app.model?.reference, { ...site, ...draft.base }, app.person.role).find(({ target }) => target === draft.state);
  if (step?.requires_note && !draft.state_note.trim()) form.errors.push(gettext('This step wants a reason.'));
  if (step?.requires_photo && !photos.length && !site.photos.length) form.errors.push(gettext('This step wants a photograph.'));
  if (draft.progress !== null && !(draft.progress >= 0 && draft.progress <= 100)) form.errors.push(gettext('Progress is between 0 and 100 %.'));
  if (Object.keys(draft.attributes).length) form.errors.push(...checkParticulars(app, site, form));
}

/** @param {App} app @param {{programme: string}} site @param {Pick<Form, 'draft' | 'wrong'>} form @returns {string[]} a sentence for each field that is wrong */
export function checkParticulars(app, site, form) {
  const schema = schemaOf(app, site);
  const values = valuesOf(form.draft);
  return faults(schema, values).map((fault) => {
    form.wrong[fault.field] = sentence(fault);
    return `${title(fields(schema, values).find(([key]) => key === fault.field)?.[1], fault.field)}: ${sentence(fault)}`;
  });
}

/** @param {App} app @param {{programme: string}} site */
export function schemaOf(app, site) {
  return app.model?.reference.programmes.find((/** @type {any} */ one) => one.key === site.programme)?.attribute_schema ?? {};
}

/** The site's attributes with those of the form over them; an emptied one is absent. @param {Pick<import('../store/types.js').Draft, 'base' | 'attributes'>} draft */
export function valuesOf(draft) {
  const all = { ...draft.base.attributes, ...draft.attributes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== undefined));
}

/** @param {any} rules @param {string} field */
export function title(rules, field) {
  return (ENGLISH && rules?.title_en) || rules?.title || field;
}

/** @param {import('./schema.js').Fault} fault */
function sentence({ rule, limit }) {
  const words = { limit };
  switch (rule) {
    case 'required': return gettext('is missing.');
    case 'minimum': return interpolate(gettext('at least %(limit)s.'), words, true);
    case 'maximum': return interpolate(gettext('at most %(limit)s.'), words, true);
    case 'maxLength': return interpolate(gettext('at most %(limit)s characters.'), words, true);
    case 'type': return limit === 'integer' ? gettext('a whole number is wanted.') : gettext('a number is wanted.');
    case 'format': return gettext('a date is wanted.');
    default: return gettext('this value does not fit.');
  }
}
