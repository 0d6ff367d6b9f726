// Sites on the map: a marker each where there is room, a counted ring where there is not, and their shapes once
// they are large enough to be seen.

import { gather } from './cells.js';
import { flatMarker } from './flat_marker.js';
import { siteIcon } from './site_icon.js';
import { PHASE_COLOURS, PHASE_DASHES, cell } from './symbols.js';
import { DrawnView, Kept } from './settled.js';
import { anchor } from '../core/geometry.js';

const CELL_PX = 58;
const SHAPE_MIN_PX = 12;
const ALONE_ZOOM = 17;

/**
 * @typedef {{
 *   id: string, name: string, programme: string, phase: string, district: string | null, search: string, symbol: string,
 *   state: string, progress: number, has_photo: boolean, has_pair: boolean, has_scenes: boolean,
 *   geometry: any, at: [number, number] | null,
 * }} MapSite at: lon, lat of its marker; null when the public may not know where it is
 */

export class SiteLayer {
  /**
   * @param {L.Map} map
   * @param {(site: MapSite) => HTMLElement} popup
   */
  constructor(map, popup) {
    this.map = map;
    this.popup = popup;
    /** @type {MapSite[]} */
    this.sites = [];
    this.markers = new Kept(L.layerGroup().addTo(map));
    this.renderer = L.canvas({ padding: 0.3, tolerance: 8 });
    this.shapes = new Kept(L.layerGroup().addTo(map));
    this.drawn = new DrawnView(map, 0.4);
    /** @type {Map<string, L.Marker>} */
    this.byId = new Map();
    map.on('moveend', () => { if (!this.drawn.covers()) this.draw(); });
  }

  /** @param {MapSite[]} sites those that pass the filters */
  show(sites) {
    this.sites = sites;
    this.draw();
  }

  draw() {
    const view = this.drawn.take();
    const positioned = this.sites.flatMap((site) => (site.at && view.contains([site.at[1], site.at[0]]) ? [this.project(site)] : []));
    const size = this.map.getZoom() >= ALONE_ZOOM ? 1 : CELL_PX;
    const found = gather(positioned, size);
    const single = found.flatMap(({ items }) => (items.length === 1 ? [items[0].site] : []));
    this.markers.keep([
      ...single.map((site) => /** @type {const} */ ([`${site.id} ${site.phase} ${site.symbol}`, () => this.pin(site)])),
      ...found.filter(({ items }) => items.length > 1).map((cell) => this.cellPin(cell)),
    ]);
    this.byId = new Map(single.map((site) => [site.id, /** @type {L.Marker} */ (this.markers.get(`${site.id} ${site.phase} ${site.symbol}`))]));
    this.shapes.keep(this.visibleShapes(view).map((site) => /** @type {const} */ ([`${site.id} ${site.phase}`, () => this.shape(site)])));
  }

  /** @param {MapSite} site */
  project(site) {
    const [lon, lat] = /** @type {[number, number]} */ (site.at);
    const point = this.map.project([lat, lon]);
    return { site, px: point.x, py: point.y };
  }

  /** @param {MapSite} site */
  pin(site) {
    const [lon, lat] = /** @type {[number, number]} */ (site.at);
    const pin = flatMarker([lat, lon], { icon: siteIcon(site.symbol, site.phase), title: site.name, alt: site.name, riseOnHover: true });
    onPress(pin, () => this.open(site));
    return pin;
  }

  /**
   * A cell's key and how it is made. The same cell is one of the same sites: at the same place, with the same counts.
   * @param {import('./cells.js').Cell<{site: MapSite, px: number, py: number}>} found
   * @returns {readonly [string, () => L.Marker]}
   */
  cellPin(found) {
    /** @type {Map<string, number>} */
    const counts = new Map(Object.keys(PHASE_COLOURS).map((phase) => [phase, 0]));
    for (const { site } of found.items) counts.set(site.phase, (counts.get(site.phase) ?? 0) + 1);
    const key = `${this.map.getZoom()} ${found.x.toFixed(2)} ${found.y.toFixed(2)} ${[...counts.values()].join('-')}`;
    return [key, () => this.makeCell(found, counts)];
  }

  /** @param {import('./cells.js').Cell<{site: MapSite, px: number, py: number}>} found @param {Map<string, number>} counts by phase */
  makeCell(found, counts) {
    const drawn = cell(counts, found.items.length);
    const icon = L.divIcon({ className: 'cell-marker', html: drawn.html, iconSize: [drawn.size, drawn.size] });
    const title = interpolate(gettext('%(count)s sites: zoom in'), { count: found.items.length }, true);
    const pin = flatMarker(this.map.unproject([found.x, found.y]), { icon, title, alt: title });
    onPress(pin, () => this.enter(found.items.map((item) => item.site)));
    return pin;
  }

