// The page of one site: its place on the map, the swipe between its scenes, the slider between its photographs.

import { ENGLISH, mapSettings } from '../core/settings.js';
import { anchor } from '../core/geometry.js';
import { createMap, drawGround } from '../map/base.js';
import { shapeStyle } from '../map/site_layer.js';
import { addChange } from '../map/change_layer.js';
import { addScenePair } from '../map/swipe.js';
import { siteIcon } from '../map/site_icon.js';
import { makeCompare } from '../ui/compare.js';

for (const element of document.querySelectorAll('.compare')) makeCompare(/** @type {HTMLElement} */ (element));

// On a narrow screen the track is longer than the page: show where the site stands.
const track = document.querySelector('.track');
const current = /** @type {HTMLElement | null} */ (track?.querySelector('.is-current') ?? null);
if (track && current) track.scrollLeft = current.offsetLeft - track.clientWidth / 2;

const settings = mapSettings();
const frame = document.getElementById('map');
if (frame) {
  const map = createMap(frame, settings);
  drawGround(map, settings);
  drawSite(map, settings.site);
  const [pair] = settings.scenes ?? [];
  if (pair) {
    const [west, south, east, north] = pair.before.bounds;
    map.fitBounds([[south, west], [north, east]]);
    addScenePair(map, pair);
    if (settings.change) addChange(map, settings.change, L.geoJSON(settings.site.geometry).getBounds());
  }
  document.body.dataset.ready = 'true';
}

/** @param {L.Map} map @param {any} site */
function drawSite(map, site) {
  if (!site?.geometry) return;
  const outlineOnly = (settings.scenes ?? []).length > 0;
  if (site.geometry.type === 'Point') {
    const [lon, lat] = site.geometry.coordinates;
    pin(map, site, lon, lat);
    map.setView([lat, lon], 14);
    return;
  }
  const style = { ...shapeStyle(site), ...(outlineOnly ? { fill: false, color: '#fff', weight: 2.5 } : {}) };
  const shape = L.geoJSON(site.geometry, { style: () => style, interactive: false }).addTo(map);
  map.fitBounds(shape.getBounds().pad(0.6), { maxZoom: 15 });
  const at = anchor(site.geometry);
  if (at && !outlineOnly) pin(map, site, at[0], at[1]);
}

/** @param {L.Map} map @param {any} site @param {number} lon @param {number} lat */
function pin(map, site, lon, lat) {
  const symbol = settings.programmes.find(({ key }) => key === site.programme)?.symbol ?? 'circle';
  const name = (ENGLISH && site.name_en) || site.name;
  L.marker([lat, lon], { icon: siteIcon(symbol, site.phase), title: name, alt: name, keyboard: false, interactive: false }).addTo(map);
}
