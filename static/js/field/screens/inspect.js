// The form of a visit. Every keystroke is kept; nothing but "Save" ends it.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { ENGLISH } from '../../core/settings.js';
import { newest } from '../area.js';
import { attributesPart } from '../form/attributes_part.js';
import { keep } from '../form/open.js';
import { addPhotos, removePhoto, sketchPhoto } from '../form/photographs.js';
import { positionPart } from '../form/position_part.js';
import { save } from '../form/save.js';
import { openCamera } from '../photo/camera.js';
import { hasCamera } from '../photo/live.js';
import { bearingDeg, distanceTo } from '../geo/nearness.js';
import { stepsFor } from '../steps.js';
import { shown } from '../ui/pictures.js';
import { compass, length, nameOf, roleName, size, when } from '../ui/words.js';

/**
 * @typedef {FieldApp} App
 * @typedef {import('../form/open.js').Form} Form
 */

/** @param {App} app @param {any} site @param {Form} form */
export function inspectScreen(app, site, form) {
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!await save(app, site, form)) return;
    app.form = null;
    await app.recorder.endFor(site.id);
    location.hash = `#/sites/${site.id}`;
    await app.read();
    await app.go();
    app.say(gettext('Saved on the tablet. It is sent by itself as soon as there is a connection.'));
  };
  return html`<form class="page narrow" novalidate @submit=${submit}>
    <p><a class="btn back" href="#/sites/${site.id}">← ${nameOf(site)}</a> <span class="hint">${gettext('What you type is kept at once.')}</span></p>
    <h1 tabindex="-1">${gettext('Record an inspection')}</h1>
    ${positionPart(app, site, form)}${photosPart(app, site, form)}
    <section class="card"><label class="field"><span class="label">${gettext('Note')}</span>
      <textarea rows="4" maxlength="10000" .value=${form.start.note} @input=${(/** @type {any} */ event) => keep(app, form, { note: event.target.value })}></textarea></label>
      ${progressPart(app, form)}</section>
    ${stepPart(app, site, form)}${attributesPart(app, site, form)}
    ${form.errors.length ? html`<div class="form-errors error" role="alert"><ul>${form.errors.map((words) => html`<li>${words}</li>`)}</ul></div>` : nothing}
    <p class="save-bar"><button class="btn btn-primary big" ?disabled=${form.isBusy}>${gettext('Save')}</button></p></form>`;
}

/** @param {App} app @param {any} site @param {Form} form */
function photosPart(app, site, form) {
  const choose = (/** @type {any} */ event) => {
    addPhotos(app, form, [...event.target.files]);
    event.target.value = '';
  };
  const before = newest(site.photos, (one) => one.role === 'before');
  const camera = () => openCamera(before ? app.pictures.found(before) : Promise.resolve(''), (file) => addPhotos(app, form, [file]),
    () => app.say(gettext('There is no camera, or the browser may not use it. Choose a file instead.')), () => wayBack(app, before));
  if (before) app.pictures.url(before); // at hand when the camera opens
  return html`<section class="card"><h2>${gettext('Photographs')} <small>${form.photos.length || nothing}</small></h2>
    <div class="roles" role="group" aria-label=${gettext('The photographs show')}>${['before', 'during', 'after'].map((role) => html`
      <button type="button" class="btn" aria-pressed=${form.role === role} @click=${() => { form.role = role; app.draw(); }}>${roleName(role)}</button>`)}</div>
    <div class="photo-buttons">${hasCamera() ? html`<button type="button" class="btn btn-primary big" @click=${camera}>${gettext('Camera')}</button>` : nothing}
      <label class="btn big file"><input type="file" accept="image/*" multiple @change=${choose}>${gettext('Choose photographs')}</label></div>
    <p class="hint">${wayBack(app, before)}</p>
    <ul class="thumbs">${form.photos.map((photo) => html`<li><figure>${shown(app.pictures, photo, roleName(photo.role))}<figcaption>${photo.sketch_of ? gettext('Marked copy') : roleName(photo.role)} · ${size(photo.size)}${remarks(photo)}</figcaption></figure>
      ${photo.sketch_of ? nothing : html`<button type="button" class="btn" @click=${() => sketchPhoto(app, form, photo)}>${gettext('Draw on a copy')}</button>`}
      <button type="button" class="btn" @click=${() => removePhoto(app, form, photo.id)}>${gettext('Remove')}</button></li>`)}</ul></section>`;
}

