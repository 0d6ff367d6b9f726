// A file's features on the map, as they would lie there in one CRS or another.

import { createMap } from './base.js';
import { groundWithLayers } from '../ui/layers_control.js';

const STYLE = { color: '#a3123f', weight: 3, fillOpacity: 0.15 };
const UNDER = { color: '#fff', weight: 3, fill: false, className: 'site-under' };
// Where a few small plots would be lost among towns and borders.
const RING = { radius: 22, color: '#a3123f', weight: 3, fill: false, interactive: false };
const FOCUS_ZOOM = 13;
const PICTURE_ZOOM = 18;

/**
 * @typedef {object} View
 * @property {string} crs
 * @property {string} label
 * @property {string} name
 * @property {GeoJSON.FeatureCollection} features
 * @property {string} [picture] address of an image with north up, in web mercator
 * @property {[number, number, number, number]} [bounds] of the picture: west, south, east, north
 */

export class PreviewMap {
  /** @param {HTMLElement} element @param {import('../core/settings.js').MapSettings} settings */
  constructor(element, settings) {
    this.map = createMap(element, settings);
    groundWithLayers(this.map, settings);
    this.city = L.latLngBounds([settings.bbox[1], settings.bbox[0]], [settings.bbox[3], settings.bbox[2]]);
    this.group = L.featureGroup().addTo(this.map);
  }

  /** Show what a picture is expected to show: above it, whatever view is chosen. @param {GeoJSON.FeatureCollection} features */
  showUnder(features) {
    const pane = this.map.createPane('under');
    pane.style.zIndex = '450';
    // Not on the canvas of the others: a shadow lets a white line be seen on bright ground.
    const style = { ...UNDER, pane: 'under', renderer: L.svg({ pane: 'under' }) };
    L.geoJSON(features, {
      style: () => style,
      pointToLayer: (_feature, at) => L.circleMarker(at, { ...style, radius: 8 }),
      onEachFeature: (feature, layer) => {
        const words = document.createElement('span');
        words.textContent = feature.properties.label;
        layer.bindTooltip(words);
      },
    }).addTo(this.map);
  }

  /**
   * Show one view in place of the former one; whether all of it lies in the city.
   * @param {View} view @param {boolean} whole the city around it, so that one place can be told from another
   */
  show(view, whole) {
    this.group.clearLayers();
    if (view.picture && view.bounds) {
      const [west, south, east, north] = view.bounds;
      L.imageOverlay(view.picture, [[south, west], [north, east]]).addTo(this.group);
    }
    L.geoJSON(view.features, {
      style: () => (view.picture ? { ...STYLE, fill: false } : STYLE),
      pointToLayer: (_feature, at) => L.circleMarker(at, { ...STYLE, radius: 6 }),
      onEachFeature: (feature, layer) => {
        const words = document.createElement('span');
        words.textContent = `${feature.id} · ${feature.properties.label}`;
        layer.bindTooltip(words);
      },
    }).addTo(this.group);
    const bounds = this.group.getBounds();
    if (!bounds.isValid()) return false;
    const inside = this.city.contains(bounds);
    if (whole) L.circleMarker(bounds.getCenter(), RING).addTo(this.group);
    // Far from the city only the distance tells something: both are shown.
    const city = L.latLngBounds(this.city.getSouthWest(), this.city.getNorthEast());
    const frame = inside && !whole ? bounds.pad(view.picture ? 0.5 : 1) : city.extend(bounds);
    this.map.setMaxBounds(frame.pad(1));
    this.map.fitBounds(frame, { maxZoom: view.picture ? PICTURE_ZOOM : FOCUS_ZOOM, animate: false });
    return inside;
  }
}
