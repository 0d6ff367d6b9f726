// The list beside the map: what the map shows, nearest first when the reader's place is known.

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { unsafe } from './unsafe.js';
import { distanceM } from '../core/geometry.js';
import { pick, sitePage } from '../core/settings.js';
import { marker } from '../map/symbols.js';

const MOST = 150;
const LOCATE = '<svg width="22" height="22" viewBox="0 0 22 22" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><circle cx="11" cy="11" r="5.5"/><path d="M11 1v5M11 16v5M1 11h5M16 11h5"/></svg>';

/** @typedef {import('../map/site_layer.js').MapSite} MapSite */

/**
 * @param {HTMLElement} element @param {MapSite[]} sites
 * @param {{settings: import('../core/settings.js').MapSettings, here: [number, number] | null,
 *   focus: (site: MapSite) => void, light: (id: string, lit: boolean) => void}} options
 */
export function renderList(element, sites, options) {
  const { settings, here } = options;
  const programmes = new Map(settings.programmes.map((programme) => [programme.key, pick(programme.name)]));
  const units = new Map(settings.units.map(([code, ...names]) => [code, pick(names)]));
  const shown = nearestFirst(sites, here).slice(0, MOST);
  render(html`${shown.map((site) => item(site, options, programmes, units, here))}${sites.length > MOST
    ? html`<li class="muted">${interpolate(gettext('%(count)s more: zoom in or filter'), { count: sites.length - MOST }, true)}</li>` : nothing}`, element);
}

/** @param {MapSite[]} sites @param {[number, number] | null} here */
function nearestFirst(sites, here) {
  if (!here) return sites;
  return [...sites].sort((a, b) => distanceTo(a, here) - distanceTo(b, here));
}

/** @param {MapSite} site @param {[number, number]} here */
function distanceTo(site, here) {
  return site.at ? distanceM(site.at, here) : Infinity;
}

/**
 * @param {MapSite} site @param {Parameters<typeof renderList>[2]} options
 * @param {Map<string, string>} programmes @param {Map<string, string>} units @param {[number, number] | null} here
 */
function item(site, options, programmes, units, here) {
  const facts = [programmes.get(site.programme), units.get(site.district ?? ''), here && site.at ? kilometres(distanceTo(site, here)) : ''];
  return html`<li class="site-item" @mouseenter=${() => options.light(site.id, true)} @mouseleave=${() => options.light(site.id, false)}>
    ${unsafe(marker(site.symbol, site.phase))}
    <span><a href=${sitePage(options.settings.site_page, site.id)}>${site.name}</a>
      <small>${facts.filter(Boolean).join(' · ')}</small>
      <span class="site-state"><span class="chip phase-${site.phase}">${site.state}</span> ${site.progress}%</span></span>
    ${site.at ? html`<button class="locate" type="button" title=${gettext('Show on the map')} aria-label=${`${gettext('Show on the map')}: ${site.name}`}
      @click=${() => options.focus(site)}>${unsafe(LOCATE)}</button>` : html`<span></span>`}</li>`;
}

/** @param {number} metres */
export function kilometres(metres) {
  return interpolate(gettext('%(value)s km away'), { value: (metres / 1000).toFixed(metres < 10000 ? 1 : 0) }, true);
}
