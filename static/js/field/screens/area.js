// What the tablet takes along: sites, their last pictures, the map; each with its age, and what is to come with its size.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { pick } from '../../core/settings.js';
import { ageOf, outdatedOf } from '../ground/shelf.js';
import { button } from '../ui/parts.js';
import { day, size, when } from '../ui/words.js';

/** @typedef {import('../preparation.js').Preparation} Preparation */

/** @param {FieldApp} app @param {import('../model.js').Model} model */
export function areaPart(app, model) {
  const { preparation } = app;
  const look = () => {
    app.engine.poke();
    preparation.look();
  };
  return html`<section class="card area"><h2>${gettext('Prepare my area')}</h2>
    <p>${model.fetchedAt ? interpolate(gettext('%(count)s sites are on this tablet, as of %(time)s.'), { count: model.sites.size, time: when(model.fetchedAt) }, true) : gettext('No sites are on this tablet yet.')}
      <br>${app.isInstalled ? html`✓ ${gettext('The app and its map start without network.')}` : gettext('The app is still being kept on the tablet.')}</p>
    ${carried(preparation)}
    ${preparation.words ? html`<p role="status">${preparation.words}</p>` : nothing}
    ${preparation.stage === 'told' ? coming(app, preparation) : nothing}
    ${preparation.stage === 'fetching' ? progress(preparation)
    : html`<p>${button(preparation.stage === 'looking' ? gettext('Working …') : gettext('See what is to be fetched'), look, preparation.stage === 'told' ? '' : 'big')}</p>`}</section>`;
}

/** The map's age beside the list: always in view. @param {Preparation} preparation */
export function mapAge({ ground }) {
  const made = ageOf(ground);
  if (!made) return nothing;
  return html` · <span class="map-age">${interpolate(gettext('map of %(date)s'), { date: day(made) }, true)}${outdatedOf(ground).length ? html` <b>! ${gettext('a newer one is there')}</b>` : nothing}</span>`;
}

/** @param {Preparation} preparation */
function carried(preparation) {
  const { ground } = preparation;
  const archives = Object.values(ground.carried);
  if (!archives.length && !preparation.keys.length) return nothing;
  const outdated = new Set(outdatedOf(ground).map(({ key }) => key));
  if (!archives.length) return html`<p class="hint">${gettext('The map’s large layers are not on this tablet: without network they are not drawn.')}</p>`;
  return html`<ul class="records">${archives.map((one) => html`<li>▦ <b>${pick(one.name)}</b> · ${interpolate(gettext('map of %(date)s'), { date: day(one.made_at) }, true)} · ${size(one.bytes)}
      ${outdated.has(one.key) ? html`<br><span class="tag warn">! ${gettext('a newer one is there')}</span>` : nothing}</li>`)}</ul>
    ${preparation.stage === 'fetching' ? nothing : html`<p>${button(gettext('Remove the map from the tablet'), () => preparation.drop())}</p>`}`;
}

/** @param {FieldApp} app @param {Preparation} preparation */
function coming(app, preparation) {
  const { pictures, maps, making, left } = preparation;
  const isNothing = !pictures.length && !maps.length;
  return html`<ul class="records">
    ${pictures.length ? html`<li>${interpolate(gettext('%(count)s pictures, %(size)s.'), { count: pictures.length, size: size(pictures.reduce((sum, { bytes }) => sum + bytes, 0)) }, true)}</li>` : html`<li>✓ ${gettext('The last pictures of all your sites are here.')}</li>`}
    ${maps.map((offer) => html`<li>▦ ${pick(offer.name)} · ${interpolate(gettext('map of %(date)s'), { date: day(offer.made_at) }, true)} · ${size(offer.bytes)}</li>`)}
    ${making.map((offer) => html`<li>▦ ${pick(offer.name)} · ${interpolate(gettext('is being drawn by the server: %(percent)s %. Wait here, or come back later.'), { percent: Math.round(100 * offer.share) }, true)}</li>`)}</ul>
    ${isNothing ? nothing : html`${app.room.free !== null && app.room.free < left ? html`<p class="error">${gettext('There may not be room enough for all of it.')}</p>` : nothing}
      <p>${button(interpolate(gettext('Fetch them: %(size)s'), { size: size(left) }, true), () => preparation.fetch(), 'btn-primary big')}</p>`}`;
}

/** @param {Preparation} preparation */
function progress({ told, bytes, abort }) {
  const isOver = abort.signal.aborted;
  return html`${told.total ? html`<p>${interpolate(gettext('%(done)s of %(total)s pictures'), told, true)} <progress max=${told.total} value=${told.done} aria-label=${gettext('Pictures')}></progress></p>` : nothing}
    ${bytes.total ? html`<p class="map-progress">${gettext('Map')} ${size(bytes.here)} / ${size(bytes.total)} <progress max=${bytes.total} value=${bytes.here} aria-label=${gettext('Map')}></progress></p>` : nothing}
    <p>${button(isOver ? gettext('Working …') : gettext('Stop'), () => abort.abort())}</p>`;
}