/** What its taker should know before sending it. @param {import('../store/types.js').PhotoRow} photo */
function remarks(photo) {
  return html`${photo.age_ms ? html`<br><span class="tag warn">${interpolate(gettext('Taken %(time)s'), { time: when(photo.taken_at) }, true)}</span>` : nothing}
    ${photo.away_m ? html`<br><span class="tag warn">${interpolate(gettext('Taken %(length)s from here'), { length: length(photo.away_m) }, true)}</span>` : nothing}
    ${photo.lon === null ? html`<br><span class="hint">${gettext('Its place is not known.')}</span>` : nothing}`;
}

/** The way to where the picture from before was taken: to stand there again; '' when nobody knows. @param {App} app @param {any} photo */
function wayBack(app, photo) {
  const place = app.whereabouts.place();
  if (!place || typeof photo?.lon !== 'number') return '';
  const [here, there] = [/** @type {[number, number]} */ ([place.lon, place.lat]), /** @type {[number, number]} */ ([photo.lon, photo.lat])];
  const words = { length: length(distanceTo(here, { type: 'Point', coordinates: there })), wind: compass(bearingDeg(here, there)) };
  return interpolate(gettext('The picture from before was taken %(length)s to the %(wind)s of here.'), words, true);
}

/** @param {App} app @param {Form} form */
function progressPart(app, form) {
  const now = form.draft.progress ?? form.draft.base.progress ?? 0;
  const set = (/** @type {number | null} */ progress) => keep(app, form, { progress });
  const step = (/** @type {number} */ by) => set(Math.max(0, Math.min(100, now + by)));
  return html`<div class="field"><span class="label" id="progress-label">${gettext('Progress, %')}</span><div class="stepper">
    <button type="button" class="btn" aria-label=${gettext('Five less')} @click=${() => step(-5)}>−5</button>
    <input type="number" inputmode="numeric" min="0" max="100" aria-labelledby="progress-label" placeholder=${form.draft.base.progress ?? '—'}
      .value=${form.draft.progress === null ? '' : String(form.draft.progress)} @input=${(/** @type {any} */ event) => set(event.target.value === '' ? null : Math.round(Number(event.target.value)))}>
    <button type="button" class="btn" aria-label=${gettext('Five more')} @click=${() => step(5)}>+5</button></div></div>`;
}

/** @param {App} app @param {any} site @param {Form} form */
function stepPart(app, site, form) {
  const steps = stepsFor(app.model?.reference, { ...site, ...form.draft.base }, app.person.role);
  if (!steps.length) return nothing;
  const chosen = steps.find((step) => step.target === form.draft.state);
  const option = (/** @type {string} */ value, /** @type {any} */ words) => html`<label class="choice"><input type="radio" name="state" value=${value}
    .checked=${form.draft.state === value} @change=${() => keep(app, form, { state: value })}> ${words}</label>`;
  return html`<fieldset class="card"><legend>${gettext('New state')}</legend>${option('', gettext('Stays as it is'))}
    ${steps.map((step) => option(step.target, html`<span class="chip phase-${step.phase}">${(ENGLISH && step.name[1]) || step.name[0]}</span>
      ${step.requires_photo ? html`<span class="hint">${gettext('with a photograph')}</span>` : nothing}`))}
    ${chosen ? html`<label class="field"><span class="label">${chosen.requires_note ? gettext('Reason (needed)') : gettext('Reason')}</span>
      <input maxlength="2000" .value=${form.start.state_note} @input=${(/** @type {any} */ event) => keep(app, form, { state_note: event.target.value })}></label>` : nothing}</fieldset>`;
}
