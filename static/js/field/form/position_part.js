// The position of a visit: how good it is, how good it is to become, and the word that it will do.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { TARGETS_M } from '../geo/capture.js';
import { distanceTo } from '../geo/nearness.js';
import { remember } from '../store/tablet.js';
import { trackButton } from '../track/track_bar.js';
import { button } from '../ui/parts.js';
import { length } from '../ui/words.js';
import { awayM } from '../visit.js';
import { keep } from './open.js';

/**
 * @typedef {FieldApp} App
 * @typedef {import('./open.js').Form} Form
 */

/** @param {App} app @param {any} site @param {Form} form */
export function positionPart(app, site, form) {
  const place = form.capture.place();
  const distance = place ? distanceTo([place.lon, place.lat], site.geometry) : Infinity;
  const away = awayM(place, distance);
  return html`<section class="card position"><h2>${gettext('Position')}</h2>
    ${place ? html`<p><b>± ${Math.round(place.accuracy)} m</b> <span class="hint">${interpolate(ngettext('from %(count)s fix', 'from %(count)s fixes', place.fixes), { count: place.fixes }, true)}</span>
      ${Number.isFinite(distance) ? html` · ${distance === 0 ? gettext('within the site') : interpolate(gettext('%(length)s from the site'), { length: length(distance) }, true)}` : nothing}</p>`
    : html`<p>${receptionWords(app)}</p>`}
    ${capturePart(app, form, Boolean(place))}${trackButton(app, site.id)}
    ${place?.isStale ? html`<p class="tag warn">${gettext('This position is more than a minute old.')}</p>` : nothing}
    ${place?.isMock ? html`<p class="tag warn">${gettext('This position does not look like a receiver’s.')}</p>` : nothing}
    ${away ? html`<div class="fence" role="status"><p><b>${gettext('You do not seem to be at the site.')}</b> ${gettext('You can record the visit all the same; say why:')}</p>
      <input aria-label=${gettext('Why from here')} maxlength="400" .value=${form.start.away_reason} @input=${(/** @type {any} */ event) => keep(app, form, { away_reason: event.target.value })}></div>` : nothing}</section>`;
}

/** @param {App} app @param {Form} form @param {boolean} isThere whether there is any fix */
function capturePart(app, form, isThere) {
  const { capture } = form;
  const aim = (/** @type {number} */ target) => {
    capture.aim(target);
    app.draw();
    remember('target_m', target).catch(() => {}); // a full tablet asks again the next time
  };
  return html`<div class="targets" role="group" aria-label=${gettext('Accuracy wanted')}><span class="label" aria-hidden="true">${gettext('Accuracy wanted')}</span>
      ${TARGETS_M.map((target) => html`<button type="button" class="btn" aria-pressed=${capture.target === target} @click=${() => aim(target)}>${target} m</button>`)}</div>
    ${isThere ? html`<p class="capture"><span class="tag ${capture.state === 'collecting' ? '' : 'good'}" role="status">${stateWords(capture)}</span>
      ${capture.state === 'collecting' ? button(gettext('Use what there is'), () => keep(app, form, { position: capture.take() }))
    : button(gettext('Take it again'), () => { capture.again(); keep(app, form, { position: null }); })}</p>` : nothing}`;
}

/** @param {import('../geo/capture.js').Capture} capture */
function stateWords({ state, target }) {
  switch (state) {
    case 'reached': return `✓ ${interpolate(gettext('%(target)s m reached'), { target }, true)}`;
    case 'taken': return `✓ ${gettext('Taken by your word')}`;
    default: return `… ${interpolate(gettext('Averaging until ± %(target)s m'), { target }, true)}`;
  }
}

/** @param {App} app */
function receptionWords(app) {
  if (app.whereabouts.reception === 'refused') return gettext('The browser may not tell your position. The visit is recorded without one.');
  if (app.whereabouts.reception === 'missing') return gettext('This device does not tell its position. The visit is recorded without one.');
  return gettext('Looking for your position …');
}
