// A small layer, whole, drawn in its style by Leaflet on a canvas of its own.

import { anchor } from '../core/geometry.js';
import { isInside, isNearLine } from '../core/hit.js';
import { ENGLISH } from '../core/settings.js';
import { followsZoom, isDrawn, kindOf, passes, valueOf } from '../core/style.js';

const TOUCH_PX = 10;
const LOOKED_AT = 200;

/**
 * @typedef {import('../core/style.js').StyleLayer} StyleLayer
 * @typedef {{id: string | number, properties: Record<string, any>}} Hit
 * @typedef {{show: (on: boolean) => void, setFilter: (filter: any[] | null) => void, hits: (at: L.LatLng) => Hit[], columns: () => Map<string, boolean>,
 *   remove: () => void}} DrawnLayer what the stack knows of a layer, however it is drawn; columns: whether each holds numbers
 */

/** @implements {DrawnLayer} */
export class GeoJsonLayer {
  /**
   * @param {L.Map} map @param {string} pane @param {import('../core/style.js').Style} style
   * @param {any[]} features GeoJSON @param {import('./labels.js').Labels} labels @param {number} rank of its names
   */
  constructor(map, pane, style, features, labels, rank) {
    this.map = map;
    this.pane = pane;
    this.style = style;
    this.labels = labels;
    this.rank = rank;
    this.subjects = features.filter((feature) => feature.geometry).map((feature) => ({
      feature, properties: feature.properties, geometry: kindOf(feature.geometry.type), zoom: 0, english: ENGLISH,
    }));
    this.group = L.layerGroup().addTo(map);
    this.renderer = L.canvas({ pane, padding: 0.3 });
    /** @type {any[] | null} */
    this.filter = null;
    this.on = true;
    this.drawn = '';
    this.redraw = () => this.draw();
    map.on('zoomend', this.redraw);
    this.draw();
  }

  /** @param {boolean} on */
  show(on) {
    this.on = on;
    this.draw(true);
  }

  /** @param {any[] | null} filter a condition of docs/styles.md, besides the style's own */
  setFilter(filter) {
    this.filter = filter;
    this.draw(true);
  }

  /** Anew when another zoom shows something else, or when asked. @param {boolean} anew */
  draw(anew = false) {
    const zoom = this.map.getZoom();
    const layers = this.on ? this.style.layers.filter((layer) => isDrawn(layer, zoom)) : [];
    const moves = layers.some((layer) => Object.values({ ...layer.paint, ...layer.layout }).some(followsZoom));
    const now = `${this.style.layers.map((layer) => (layers.includes(layer) ? 1 : 0)).join('')}${moves ? zoom : ''}`;
    if (!anew && now === this.drawn) return;
    this.drawn = now;
    this.group.clearLayers();
    this.labels.remove(this);
    for (const layer of layers) {
      if (layer.type === 'symbol') this.addNames(layer);
      else this.addShapes(layer);
    }
  }

  /** @param {StyleLayer} layer */
  shown(layer) {
    const zoom = this.map.getZoom();
    return this.subjects.filter((subject) => {
      subject.zoom = zoom;
      return passes(layer, subject) && (!this.filter || passes({ type: layer.type, filter: this.filter }, subject));
    });
  }

  /** @param {StyleLayer} layer */
  addShapes(layer) {
    const styles = new Map(this.shown(layer).map((subject) => [subject.feature, pathOf(layer, subject)]));
    const common = { pane: this.pane, renderer: this.renderer, interactive: false };
    L.geoJSON(/** @type {any} */ ([...styles.keys()]), {
      ...common, style: (feature) => styles.get(feature) ?? {},
      pointToLayer: (feature, at) => L.circleMarker(at, { ...styles.get(feature), ...common }),
    }).addTo(this.group);
  }

