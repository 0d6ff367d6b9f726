// The map itself: Leaflet behind one function, and the city's own ground (districts, rivers, towns) instead of a
// base map from outside.

import { ENGLISH, pick } from '../core/settings.js';
import { anchor } from '../core/geometry.js';

const DISTRICT_STYLE = { color: '#8b8474', weight: 1.2, dashArray: '6 4', fillColor: '#fbfaf5', fillOpacity: 1, interactive: false };
const RIVER_STYLE = { color: '#7fb4d8', weight: 4, opacity: 0.9, interactive: false };
const TOWN_ZOOM = 10;
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
  L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);
  map.createPane('ground').style.zIndex = '210';
  map.createPane('water').style.zIndex = '220';
  map.createPane('labels').style.zIndex = '450';
  map.getPane('labels')?.style.setProperty('pointer-events', 'none');
  map.fitBounds(bounds);
  return map;
}

/**
 * Draw districts, rivers and towns. Each comes on its own: a slow or missing one holds up nothing.
 * @param {L.Map} map @param {import('./../core/settings.js').MapSettings} settings
 */
export function drawGround(map, settings) {
  const labels = new Labels(map);
  if (settings.districts) {
    load(settings.districts, (data) => drawDistricts(map, data, labels));
  }
  for (const layer of settings.layers) load(layer.url, (data) => drawReference(map, layer, data, labels));
}

/** @param {string} url @param {(data: any) => void} draw */
async function load(url, draw) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  draw(await response.json());
}

/** @param {L.Map} map @param {any} data @param {Labels} labels */
function drawDistricts(map, data, labels) {
  L.geoJSON(data, { pane: 'ground', renderer: L.canvas({ pane: 'ground' }), style: () => DISTRICT_STYLE, interactive: false }).addTo(map);
  for (const feature of data.features) labels.add(feature, 'district', DISTRICT_LABEL_ZOOM);
  if (data.features.some((/** @type {any} */ feature) => feature.properties.is_schematic)) {
    map.attributionControl.addAttribution(gettext('District borders are schematic'));
  }
}

/** @param {L.Map} map @param {import('./../core/settings.js').ReferenceLayer} layer @param {any} data @param {Labels} labels */
function drawReference(map, layer, data, labels) {
  const points = data.features.filter((/** @type {any} */ feature) => feature.geometry?.type === 'Point');
  const shapes = data.features.filter((/** @type {any} */ feature) => feature.geometry && feature.geometry.type !== 'Point');
  if (shapes.length) {
    L.geoJSON(/** @type {any} */ ({ type: 'FeatureCollection', features: shapes }), {
      pane: 'water', renderer: L.canvas({ pane: 'water' }), style: () => ({ ...RIVER_STYLE, ...layer.style }), interactive: false,
    }).addTo(map);
    for (const feature of shapes) labels.add(feature, 'river', DISTRICT_LABEL_ZOOM);
  }
  for (const feature of points) labels.add(feature, 'town', Number(layer.style.min_zoom ?? TOWN_ZOOM));
}

/** Names on the ground that leave room for each other: a name that would cover an earlier one is not drawn. */
class Labels {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
    /** @type {{at: [number, number], name: string, kind: string, zoom: number}[]} */
    this.names = [];
    this.planned = 0;
    map.on('moveend', () => this.plan());
  }

  /** @param {any} feature @param {string} kind @param {number} zoom */
  add(feature, kind, zoom) {
    const at = anchor(feature.geometry);
    const { name, name_en: english } = feature.properties;
    if (at && name) this.names.push({ at, name: (ENGLISH && english) || name, kind, zoom });
    this.plan();
  }

  plan() {
    cancelAnimationFrame(this.planned);
    this.planned = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.group.clearLayers();
    const [zoom, view] = [this.map.getZoom(), this.map.getBounds().pad(0.1)];
    /** @type {{x: number, y: number, w: number}[]} */
    const taken = [];
    const order = ['district', 'river', 'town'];
    const names = this.names.filter((label) => zoom >= label.zoom && view.contains([label.at[1], label.at[0]]));
    for (const label of names.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) {
      const point = this.map.latLngToContainerPoint([label.at[1], label.at[0]]);
      const w = label.name.length * (ENGLISH ? 7 : 14);
      if (taken.some((other) => Math.abs(other.x - point.x) < (other.w + w) / 2 && Math.abs(other.y - point.y) < 18)) continue;
      taken.push({ x: point.x, y: point.y, w });
      const html = `<span>${escapeHtml(label.name)}</span>`;
      const icon = L.divIcon({ className: `place-label ${label.kind}`, html, iconSize: [0, 0] });
      L.marker([label.at[1], label.at[0]], { icon, pane: 'labels', interactive: false, keyboard: false }).addTo(this.group);
    }
  }
}

/** @param {string} text */
export function escapeHtml(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element.innerHTML;
}
