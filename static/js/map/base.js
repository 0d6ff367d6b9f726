// The map itself: Leaflet behind one function, and the city's own ground (districts, reference layers) instead of a
// base map from outside.

import { ENGLISH, pick } from '../core/settings.js';
import { anchor } from '../core/geometry.js';
import { Labels } from './labels.js';
import { LayerStack } from './layer_stack.js';
import { loadJson } from '../net/json.js';

const DISTRICT_STYLE = { color: '#8b8474', weight: 1.2, dashArray: '6 4', fillColor: '#fbfaf5', fillOpacity: 1, interactive: false };
const DISTRICT_LOOK = { size: 14.5, colour: '#5a6570', halo: '#ffffff', haloWidth: 2, opacity: 1, below: false, weight: 600 };
const DISTRICT_LABEL_ZOOM = 8;

/**
 * An empty map over the city's bbox.
 * @param {HTMLElement} element @param {import('./../core/settings.js').MapSettings} settings
 */
export function createMap(element, settings) {
  const [west, south, east, north] = settings.bbox;
  const bounds = L.latLngBounds([south, west], [north, east]);
  const map = L.map(element, {
    zoomControl: false, maxBounds: bounds.pad(0.5), minZoom: 6, maxZoom: 19, preferCanvas: true,
    zoomSnap: 1, attributionControl: true,
  });
  map.attributionControl.setPrefix('');
  map.attributionControl.addAttribution(escapeHtml(pick(settings.attribution)));
  if (settings.approval) map.attributionControl.addAttribution(escapeHtml(settings.approval));
  L.control.zoom({ position: 'bottomright', zoomInTitle: gettext('Zoom in'), zoomOutTitle: gettext('Zoom out') }).addTo(map);
  L.control.scale({ imperial: false, updateWhenIdle: true, position: 'bottomleft' }).addTo(map);
  map.createPane('ground').style.zIndex = '210';
  map.createPane('selection').style.zIndex = '420';
  map.createPane('labels').style.zIndex = '450';
  map.getPane('labels')?.style.setProperty('pointer-events', 'none');
  map.fitBounds(bounds);
  return map;
}

/**
 * Draw the districts and the reference layers. Each comes on its own: a slow or missing one holds up nothing.
 * @param {L.Map} map @param {import('./../core/settings.js').MapSettings} settings
 * @param {string | null} chosen layers as an address keeps them, see core/layer_state.js
 */
export function drawGround(map, settings, chosen = null) {
  const labels = new Labels(map);
  if (settings.districts) {
    loadJson(settings.districts).then((data) => drawDistricts(map, data, labels)).catch((error) => console.warn(String(error)));
  }
  const stack = new LayerStack(map, settings, labels, chosen);
  // Maps that come and go with their screens are not for paper.
  if (!settings.screen_only) import('./printing.js').then(({ printable }) => printable(map, stack)).catch((error) => console.warn(String(error)));
  return stack;
}

/** @param {L.Map} map @param {any} data @param {Labels} labels */
function drawDistricts(map, data, labels) {
  const areas = L.geoJSON(data, { pane: 'ground', renderer: L.canvas({ pane: 'ground' }), style: () => DISTRICT_STYLE, interactive: false }).addTo(map);
  // Over a base map only their borders are drawn.
  const uncover = () => areas.setStyle({ fill: !map.getContainer().classList.contains('has-base') });
  map.on('groundchange', uncover);
  uncover();
  for (const feature of data.features) {
    const [at, { name, name_en: english }] = [anchor(feature.geometry), feature.properties];
    const text = (/** @type {number} */ zoom) => (zoom >= DISTRICT_LABEL_ZOOM ? (ENGLISH && english) || name : '');
    if (at) labels.add({ at, rank: 0, owner: map, text, look: () => DISTRICT_LOOK });
  }
  if (data.features.some((/** @type {any} */ feature) => feature.properties.is_schematic)) {
    map.attributionControl.addAttribution(gettext('District borders are schematic'));
  }
}

/** @param {string} text */
export function escapeHtml(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element.innerHTML;
}