  /** @param {StyleLayer} layer */
  addNames(layer) {
    for (const subject of this.shown(layer)) {
      const at = anchor(subject.feature.geometry);
      if (!at) continue;
      const of = (/** @type {number} */ zoom) => ({ ...subject, zoom });
      const isPoint = subject.geometry === 'Point';
      this.labels.add({
        at, rank: this.rank, owner: this,
        text: (zoom) => (isDrawn(layer, zoom) ? valueOf(layer, 'text-field', of(zoom)) : ''),
        look: (zoom) => textLook(layer, of(zoom), isPoint),
      });
    }
  }

  columns() {
    /** @type {Map<string, boolean>} */
    const found = new Map();
    for (const { properties } of this.subjects.slice(0, LOOKED_AT)) {
      for (const [name, value] of Object.entries(properties)) if (value !== null) found.set(name, typeof value === 'number');
    }
    return found;
  }

  /** What lies under a place, the last drawn first. @param {L.LatLng} at */
  hits(at) {
    if (!this.on) return [];
    const layers = this.style.layers.filter((layer) => layer.type !== 'symbol' && isDrawn(layer, this.map.getZoom()));
    const point = this.map.latLngToContainerPoint(at);
    const found = this.subjects.filter((subject) => layers.some((layer) => passes(layer, subject))
      && (!this.filter || passes({ type: 'symbol', filter: this.filter }, subject)) && this.touches(point, subject.feature.geometry));
    return found.reverse().map(({ feature }) => ({ id: feature.id, properties: feature.properties }));
  }

  /** @param {L.Point} at @param {any} geometry @returns {boolean} */
  touches(at, geometry) {
    const pixel = (/** @type {number[]} */ [lon, lat]) => this.map.latLngToContainerPoint([lat, lon]);
    const { type, coordinates } = geometry;
    if (type === 'GeometryCollection') return geometry.geometries.some((/** @type {any} */ one) => this.touches(at, one));
    if (type.startsWith('Multi')) return coordinates.some((/** @type {any} */ part) => this.touches(at, { type: type.slice(5), coordinates: part }));
    if (type === 'Point') return pixel(coordinates).distanceTo(at) <= TOUCH_PX;
    if (type === 'LineString') return isNearLine(at, coordinates.map(pixel), TOUCH_PX);
    return isInside(at, coordinates.map((/** @type {number[][]} */ ring) => ring.map(pixel)));
  }

  remove() {
    this.map.off('zoomend', this.redraw);
    this.labels.remove(this);
    this.group.remove();
    this.renderer.remove();
  }
}

/** @param {StyleLayer} layer @param {import('../core/style.js').Subject} subject @returns {L.CircleMarkerOptions & L.PathOptions} */
function pathOf(layer, subject) {
  const value = (/** @type {string} */ name) => valueOf(layer, name, subject);
  if (layer.type === 'circle') {
    const [width, opacity] = [value('circle-stroke-width'), value('circle-opacity')];
    return {
      radius: value('circle-radius'), fillColor: value('circle-color'), fillOpacity: opacity, fill: true,
      stroke: width > 0, color: value('circle-stroke-color'), weight: width, opacity,
    };
  }
  if (layer.type === 'line') {
    const [width, dashes] = [value('line-width'), layer.paint?.['line-dasharray']];
    return {
      fill: false, color: value('line-color'), weight: width, opacity: value('line-opacity'), lineCap: value('line-cap'),
      lineJoin: value('line-join'), dashArray: dashes?.map((/** @type {number} */ part) => part * width).join(' '), stroke: width > 0,
    };
  }
  const outline = value('fill-outline-color');
  const opacity = value('fill-opacity');
  return { fill: true, fillColor: value('fill-color'), fillOpacity: opacity, stroke: Boolean(outline), color: outline, weight: 1, opacity };
}

/** @param {StyleLayer} layer @param {import('../core/style.js').Subject} subject @param {boolean} isPoint */
function textLook(layer, subject, isPoint) {
  const value = (/** @type {string} */ name) => valueOf(layer, name, subject);
  return {
    size: value('text-size'), colour: value('text-color'), halo: value('text-halo-color'), haloWidth: value('text-halo-width'),
    opacity: value('text-opacity'), below: isPoint && value('text-anchor') === 'top',
  };
}
