// The public map: filters, list and map follow one another, and the address follows them.

import { passes, readFilters, readPlace, writeFilters } from '../core/filters.js';
import { ENGLISH, mapSettings } from '../core/settings.js';
import { createMap } from '../map/base.js';
import { pause, whenSettled } from '../map/settled.js';
import { SiteLayer, asSite } from '../map/site_layer.js';
import { MapView } from '../ui/map_view.js';
import { programmeNote, renderPhases, renderProgrammes } from '../ui/filter_panel.js';
import { sitePopup } from '../ui/popup.js';
import { makeSheet } from '../ui/sheet.js';
import { renderList } from '../ui/site_list.js';
import { isOpen, whenOpened } from '../ui/when_open.js';

const settings = mapSettings();
const filters = readFilters(location.search);
const asked = askForSites();
const place = readPlace(new URLSearchParams(location.search).get('at'));
const map = createMap(element('map'), settings);
if (place) map.setView([place.lat, place.lon], place.zoom);
const view = new MapView(map, settings, element, () => follow());
const layer = new SiteLayer(map, (site) => sitePopup(site, settings));
const sheet = makeSheet(element('panel'), element('panel-handle'));
const search = /** @type {HTMLInputElement} */ (element('search'));
search.value = filters.q;

/** @type {import('../map/site_layer.js').MapSite[]} */
let sites = [];
/** @type {[number, number] | null} */
let here = null;

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {import('../map/site_layer.js').MapSite} site */
function focus(site) {
  sheet.close();
  layer.focus(site);
}

function chosen() {
  return sites.filter((site) => passes(site, filters));
}

function changed() {
  search.value = filters.q;
  layer.show(chosen());
  refreshPanel();
}

function refreshPanel() {
  const state = panelState();
  renderPhases(element('phases'), state);
  refreshProgrammes();
  element('programme-note').textContent = programmeNote(state);
  refreshList();
}

function panelState() {
  return { settings, sites, filters, changed };
}

function refreshProgrammes() {
  if (isOpen(element('programmes'))) renderProgrammes(element('programmes'), panelState());
}

/** The list holds what the map shows; sites without a public place are listed whenever they pass. */
function refreshList() {
  const bounds = map.getBounds();
  const all = chosen();
  const within = all.filter((site) => !site.at || bounds.contains([site.at[1], site.at[0]]));
  const words = { within: within.length, all: all.length };
  element('summary').textContent = all.length
    ? interpolate(gettext('%(within)s of %(all)s sites in this view'), words, true) : gettext('No site fits these filters.');
  renderList(element('list'), within, { settings, here, focus, light: (id, lit) => layer.light(id, lit) });
  follow();
}

/** The address follows what is seen. */
function follow() {
  const centre = map.getCenter();
  const at = `${map.getZoom()}/${centre.lat.toFixed(4)}/${centre.lng.toFixed(4)}`;
  history.replaceState(null, '', `${settings.home}${writeFilters(filters, at, view.address())}`);
}

/** The page's head asks for the same address in advance; it must read alike to be the same. */
function askForSites() {
  const params = new URLSearchParams();
  if (filters.target) params.set('target', filters.target);
  if (filters.stage) params.set('stage', filters.stage);
  for (const name of Object.keys(filters.office).sort()) params.set(name, filters.office[name]);
  return fetch(params.size ? `${settings.sites}?${params}` : settings.sites);
}

/** @param {Promise<Response>} asked */
async function loadSites(asked) {
  const response = await asked;
  if (!response.ok) throw new Error(String(response.status));
  const data = await response.json();
  const symbols = new Map(settings.programmes.map((programme) => [programme.key, programme.symbol]));
  sites = data.features.map((/** @type {any} */ feature) => asSite(feature, symbols, settings.states, ENGLISH));
}

/** A filtered link that names no place opens on its own sites. */
function frame() {
  if (place || !writeFilters(filters)) return;
  const points = chosen().flatMap((site) => (site.at ? [/** @type {[number, number]} */ ([site.at[1], site.at[0]])] : []));
  if (points.length) map.fitBounds(L.latLngBounds(points).pad(0.15), { maxZoom: 15 });
}

function nearMe() {
  const button = element('near');
  if (here) {
    here = null;
    button.setAttribute('aria-pressed', 'false');
    refreshList();
    return;
  }
  map.locate({ setView: true, maxZoom: 13 });
}

map.on('locationfound', (event) => {
  here = [event.latlng.lng, event.latlng.lat];
  element('near').setAttribute('aria-pressed', 'true');
  L.circleMarker(event.latlng, { radius: 8, color: '#fff', weight: 3, fillColor: '#1a73c9', fillOpacity: 1, interactive: false }).addTo(map);
  refreshList();
});
map.on('locationerror', () => {
  element('summary').textContent = gettext('This device does not say where it is.');
});
whenOpened(element('programmes'), refreshProgrammes);
element('near').addEventListener('click', nearMe);
search.addEventListener('input', () => {
  filters.q = search.value;
  layer.show(chosen());
  refreshPanel();
});

try {
  await loadSites(asked);
  frame();
  await pause();
  layer.show(chosen());
  await pause();
  refreshPanel();
  performance.mark('sites-drawn');
  map.on('moveend', follow);
  whenSettled(map, refreshList);
  document.body.dataset.ready = 'true';
} catch {
  element('summary').textContent = gettext('The sites could not be loaded. Check the connection and reload the page.');
}
