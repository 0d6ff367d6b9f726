// A layer of vector tiles (MVT), drawn in its style on canvases by protomaps-leaflet. This module and the library are
// fetched when the first such layer is on: most pages never need them.

import { TilePainter, CellPainter } from './tile_painter.js';
import { TileNames } from './tile_names.js';
import { ENGLISH } from '../core/settings.js';
import { leafletLayer } from '../vendor/protomaps-leaflet/tiles.js';

const TOUCH_PX = 10;

/** @typedef {import('./geojson_layer.js').DrawnLayer} DrawnLayer */

/** @implements {DrawnLayer} */
export class TileLayer {
  /**
   * @param {L.Map} map @param {string} pane @param {import('../core/style.js').Style} style @param {string} key
   * @param {any} tilejson TileJSON 3.0; its first address may be an archive that is here (PMTiles)
   */
  constructor(map, pane, style, key, tilejson) {
    this.map = map;
    this.key = key;
    this.fields = tilejson.vector_layers?.find((/** @type {any} */ { id }) => id === key)?.fields ?? {};
    /** @type {any[] | null} */
    this.filter = null;
    const keep = () => this.filter;
    const drawn = style.layers.filter((layer) => layer.type !== 'symbol');
    const named = style.layers.filter((layer) => layer.type === 'symbol');
    const cells = new CellPainter(drawn[0]);
    const [west, south, east, north] = tilejson.bounds ?? [-180, -85, 180, 85];
    this.layer = leafletLayer({
      url: tilejson.tiles[0], maxDataZoom: tilejson.maxzoom, maxZoom: 22, pane, attribution: '', noWrap: true,
      bounds: [[south, west], [north, east]], lang: ENGLISH ? 'en' : 'zh-Hans', updateWhenZooming: false,
      paintRules: [
        { dataLayer: `${key}_cells`, symbolizer: cells },
        ...drawn.map((layer) => rule(key, new TilePainter(layer, keep))),
      ],
      labelRules: [
        ...named.map((layer) => rule(key, new TileNames(layer, keep))),
        { dataLayer: `${key}_cells`, symbolizer: cells },
      ],
    });
    this.show(true);
  }

  /** @param {boolean} on */
  show(on) {
    if (on) this.layer.addTo(this.map);
    else this.layer.remove();
  }

  /** @param {any[] | null} filter a condition of docs/styles.md, besides the style's own */
  setFilter(filter) {
    this.filter = filter;
    this.layer.clearLayout();
    this.layer.rerenderTiles();
  }

  columns() {
    return new Map(Object.entries(this.fields).map(([name, kind]) => [name, kind === 'Number']));
  }

  /** @param {L.LatLng} at @returns {import('./geojson_layer.js').Hit[]} */
  hits(at) {
    if (!this.map.hasLayer(this.layer)) return [];
    const zoom = this.map.getZoom();
    const picked = this.layer.queryTileFeaturesDebug(at.lng, at.lat, TOUCH_PX).get('') ?? [];
    return picked.filter((/** @type {any} */ one) => one.layerName === this.key && this.isShown(one.feature, zoom))
      .reverse().map((/** @type {any} */ { feature }) => ({ id: feature.id, properties: feature.props }));
  }

  /** @param {any} feature @param {number} zoom */
  isShown(feature, zoom) {
    return this.layer.paintRules.some((/** @type {any} */ { filter }) => filter?.(zoom, feature));
  }

  remove() {
    this.layer.remove();
  }
}

/** @param {string} key @param {TilePainter | TileNames} symbolizer */
function rule(key, symbolizer) {
  return { dataLayer: key, symbolizer, filter: (/** @type {number} */ zoom, /** @type {any} */ feature) => symbolizer.takes(zoom, feature) };
}
