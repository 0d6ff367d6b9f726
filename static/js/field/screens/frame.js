// What stands around every screen: the bar with the state of sending, the screen, and a line that is read aloud.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { ENGLISH, pick } from '../../core/settings.js';
import { canSwitch, switchLanguage } from '../language.js';
import { trackBar } from '../track/track_bar.js';
import { takeUpdate } from '../worker_link.js';
import { button } from '../ui/parts.js';
import { inspectScreen } from './inspect.js';
import { listScreen } from './list.js';
import { siteScreen } from './site.js';
import { syncScreen } from './sync.js';

/** @typedef {FieldApp} App */

/** @param {App} app */
export function frame(app) {
  return html`
    <header class="bar">
      <a class="brand" href="#/"><span>${pick(app.settings.city)} <b>${gettext('Field work')}</b></span></a>
      ${app.settings.demonstration ? html`<span class="demo">${gettext('Demonstration data')}</span>` : nothing}
      ${syncPill(app)}${languageButton(app)}
    </header>
    ${app.hasUpdate ? update(app) : nothing}
    ${trackBar(app)}
    <main id="main">${screen(app)}</main>
    <p class="notice ${app.notice ? '' : 'is-empty'}" role="status">${app.notice}</p>`;
}

/** @param {App} app */
function screen(app) {
  const [kind, id, verb] = app.route.split('/');
  if (app.opened) return app.opened.screen();
  if (kind === 'sync') return syncScreen(app);
  const site = kind === 'sites' ? app.model?.sites.get(id) : undefined;
  if (site && verb === 'inspect' && app.form) return inspectScreen(app, site, app.form);
  if (site) return siteScreen(app, site);
  return listScreen(app);
}

/** How sending stands, in a word: the way to the page that says it in full. @param {App} app */
function syncPill(app) {
  const { unsent, unsentPhotos } = /** @type {import('../model.js').Model} */ (app.model);
  const { doing, problem } = app.engine.status;
  const waits = unsent + unsentPhotos;
  const isHere = app.route === 'sync';
  const kind = problem && problem !== 'offline' && problem !== 'busy' ? 'bad' : waits || problem ? 'warn' : 'good';
  let words = gettext('Everything sent');
  if (waits) words = interpolate(ngettext('%(count)s not sent', '%(count)s not sent', waits), { count: waits }, true);
  else if (problem === 'offline') words = gettext('Offline');
  else if (problem) words = gettext('Needs attention');
  else if (!app.engine.status.at) words = gettext('Connecting');
  const sign = doing ? '↻' : kind === 'good' ? '✓' : problem === 'offline' ? '○' : kind === 'bad' ? '!' : '↑';
  return html`<a class="pill ${kind}" href="#/sync" aria-current=${isHere ? 'page' : nothing}><span aria-hidden="true">${sign}</span> ${words}</a>`;
}

/** Never while a form is open: the page is loaded anew. @param {App} app */
function languageButton(app) {
  if (app.form || app.opened || !canSwitch()) return nothing;
  return html`<button type="button" class="btn language" lang=${ENGLISH ? 'zh-Hans' : 'en'} @click=${() => switchLanguage(app.settings.set_language)}>${ENGLISH ? '中文' : 'English'}</button>`;
}

/** As little as the language. @param {App} app */
function update(app) {
  if (app.form || app.opened) return nothing;
  return html`<div class="update" role="status"><span>${gettext('A new version of the app is ready.')}</span> ${button(gettext('Use it now'), () => takeUpdate(), 'btn-primary')}</div>`;
}