  /** Come closer to a cell's sites. @param {MapSite[]} sites */
  enter(sites) {
    const bounds = L.latLngBounds(sites.map((site) => /** @type {[number, number]} */ ([site.at?.[1] ?? 0, site.at?.[0] ?? 0])));
    const zoom = Math.min(this.map.getBoundsZoom(bounds.pad(0.2)), ALONE_ZOOM);
    this.map.setView(bounds.getCenter(), Math.max(zoom, this.map.getZoom() + 1));
  }

  /** Those that are large enough to be seen. @param {L.LatLngBounds} view */
  visibleShapes(view) {
    const perPixel = 360 / (256 * 2 ** this.map.getZoom());
    return this.sites.filter((site) => {
      if (!site.geometry || site.geometry.type === 'Point') return false;
      const box = boxOf(site);
      return Math.max(box[2] - box[0], box[3] - box[1]) / perPixel >= SHAPE_MIN_PX
        && view.intersects([[box[1], box[0]], [box[3], box[2]]]);
    });
  }

  /** @param {MapSite} site */
  shape(site) {
    const shape = L.geoJSON(site.geometry, { style: () => shapeStyle(site), renderer: this.renderer, interactive: true, bubblingMouseEvents: false });
    return shape.on('click', (event) => this.open(site, event.latlng));
  }

  /** Open a site's popup. @param {MapSite} site @param {L.LatLng} [at] */
  open(site, at) {
    if (!site.at) return;
    const [lon, lat] = site.at;
    const offset = at || !this.byId.has(site.id) ? L.point(0, 0) : L.point(0, -14);
    L.popup({ offset, maxWidth: 300, autoPanPadding: [20, 40] })
      .setLatLng(at ?? [lat, lon]).setContent(this.popup(site)).openOn(this.map);
  }

  /** Bring a site into the middle and open it. @param {MapSite} site */
  focus(site) {
    if (!site.at) return;
    this.map.setView([site.at[1], site.at[0]], Math.max(this.map.getZoom(), 15));
    this.open(site);
  }

  /** @param {string} id @param {boolean} lit */
  light(id, lit) {
    this.byId.get(id)?.getElement()?.classList.toggle('is-lit', lit);
  }
}

/** By pointer, finger, Enter or space. @param {L.Marker} pin @param {() => void} act */
function onPress(pin, act) {
  pin.on('click', act);
  pin.on('keydown', (event) => {
    const { key } = /** @type {L.LeafletKeyboardEvent} */ (event).originalEvent;
    if (key === 'Enter' || key === ' ') act();
  });
}

/** @param {{phase: string, geometry: any}} site */
export function shapeStyle(site) {
  const isLine = String(site.geometry?.type).endsWith('LineString');
  const colour = PHASE_COLOURS[site.phase];
  return {
    color: colour, weight: isLine ? 4 : 2, dashArray: PHASE_DASHES[site.phase],
    fill: !isLine, fillColor: colour, fillOpacity: site.phase === 'planned' ? 0.12 : 0.3,
  };
}

/** @type {WeakMap<object, number[]>} */
const boxes = new WeakMap();

/** west, south, east, north in degrees. @param {MapSite} site */
function boxOf(site) {
  const known = boxes.get(site.geometry);
  if (known) return known;
  const box = [180, 90, -180, -90];
  for (const [lon, lat] of positions(site.geometry.coordinates)) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  boxes.set(site.geometry, box);
  return box;
}

/** @param {any[]} coordinates @returns {Generator<[number, number]>} */
function* positions(coordinates) {
  if (typeof coordinates[0] === 'number') yield /** @type {[number, number]} */ (coordinates);
  else for (const part of coordinates) yield* positions(part);
}

/**
 * @param {any} feature GeoJSON of a site @param {Map<string, string>} symbols by programme
 * @param {Record<string, [string, string]>} states @param {boolean} english
 * @returns {MapSite}
 */
export function asSite(feature, symbols, states, english) {
  const p = feature.properties;
  const names = states[p.state] ?? ['', ''];
  return {
    id: feature.id, name: (english && p.name_en) || p.name, programme: p.programme, phase: p.phase, district: p.district,
    search: p.search, symbol: symbols.get(p.programme) ?? 'circle', state: (english && names[1]) || names[0], progress: p.progress,
    has_photo: p.has_photo, has_pair: p.has_pair, has_scenes: p.has_scenes, geometry: feature.geometry, at: anchor(feature.geometry),
  };
}
