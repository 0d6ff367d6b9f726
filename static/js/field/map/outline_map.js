// Drawing by finger: a tap sets a vertex, a drag moves one, and both snap to the vertices of the sites around.

import { createMap, drawGround } from '../../map/base.js';
import { PHASE_COLOURS } from '../../map/symbols.js';
import { drawWay } from './way.js';
import { everyVertex } from '../outline/shape.js';

/**
 * @typedef {import('../outline/shape.js').Position} Position
 * @typedef {import('../store/types.js').OutlineDraft} OutlineDraft
 */

const SNAP_PX = 24; // half a target
const HANDLE_PX = 48;
const MOST_HANDLES = 120;
const NEIGHBOURS_FROM = 12; // zoom
const CLOSE_ZOOM = 17;

export class OutlineMap {
  /**
   * @param {HTMLElement} element @param {any} settings
   * @param {{add: (place: Position) => void, move: (at: number, place: Position) => void, pick: (at: number) => void}} hand
   */
  constructor(element, settings, hand) {
    this.element = element;
    this.hand = hand;
    this.map = createMap(element, settings);
    drawGround(this.map, settings);
    /** @type {L.Polyline | null} */
    this.walked = null;
    /** @type {any[]} */
    this.sites = [];
    /** @type {L.LatLng[]} vertices of the sites in view */
    this.corners = [];
    this.around = L.layerGroup().addTo(this.map);
    this.drawn = L.layerGroup().addTo(this.map);
    this.me = L.layerGroup().addTo(this.map);
    this.map.on('click', (/** @type {any} */ { latlng }) => hand.add(positionOf(this.snapped(latlng))));
    this.map.on('moveend', () => this.surround());
    this.resizes = new ResizeObserver(() => this.map.invalidateSize());
    this.resizes.observe(element);
  }

  remove() {
    this.resizes.disconnect();
    this.map.remove();
  }

  /** Where to begin. @param {Position[]} vertices @param {{lon: number, lat: number} | null} place */
  begin(vertices, place) {
    if (vertices.length > 1) this.map.fitBounds(L.latLngBounds(vertices.map(latLngOf)).pad(0.4), { maxZoom: CLOSE_ZOOM, animate: false });
    else if (vertices.length || place) this.map.setView(vertices.length ? latLngOf(vertices[0]) : [/** @type {any} */ (place).lat, /** @type {any} */ (place).lon], CLOSE_ZOOM, { animate: false });
  }

  /** @param {any[]} sites the others */
  neighbours(sites) {
    this.sites = sites;
    this.surround();
  }

  surround() {
    this.around.clearLayers();
    this.corners = [];
    if (this.map.getZoom() < NEIGHBOURS_FROM) return;
    const view = this.map.getBounds().pad(0.2);
    for (const site of this.sites) {
      const inView = everyVertex(site.geometry).map(latLngOf).filter((at) => view.contains(at));
      if (!inView.length) continue;
      this.corners.push(...inView);
      const style = { color: PHASE_COLOURS[site.phase], weight: 2, fillOpacity: 0.1, radius: 6, interactive: false };
      L.geoJSON(site.geometry, { style: () => style, pointToLayer: (_feature, at) => L.circleMarker(at, style) }).addTo(this.around);
    }
  }

  /** @param {OutlineDraft} draft @param {number} chosen the vertex that is picked, -1 for none */
  show(draft, chosen) {
    this.drawn.clearLayers();
    const line = draft.vertices.map(latLngOf);
    const style = { color: '#e53935', weight: 4, fillOpacity: 0.15, interactive: false };
    if (draft.kind === 'LineString') L.polyline(line, style).addTo(this.drawn);
    if (draft.kind === 'Polygon') L.polygon([line, ...draft.holes.map((ring) => ring.map(latLngOf))], style).addTo(this.drawn);
    const view = this.map.getBounds().pad(0.1);
    const seen = line.map((at, index) => ({ at, index })).filter(({ at }) => view.contains(at));
    const handled = seen.length > MOST_HANDLES ? seen.filter(({ index }) => index === line.length - 1) : seen;
    for (const { at, index } of handled) this.handle(at, index, index === chosen);
  }

  /** @param {L.LatLng} at @param {number} index @param {boolean} isChosen */
  handle(at, index, isChosen) {
    const name = interpolate(gettext('Point %(number)s'), { number: index + 1 }, true);
    const icon = L.divIcon({ className: `vertex${isChosen ? ' is-chosen' : ''}`, iconSize: [HANDLE_PX, HANDLE_PX] });
    const marker = L.marker(at, { icon, draggable: true, title: name, alt: name, autoPan: true }).addTo(this.drawn);
    marker.on('click', () => this.hand.pick(index));
    marker.on('dragend', () => this.hand.move(index, positionOf(this.snapped(marker.getLatLng()))));
  }

  /** The nearest neighbour's vertex, where a finger cannot tell the two apart. @param {L.LatLng} at */
  snapped(at) {
    const finger = this.map.latLngToContainerPoint(at);
    let [best, near] = [at, SNAP_PX];
    for (const corner of this.corners) {
      const away = finger.distanceTo(this.map.latLngToContainerPoint(corner));
      if (away < near) [best, near] = [corner, away];
    }
    return best;
  }

  /** What lies under the cross. @returns {Position} */
  middle() { return positionOf(this.snapped(this.map.getCenter())); }

  /** @param {import('../geo/average.js').Place | null} place */
  stand(place) {
    this.me.clearLayers();
    if (!place) return;
    L.circle([place.lat, place.lon], { radius: place.accuracy, color: '#1a73c9', weight: 1, fillOpacity: 0.15, interactive: false }).addTo(this.me);
    L.circleMarker([place.lat, place.lon], { radius: 7, color: '#fff', weight: 3, fillColor: '#1a73c9', fillOpacity: 1, interactive: false }).addTo(this.me);
  }

  /** @param {import('../store/types.js').TrackRow | null} track */
  way(track) { this.walked = drawWay(this.map, this.walked, track); }

  /** @param {Position} place */
  pan([lon, lat]) { if (!this.map.getBounds().pad(-0.1).contains([lat, lon])) this.map.panTo([lat, lon]); }
}

/** @param {Position} at */
function latLngOf([lon, lat]) { return L.latLng(lat, lon); }

/** @param {L.LatLng} at @returns {Position} */
function positionOf({ lat, lng }) { return [lng, lat]; }
