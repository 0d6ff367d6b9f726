// A base map from outside under everything else. One that cannot be loaded is told of once, and the map goes on.

import { ENGLISH } from '../core/settings.js';
import { toGcj02 } from '../core/gcj02.js';

/** @typedef {import('../core/base_map.js').BaseMap} BaseMap */

const PANE = 'base-map';
/** @type {Promise<any> | null} */
let library = null;

export class BaseMapLayer {
  /** @param {L.Map} map @param {string} archiveLibrary address of what reads archives @param {() => void} failed told once for each base map */
  constructor(map, archiveLibrary, failed) {
    this.map = map;
    this.archiveLibrary = archiveLibrary;
    this.failed = failed;
    this.pane = map.createPane(PANE);
    this.pane.style.zIndex = '205';
    /** @type {L.Layer[]} */
    this.layers = [];
    /** @type {BaseMap | undefined} */
    this.base = undefined;
    map.on('move zoomend viewreset', () => this.align());
  }

  /** @param {BaseMap | undefined} base undefined for none */
  async choose(base) {
    for (const layer of this.layers) layer.remove();
    this.layers = [];
    for (const line of credits(this.base)) this.map.attributionControl.removeAttribution(line);
    this.base = base;
    this.map.getContainer().classList.toggle('has-base', Boolean(base));
    this.map.fire('groundchange');
    if (!base) return;
    for (const line of credits(base)) this.map.attributionControl.addAttribution(line);
    this.align();
    this.layers = base.type === 'pmtiles' ? await this.archive(base) : base.urls.map((url) => this.tiles(base, url));
    if (this.base === base) for (const layer of this.layers) layer.addTo(this.map);
  }

  /** @param {BaseMap} base @param {string} url */
  tiles(base, url) {
    const layer = new (base.gcj02 ? ShiftedTiles : L.TileLayer)(url, {
      pane: PANE, minZoom: base.minzoom, maxNativeZoom: base.maxzoom, maxZoom: 22, subdomains: base.subdomains.length ? base.subdomains : 'abc',
      // Keys for browsers are bound to the site's name, which our pages else keep to themselves.
      referrerPolicy: 'origin',
    });
    this.tellOnce(layer, base);
    return layer;
  }

  /** @param {BaseMap} base */
  async archive(base) {
    try {
      const { leafletLayer } = await loadArchiveLibrary(this.archiveLibrary);
      const lang = ENGLISH ? 'en' : 'zh-Hans';
      return [leafletLayer({ url: base.urls[0], flavor: 'light', lang, attribution: '', pane: PANE, maxDataZoom: base.maxzoom, maxZoom: 22 })];
    } catch {
      this.failed();
      return [];
    }
  }

  /** @param {L.TileLayer} layer @param {BaseMap} base */
  tellOnce(layer, base) {
    let told = false;
    layer.on('tileload', () => { told = true; });
    layer.on('tileerror', () => {
      if (!told && this.base === base) this.failed();
      told = true;
    });
  }

  /** The pane of a shifted map stands as far back as its tiles lie ahead. */
  align() {
    if (!this.base) return;
    const offset = this.base.gcj02 ? offsetPx(this.map, this.map.getCenter(), this.map.getZoom()) : L.point(0, 0);
    L.DomUtil.setPosition(this.pane, offset.multiplyBy(-1).round());
  }
}

/** protomaps-leaflet with its style and its reader of archives, once for a page. @param {string} url of the classic script @returns {Promise<any>} */
function loadArchiveLibrary(url) {
  library ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => done(/** @type {any} */ (globalThis).protomapsL);
    script.onerror = () => {
      library = null;
      failed(new Error(url));
    };
    document.head.append(script);
  });
  return library;
}

/** Tiles of a map whose places lie where GCJ-02 has them. */
const ShiftedTiles = L.TileLayer.extend({
  /** @param {L.LatLng} centre */
  _getTiledPixelBounds(centre) {
    const bounds = /** @type {any} */ (L.TileLayer.prototype)._getTiledPixelBounds.call(this, centre);
    const offset = offsetPx(this._map, centre, this._tileZoom);
    return L.bounds(bounds.min.add(offset), bounds.max.add(offset));
  },
});

/** @param {L.Map} map @param {L.LatLng} at @param {number} zoom */
function offsetPx(map, at, zoom) {
  const [lon, lat] = toGcj02(at.lng, at.lat);
  return map.project([lat, lon], zoom).subtract(map.project(at, zoom));
}

/** @param {BaseMap | undefined} base */
function credits(base) {
  return base ? [base.attribution, base.approval].filter(Boolean).map(plain) : [];
}

/** @param {string} text */
function plain(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element.innerHTML;
}
