// Sites around an inspector, over the city's own ground. The ground comes as GeoJSON that the worker keeps; an archive of
// vector tiles would be drawn here instead of `drawGround`, with nothing else to change.

import { anchor } from '../../core/geometry.js';
import { createMap, drawGround } from '../../map/base.js';
import { siteIcon } from '../../map/site_icon.js';
import { PHASE_COLOURS } from '../../map/symbols.js';
import { drawWay } from './way.js';
import { ENGLISH } from '../../core/settings.js';

const MANY = 150; // so many markers with a pictogram and a glyph at once; more are discs on the canvas
const TOUCH_PX = 14;

export class FieldMap {
  /** @param {HTMLElement} element @param {any} settings @param {(id: string) => void} open */
  constructor(element, settings, open) {
    this.element = element;
    this.open = open;
    this.isFollowing = false;
    /** called when the hand takes the map over */
    this.released = () => {};
    this.map = createMap(element, settings);
    drawGround(this.map, settings);
    this.canvas = L.canvas({ tolerance: TOUCH_PX });
    this.marks = L.layerGroup().addTo(this.map);
    this.me = L.layerGroup().addTo(this.map);
    /** @type {L.Polyline | null} */
    this.walked = null;
    /** @type {any[]} */
    this.sites = [];
    /** @type {Map<string, string>} */
    this.symbols = new Map();
    this.shown = '';
    this.map.on('moveend', () => this.draw());
    this.map.on('dragstart', () => this.follow(false));
    this.resizes = new ResizeObserver(() => this.map.invalidateSize());
    this.resizes.observe(element);
  }

  remove() {
    this.resizes.disconnect();
    this.map.remove();
  }

  /** @param {any[]} sites @param {Map<string, string>} symbols by programme */
  show(sites, symbols) {
    const told = sites.map((site) => `${site.id}${site.revision}${site.phase}`).join();
    if (told === this.shown) return;
    const isFirst = this.shown === '';
    Object.assign(this, { shown: told, sites, symbols });
    if (isFirst && sites.length) this.map.fitBounds(L.latLngBounds(sites.map(placeOf).filter((at) => at !== null)).pad(0.1));
    this.draw();
  }

  draw() {
    this.marks.clearLayers();
    const view = this.map.getBounds().pad(0.1);
    const seen = this.sites.map((site) => ({ site, at: placeOf(site) })).filter(({ at }) => at && view.contains(at));
    for (const { site, at } of seen) this.mark(site, /** @type {[number, number]} */ (at), seen.length <= MANY);
  }

  /** @param {any} site @param {[number, number]} at lat, lon @param {boolean} isFew */
  mark(site, at, isFew) {
    const name = (ENGLISH && site.name_en) || site.name;
    if (isFew && site.geometry.type !== 'Point') {
      L.geoJSON(site.geometry, { style: () => ({ color: PHASE_COLOURS[site.phase], weight: 3, fillOpacity: 0.15 }), interactive: false }).addTo(this.marks);
    }
    const mark = isFew
      ? L.marker(at, { icon: siteIcon(this.symbols.get(site.programme) ?? 'circle', site.phase), title: name, alt: name })
      : L.circleMarker(at, { renderer: this.canvas, radius: 7, color: '#fff', weight: 1.5, fillColor: PHASE_COLOURS[site.phase], fillOpacity: 1 });
    mark.on('click', () => this.open(site.id)).addTo(this.marks);
  }

  /** Where somebody has walked. @param {import('../store/types.js').TrackRow | null} track */
  way(track) { this.walked = drawWay(this.map, this.walked, track); }

  /** @param {boolean} wanted */
  follow(wanted) {
    if (wanted === this.isFollowing) return;
    this.isFollowing = wanted;
    if (!wanted) this.released();
  }

  /** Where the tablet is, with the circle that it may be anywhere in. @param {import('../geo/average.js').Place | null} place @param {number | null} heading */
  stand(place, heading) {
    this.me.clearLayers();
    if (!place) return;
    L.circle([place.lat, place.lon], { radius: place.accuracy, color: '#1a73c9', weight: 1, fillOpacity: 0.15, interactive: false }).addTo(this.me);
    L.circleMarker([place.lat, place.lon], { radius: 8, color: '#fff', weight: 3, fillColor: '#1a73c9', fillOpacity: 1, interactive: false }).addTo(this.me);
    if (heading !== null) this.arrow(place, heading);
    if (this.isFollowing) this.map.setView([place.lat, place.lon], Math.max(this.map.getZoom(), 15));
  }

  /** @param {{lat: number, lon: number}} place @param {number} heading */
  arrow(place, heading) {
    const html = `<svg width="40" height="40" viewBox="-20 -20 40 40"><path transform="rotate(${heading})" d="M0-18l6 9h-12z" fill="#1a73c9" stroke="#fff"/></svg>`;
    L.marker([place.lat, place.lon], { icon: L.divIcon({ className: 'heading', html, iconSize: [40, 40] }), interactive: false, keyboard: false }).addTo(this.me);
  }
}

/** @param {any} site @returns {[number, number] | null} lat, lon */
function placeOf(site) {
  const at = anchor(site.geometry);
  return at && [at[1], at[0]];
}
