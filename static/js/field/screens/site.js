// A site: what was promised, what the office asks for, what was found before, and the way to the form.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { ENGLISH } from '../../core/settings.js';
import { anchor } from '../../core/geometry.js';
import { newest } from '../area.js';
import { bearingDeg, distanceTo } from '../geo/nearness.js';
import { fields } from '../form/schema.js';
import { verticesOf } from '../outline/shape.js';
import { stepsFor } from '../steps.js';
import { askedLine, backLink, stateChip, urgencyChip } from '../ui/parts.js';
import { enlarger, shown } from '../ui/pictures.js';
import { compass, length, nameOf, roleName, stateWords, entityName, when } from '../ui/words.js';
import { dayOf, daysSincePhoto, urgencyOf } from '../urgency.js';

/** @typedef {FieldApp} App */

/** @param {App} app @param {any} site */
export function siteScreen(app, site) {
  const { reference, drafts, outlines } = /** @type {import('../model.js').Model} */ (app.model);
  const today = dayOf(new Date());
  const programme = reference.programmes.find((/** @type {any} */ one) => one.key === site.programme);
  const district = reference.districts.find((/** @type {any} */ one) => one.code === site.district);
  return html`<div class="page">
    <p>${backLink(gettext('Today'))}</p>
    <h1 tabindex="-1">${nameOf(site)} <small>${site.code}</small></h1>
    <p class="tags">${stateChip(reference, site)} ${urgencyChip(urgencyOf(site, today), site, daysSincePhoto(site, today))}</p>
    <p class="site-meta">${[nameOf(programme), nameOf(district), site.address].filter(Boolean).join(' · ')}${away(app, site)}</p>
    <p class="buttons"><a class="btn btn-primary big" href="#/sites/${site.id}/inspect">${drafts.has(site.id) ? gettext('Go on with the draft') : gettext('Record an inspection')}</a>
      ${verticesOf(site.geometry) ? html`<a class="btn big" href="#/sites/${site.id}/outline">${outlines.has(site.id) ? gettext('Go on drawing') : gettext('Correct the outline')}</a>` : nothing}</p>
    <div class="grid-2">${promised(site, programme)}${asked(app, site)}${before(app, site)}${history(app, site)}</div></div>`;
}

/** @param {App} app @param {any} site */
function away(app, site) {
  const place = app.whereabouts.place();
  const at = anchor(site.geometry);
  if (!place || !at) return nothing;
  const metres = distanceTo([place.lon, place.lat], site.geometry);
  return html` · <b>${length(metres)}</b> ${metres > 0 ? compass(bearingDeg([place.lon, place.lat], at)) : nothing}`;
}

/** @param {any} site @param {any} programme */
function promised(site, programme) {
  const rows = fields(programme?.attribute_schema ?? {}, site.attributes).filter(([key]) => site.attributes[key] !== undefined);
  return html`<section class="card"><h2>${gettext('What was promised')}</h2><dl>
    ${pair(gettext('From – to'), [site.planned_start, site.planned_end].map((date) => date ?? '…').join(' – '))}
    ${pair(gettext('Progress'), site.progress === null ? '—' : `${site.progress} %`)}
    ${rows.map(([key, rules]) => pair((ENGLISH && rules.title_en) || rules.title || key, shownValue(rules, site.attributes[key])))}</dl></section>`;
}

/** @param {string} name @param {string} value */
function pair(name, value) { return html`<div><dt>${name}</dt><dd>${value}</dd></div>`; }

/** @param {any} rules @param {any} value */
function shownValue(rules, value) {
  if (typeof value === 'boolean') return value ? gettext('yes') : gettext('no');
  const english = ENGLISH && rules.enum_en?.[rules.enum?.indexOf(value)];
  const unit = (ENGLISH && rules.unit_en) || rules.unit;
  return [english || value, unit].filter((part) => part !== undefined && part !== '').join(' ');
}

/** @param {App} app @param {any} site */
function asked(app, site) {
  const steps = stepsFor(app.model?.reference, site, app.person.role);
  const open = app.model?.ops.filter((op) => op.site === site.id && (op.state === 'conflict' || op.state === 'quarantined')) ?? [];
  const drawn = app.model?.ops.filter((op) => op.target === site.id && !op.decision && (op.state === 'proposed' || op.state === 'unsent') && JSON.parse(op.body).changes.geom) ?? [];
  return html`<section class="card"><h2>${gettext('What is asked for')}</h2>
    ${site.asked?.length ? html`<p>${askedLine(site)}</p>` : nothing}
    ${steps.length ? html`<p>${gettext('Next steps that you may take:')}</p><ul>${steps.map((step) => html`<li><span class="chip phase-${step.phase}">${(ENGLISH && step.name[1]) || step.name[0]}</span>
      ${step.requires_photo ? gettext('with a photograph') : nothing} ${step.requires_note ? gettext('with a reason') : nothing}</li>`)}</ul>` : html`<p>${gettext('The next step is the office’s.')}</p>`}
    ${drawn.length ? html`<p class="tag warn">${gettext('A corrected outline waits for the office.')}</p>` : nothing}
    ${open.map((op) => html`<p class="error">${entityName(op.entity)}: ${stateWords(op)}. ${op.detail}</p>`)}</section>`;
}

/** @param {App} app @param {any} site */
function before(app, site) {
  const photo = newest(site.photos, (one) => one.role === 'before') ?? newest(site.photos, () => true);
  const others = site.photos.filter((/** @type {any} */ one) => one !== photo);
  if (!photo) return html`<section class="card"><h2>${gettext('Before')}</h2><p>${gettext('No photograph yet')}</p></section>`;
  const figure = (/** @type {any} */ one) => html`<figure>${shown(app.pictures, one, `${roleName(one.role)} ${one.taken_at?.slice(0, 10) ?? ''}`)}
    <figcaption>${one.sketch_of ? gettext('Marked copy') : roleName(one.role)} ${one.taken_at?.slice(0, 10) ?? ''}</figcaption>${enlarger(app, one)}</figure>`;
  return html`<section class="card"><h2>${roleName(photo.role)}</h2>${figure(photo)}
    ${others.length ? html`<div class="thumbs">${others.slice(0, 6).map(figure)}</div>` : nothing}</section>`;
}

/** @param {App} app @param {any} site */
function history(app, site) {
  return html`<section class="card"><h2>${gettext('Visits')}</h2>${site.visits.length ? nothing : html`<p>${gettext('Nobody was here yet.')}</p>`}
    <ol class="visits">${site.visits.map((/** @type {any} */ visit) => html`<li><b>${when(visit.at)}</b> ${visit.by}${visit.progress === null ? nothing : html` · ${visit.progress} %`}
      ${visit.unsent ? html`<span class="tag warn">↑ ${gettext('not sent')}</span>` : nothing}${photoCount(app, visit.id)}<br>${visit.note}</li>`)}</ol></section>`;
}

/** "3 of 4 photographs". @param {App} app @param {string} visit */
function photoCount(app, visit) {
  const photos = app.model?.photos.filter((photo) => photo.inspection === visit && photo.state !== 'draft') ?? [];
  if (!photos.length) return nothing;
  const there = photos.filter((photo) => photo.state === 'verified').length;
  return html` · ${interpolate(gettext('%(there)s of %(all)s photographs with the office'), { there, all: photos.length }, true)}`;
}
