// Today's list: the sites by urgency or by distance, and the map beside it.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { distanceTo } from '../geo/nearness.js';
import { mapPane } from '../map_pane.js';
import { canScan, scan } from '../scan.js';
import { askedLine, button, stateChip, urgencyChip } from '../ui/parts.js';
import { ago, length, nameOf, phaseName } from '../ui/words.js';
import { mapAge } from './area.js';
import { dayOf, daysSincePhoto, passes, sorted, urgencyOf } from '../urgency.js';

/** @typedef {FieldApp} App */

const PHASES = ['planned', 'working', 'suspended', 'returned', 'completed', 'accepted'];
const STEP = 60;

/** @param {App} app */
export function listScreen(app) {
  const rows = rowsOf(app);
  const shown = rows.slice(0, app.filter.limit);
  return html`<div class="list-layout show-${app.pane}">
    <section class="list-pane" aria-label=${gettext('Sites')}>
      <h1 tabindex="-1">${gettext('Today')} <small>${interpolate(ngettext('%(count)s site', '%(count)s sites', rows.length), { count: rows.length }, true)}</small></h1>
      ${ageLine(app)}
      ${filters(app)}
      <ol class="site-rows">${shown.map((row) => siteRow(app, row))}</ol>
      ${rows.length > shown.length ? html`<button type="button" class="btn wide" @click=${() => { app.filter.limit += STEP; app.draw(); }}>${gettext('Show more')}</button>` : nothing}
      ${rows.length ? nothing : html`<p class="empty">${app.model?.fetchedAt ? gettext('No site fits.') : gettext('Nothing was fetched yet. Open this page once with network.')}</p>`}
    </section>
    ${mapPane(app, rows.map(({ site }) => site))}
    <nav class="switch" aria-label=${gettext('View')}>${[['list', gettext('List')], ['map', gettext('Map')]].map(([key, words]) => html`
      <button type="button" aria-pressed=${app.pane === key} @click=${() => { app.pane = key; app.draw(); dispatchEvent(new Event('resize')); }}>${words}</button>`)}
    </nav></div>`;
}

/** @param {App} app */
export function rowsOf(app) {
  const place = app.whereabouts.place();
  const today = dayOf(new Date());
  const sites = [.../** @type {import('../model.js').Model} */ (app.model).sites.values()].filter((site) => passes(site, app.filter));
  const rows = sites.map((site) => ({
    site, urgency: urgencyOf(site, today), distance: place ? distanceTo([place.lon, place.lat], site.geometry) : Infinity,
  }));
  return sorted(rows, app.filter.by);
}

/** How old what is here is, always in view. @param {App} app */
function ageLine(app) {
  const at = app.model?.fetchedAt;
  return html`<p class="age"><span>${at ? interpolate(gettext('As of %(age)s'), { age: ago(at) }, true) : gettext('Not fetched yet')}${mapAge(app.preparation)}</span>
    ${canScan() ? button(gettext('Scan a board'), () => scanBoard(app)) : nothing}
    <a class="btn" href="#/propose">+ ${gettext('New site')}</a> <a class="btn" href="#/sync">${gettext('Prepare my area')}</a></p>`;
}

/** @param {App} app */
function scanBoard(app) {
  scan((site) => { location.hash = `#/sites/${site}`; }, () => app.say(gettext('There is no camera, or the browser may not use it.')));
}

/** @param {App} app */
function filters(app) {
  const { filter, model } = app;
  const set = (/** @type {Partial<App['filter']>} */ change) => {
    Object.assign(filter, { limit: STEP }, change);
    app.draw();
  };
  const nearest = () => {
    app.whereabouts.start();
    set({ by: 'distance' });
  };
  const used = new Set([...(model?.sites.values() ?? [])].map((site) => site.programme));
  const programmes = model?.reference.programmes.filter((/** @type {any} */ one) => used.has(one.key)) ?? [];
  return html`<div class="filters">
    <label class="find"><span class="visually-hidden">${gettext('Search: name, code or address')}</span>
      <input type="search" placeholder=${gettext('Search: name, code or address')} @input=${(/** @type {any} */ event) => set({ q: event.target.value })}></label>
    <div class="sort" role="group" aria-label=${gettext('Order')}>
      <button type="button" class="btn" aria-pressed=${filter.by === 'urgency'} @click=${() => set({ by: 'urgency' })}>${gettext('Most urgent')}</button>
      <button type="button" class="btn" aria-pressed=${filter.by === 'distance'} @click=${nearest}>${gettext('Nearest')}</button></div>
    <label><span class="visually-hidden">${gettext('Programme')}</span><select @change=${(/** @type {any} */ event) => set({ programme: event.target.value })}>
      <option value="">${gettext('All programmes')}</option>
      ${programmes.map((/** @type {any} */ one) => html`<option value=${one.key} ?selected=${one.key === filter.programme}>${nameOf(one)}</option>`)}</select></label>
    <label><span class="visually-hidden">${gettext('Status')}</span><select @change=${(/** @type {any} */ event) => set({ phase: event.target.value })}>
      <option value="">${gettext('Not finished')}</option><option value="*" ?selected=${filter.phase === '*'}>${gettext('All statuses')}</option>
      ${PHASES.map((phase) => html`<option value=${phase} ?selected=${phase === filter.phase}>${phaseName(phase)}</option>`)}</select></label>
    ${reception(app)}
  </div>`;
}

/** @param {App} app */
function reception(app) {
  if (app.filter.by !== 'distance') return nothing;
  switch (app.whereabouts.reception) {
    case 'seeking': return html`<p class="hint">${gettext('Looking for your position …')}</p>`;
    case 'refused': return html`<p class="hint">${gettext('The browser may not tell your position. Allow it in the browser’s settings.')}</p>`;
    case 'missing': return html`<p class="hint">${gettext('This device does not tell its position.')}</p>`;
    default: return nothing;
  }
}

/** @param {App} app @param {import('../urgency.js').Row} row */
function siteRow(app, { site, urgency, distance }) {
  const { reference, drafts } = /** @type {import('../model.js').Model} */ (app.model);
  const programme = reference.programmes.find((/** @type {any} */ one) => one.key === site.programme);
  const away = length(distance);
  return html`<li><a class="site-row" href="#/sites/${site.id}">
    <strong>${nameOf(site)}</strong>${away ? html`<span class="away">${away}</span>` : nothing}
    <span class="site-meta">${nameOf(programme)} · ${site.code}</span>
    ${askedLine(site)}
    <span class="tags">${stateChip(reference, site)} ${urgencyChip(urgency, site, daysSincePhoto(site, dayOf(new Date())))}
      ${site.pending ? html`<span class="tag warn">↑ ${gettext('not sent')}</span>` : nothing}
      ${drafts.has(site.id) ? html`<span class="tag">✎ ${gettext('draft')}</span>` : nothing}</span></a></li>`;
}
