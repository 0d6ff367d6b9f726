// How sending stands, in plain words: what is unsent, what arrived, each photograph, what was refused and why; the room on the
// tablet; preparing the area; signing out.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { offerFile, unsentFile } from '../save_file.js';
import { LOW_BYTES } from '../storage.js';
import { button, backLink } from '../ui/parts.js';
import { ago, entityName, nameOf, problemWords, roleName, size, stateWords, when } from '../ui/words.js';
import { dayOf } from '../urgency.js';
import { signOut } from '../sign_out.js';
import { areaPart } from './area.js';

/**
 * @typedef {FieldApp} App
 * @typedef {import('../model.js').Model} Model
 */

const NEWEST = 50;

/** @param {App} app */
export function syncScreen(app) {
  const model = /** @type {Model} */ (app.model);
  return html`<div class="page narrow"><p>${backLink(gettext('Today'))}</p><h1 tabindex="-1">${gettext('Sending')}</h1>
    ${receipt(app, model)}${areaPart(app, model)}${trouble(app, model)}${photographs(app, model)}${records(model)}${tabletPart(app, model)}</div>`;
}

/** @param {App} app @param {Model} model */
function receipt(app, model) {
  const { doing, problem } = app.engine.status;
  const isAll = !model.unsent && !model.unsentPhotos;
  const words = problemWords(app.engine.status);
  return html`<section class="card receipt ${isAll ? 'good' : 'warn'}"><h2>${isAll ? html`✓ ${gettext('Everything sent')}` : html`↑ ${gettext('Not everything is sent')}`}</h2>
    <ul>${isAll ? html`<li>${gettext('Nothing on this tablet is missing at the office.')}</li>` : nothing}
      ${model.unsent ? html`<li>${interpolate(ngettext('%(count)s record is on this tablet only.', '%(count)s records are on this tablet only.', model.unsent), { count: model.unsent }, true)}</li>` : nothing}
      ${model.unsentPhotos ? html`<li>${interpolate(ngettext('%(count)s photograph is not verified at the office yet.', '%(count)s photographs are not verified at the office yet.', model.unsentPhotos), { count: model.unsentPhotos }, true)}</li>` : nothing}
      <li>${model.syncedAt ? interpolate(gettext('Last complete exchange: %(age)s'), { age: ago(model.syncedAt) }, true) : gettext('There was no complete exchange yet.')}</li></ul>
    ${words ? html`<p class="error">${words}</p>` : nothing}
    <p class="buttons">${button(doing ? gettext('Working …') : gettext('Send now'), () => app.engine.poke(), 'btn-primary big')}
      ${problem === 'signed-out' || problem === 'other-user' ? html`<a class="btn big" href=${app.settings.login}>${gettext('Sign in')}</a>` : nothing}
      ${button(gettext('Save unsent to a file'), () => rescue(app), 'big')}</p></section>`;
}

/** @param {App} app */
async function rescue(app) {
  offerFile(await unsentFile(app.db), `unsent-${app.person.username}-${dayOf(new Date())}.zip`);
  app.say(gettext('The file is in the downloads. Nothing was removed from the tablet.'));
}

/** What somebody must know of: refused, contested, lost. @param {App} app @param {Model} model */
function trouble(app, model) {
  const ops = model.ops.filter((op) => op.state === 'quarantined' || op.state === 'conflict' || op.state === 'held');
  const photos = model.photos.filter((photo) => photo.code && photo.state !== 'verified');
  if (!ops.length && !photos.length) return nothing;
  return html`<section class="card"><h2>${gettext('To be looked at')}</h2><ul class="records">${ops.map((op) => html`<li><b>${entityName(op.entity)}</b> ${opSite(model, op)} · ${when(op.at)}<br>
    ${stateWords(op)}. ${op.detail}${contested(op)}</li>`)}
    ${photos.map((photo) => html`<li><b>${gettext('Photograph')}</b> ${siteName(model, photo.site)}<br>${photo.state === 'lost' ? gettext('Its bytes are no longer on this tablet.') : photo.code}</li>`)}</ul></section>`;
}

/** @param {import('../store/types.js').OpRow} op */
function contested(op) {
  return Object.entries(op.conflicts ?? {}).filter(([field]) => field !== 'geom').map(([field, values]) => html`<br><span class="hint">${field}: ${gettext('mine')} ${String(values.mine)} · ${gettext('theirs')} ${String(values.theirs)}</span>`);
}

/** Each photograph that is not verified. @param {App} app @param {Model} model */
function photographs(app, model) {
  const waiting = model.photos.filter((photo) => photo.state === 'waiting');
  if (!waiting.length) return nothing;
  return html`<section class="card"><h2>${gettext('Photographs on their way')}</h2><ul class="records">${waiting.map((photo) => html`<li><b>${roleName(photo.role)}</b> ${siteName(model, photo.site)} · ${size(photo.size)}
    <progress max=${photo.size} value=${photo.offset} aria-label=${gettext('sent')}></progress></li>`)}</ul></section>`;
}

/** @param {Model} model */
function records(model) {
  const newest = [...model.ops].sort((a, b) => b.seq - a.seq).slice(0, NEWEST);
  return html`<details class="card"><summary>${gettext('All records of the last days')} <small>${model.ops.length}</small></summary>
    <ul class="records">${newest.map((op) => html`<li><b>${entityName(op.entity)}</b> ${opSite(model, op)} · ${when(op.at)}<br><span class=${op.state === 'unsent' ? 'tag warn' : 'hint'}>${stateWords(op)}</span></li>`)}</ul></details>`;
}

/** A site that is proposed is known by its record only. @param {Model} model @param {import('../store/types.js').OpRow} op */
function opSite(model, op) { return op.entity === 'track' ? nameOf(model.sites.get(op.site)) : op.entity === 'proposal' ? JSON.parse(op.body).changes.name[1] : siteName(model, op.site); }

/** @param {Model} model @param {string} id */
function siteName(model, id) { return nameOf(model.sites.get(id)) || gettext('a site that is no longer here'); }

/** @param {App} app @param {Model} model */
function tabletPart(app, model) {
  const { free, isKept } = app.room;
  const waits = model.unsent + model.unsentPhotos;
  return html`<section class="card"><h2>${gettext('This tablet')}</h2><p>${app.person.name} · ${app.person.username}<br><span class="hint">${gettext('Version')} ${app.settings.version} · ${app.device.slice(-8)}</span></p>
    ${free === null ? nothing : html`<p class=${free < LOW_BYTES ? 'error' : ''}>${interpolate(gettext('Free room for photographs: %(size)s'), { size: size(free) }, true)}${free < LOW_BYTES ? html`. ${gettext('Send, or make room, before you go on.')}` : nothing}</p>`}
    ${isKept ? nothing : html`<p class="hint">${gettext('The browser may clear what is stored here when the disk is full. Install the app to prevent it.')}</p>`}
    ${waits ? html`<p><b>${interpolate(ngettext('%(count)s thing is not sent yet. Signing out removes nothing: it waits here for you.', '%(count)s things are not sent yet. Signing out removes nothing: they wait here for you.', waits), { count: waits }, true)}</b></p>` : nothing}
    <p class="buttons">${button(gettext('Sign out'), () => signOut(app), 'big')} <a class="btn big" href=${app.settings.plain}>${gettext('Plain pages')}</a></p></section>`;
}
