// Status and programme filters, which are the map's legend as well.

import { html, render } from '../vendor/lit-html/lit-html.js';
import { unsafe } from './unsafe.js';
import { passes } from '../core/filters.js';
import { pick } from '../core/settings.js';
import { phaseBadge, pictogram } from '../map/symbols.js';

/**
 * @typedef {import('../map/site_layer.js').MapSite} MapSite
 * @typedef {{settings: import('../core/settings.js').MapSettings, sites: MapSite[],
 *   filters: import('../core/filters.js').Filters, changed: () => void}} PanelState
 */

/** @param {HTMLElement} element @param {PanelState} state */
export function renderPhases(element, state) {
  const counts = count(state.sites.filter((site) => passes(site, state.filters, 'phases')), (site) => site.phase);
  render(state.settings.phases.map(({ key, name }) => html`<button type="button" class="phase-toggle"
    aria-pressed=${String(state.filters.phases.has(key))} @click=${() => toggle(state, state.filters.phases, key)}>
    ${unsafe(phaseBadge(key))}<span>${name}</span><b>${counts.get(key) ?? 0}</b></button>`), element);
}

/** @param {HTMLElement} element @param {PanelState} state */
export function renderProgrammes(element, state) {
  const counts = count(state.sites.filter((site) => passes(site, state.filters, 'programmes')), (site) => site.programme);
  const present = new Set(state.sites.map((site) => site.programme));
  /** @type {Map<string, import('../core/settings.js').Programme[]>} */
  const themes = new Map();
  for (const programme of state.settings.programmes.filter(({ key }) => present.has(key))) {
    const theme = pick(programme.theme);
    themes.set(theme, [...(themes.get(theme) ?? []), programme]);
  }
  render(html`${[...themes].map(([theme, programmes]) => html`<h3>${theme}</h3>${programmes.map((programme) => html`
    <label class="programme-row"><input type="checkbox" .checked=${state.filters.programmes.has(programme.key)}
      @change=${() => toggle(state, state.filters.programmes, programme.key)}>
      ${unsafe(pictogram(programme.symbol))}<span>${pick(programme.name)}</span><b>${counts.get(programme.key) ?? 0}</b></label>`)}`)}
    <p class="clear"><button type="button" class="btn" @click=${() => clear(state)}>${gettext('Clear all filters')}</button></p>`, element);
}

/** How many programmes are chosen, for the closed panel. @param {PanelState} state */
export function programmeNote(state) {
  const chosen = state.filters.programmes.size;
  return chosen ? interpolate(ngettext('%(count)s chosen', '%(count)s chosen', chosen), { count: chosen }, true) : '';
}

/** @param {PanelState} state @param {Set<string>} set @param {string} key */
function toggle(state, set, key) {
  if (!set.delete(key)) set.add(key);
  state.changed();
}

/** @param {PanelState} state */
function clear(state) {
  state.filters.programmes.clear();
  state.filters.phases.clear();
  state.filters.districts.clear();
  state.filters.q = '';
  state.changed();
}

/** @param {MapSite[]} sites @param {(site: MapSite) => string} key @returns {Map<string, number>} */
function count(sites, key) {
  const counts = new Map();
  for (const site of sites) counts.set(key(site), (counts.get(key(site)) ?? 0) + 1);
  return counts;
}
