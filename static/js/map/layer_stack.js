// The reference layers of a map: each in a pane of its own, so that order, opacity and swiping are the pane's.

import { GeoJsonLayer } from './geojson_layer.js';
import { outline } from './outline.js';
import { loadJson } from '../net/json.js';
import { readLayers } from '../core/layer_state.js';
import { pick } from '../core/settings.js';

// More features come as tiles; fewer are quicker whole.
export const MOST_WHOLE = 2000;
const FEATURES_ZOOM = 11;
const LOWEST_PANE = 221;
const CHOSEN = { color: '#1a73c9', weight: 4, opacity: 1, fill: false, pane: 'selection' };

/**
 * @typedef {import('../core/settings.js').ReferenceLayer} ReferenceLayer
 * @typedef {import('../core/layer_state.js').LayerState} LayerState
 * @typedef {Partial<ReferenceLayer> & {key: string, name: import('../core/settings.js').Names, scene?: import('../core/settings.js').Scene}} Spec
 *   a reference layer, or a scene
 * @typedef {{layer: ReferenceLayer, id: string | number, properties: Record<string, any>}} Found layer: where it is of
 */

export class LayerStack {
  /**
   * @param {L.Map} map @param {import('../core/settings.js').MapSettings} settings @param {import('./labels.js').Labels} labels
   * @param {string | null} chosen what the address says of order and opacity: a layer that it turns off is not asked for
   */
  constructor(map, settings, labels, chosen = null) {
    this.map = map;
    this.labels = labels;
    this.credits = settings.attribution;
    this.carried = settings.carried;
    const scenes = settings.imagery ?? [];
    /** @type {Map<string, Spec>} */
    this.specs = new Map([...settings.layers, ...scenes].map((spec) => [spec.key, spec]));
    /** The top one first. @type {LayerState[]} */
    this.states = [
      ...settings.layers.map(({ key }) => ({ key, on: true, opacity: 1 })).reverse(),
      ...scenes.map(({ key }) => ({ key, on: false, opacity: 1 })),
    ];
    /** As they are without anybody's choice. @type {LayerState[]} */
    this.known = this.states.map((state) => ({ ...state }));
    /** @type {Map<string, Promise<import('./geojson_layer.js').DrawnLayer | null>>} */
    this.drawn = new Map();
    /** @type {Map<string, import('./geojson_layer.js').DrawnLayer>} */
    this.ready = new Map();
    /** @type {L.GeoJSON | null} */
    this.chosen = null;
    this.apply(readLayers(chosen, this.known));
  }

  /** Order, opacity and what is on, all at once. @param {LayerState[]} states the top one first */
  apply(states) {
    this.states = states;
    for (const [index, { key, on, opacity }] of states.entries()) {
      const pane = this.pane(key);
      pane.style.zIndex = String(LOWEST_PANE + states.length - index);
      pane.style.opacity = String(opacity);
      if (on || this.drawn.has(key)) this.layer(key).then((layer) => layer?.show(this.isOn(key)));
    }
  }

  /** Only features that meet the condition. @param {string} key @param {any[] | null} filter of docs/styles.md */
  async setFilter(key, filter) {
    (await this.layer(key))?.setFilter(filter);
  }

  /** What a layer's features have, and whether it is numbers; empty until it is loaded. @param {string} key @returns {Map<string, boolean>} */
  columns(key) {
    return this.ready.get(key)?.columns() ?? new Map();
  }

  /** @param {string} key */
  isOn(key) {
    return this.states.some((state) => state.key === key && state.on);
  }

  /** @param {string} key @returns {HTMLElement} */
  pane(key) {
    return this.map.getPane(`layer-${key}`) ?? this.map.createPane(`layer-${key}`);
  }

  /** Loaded when it is first on; null when it cannot be. @param {string} key */
  layer(key) {
    const spec = this.specs.get(key);
    let found = this.drawn.get(key);
    if (!spec) return Promise.resolve(null);
    if (!found) {
      found = this.load(spec).catch(() => null);
      this.drawn.set(key, found);
    }
    return found;
  }

  /** @param {Spec} given */
  async load(given) {
    if (given.scene) return this.imagery(given.scene, given.key);
    const spec = /** @type {ReferenceLayer} */ (given);
    const made = spec.count > MOST_WHOLE ? await this.tiled(spec) : await this.whole(spec);
    this.ready.set(spec.key, made);
    this.map.fire('layerready');
    if (spec.attribution && !this.isCredited(spec.attribution)) this.map.attributionControl.addAttribution(plain(spec.attribution));
    return made;
  }

  /** Pages without imagery, the tablets' among them, carry none of this. @param {import('../core/settings.js').Scene} scene @param {string} key */
  async imagery(scene, key) {
    const [{ SceneLayer }, { sceneTiles }] = await Promise.all([import('./scene_layer.js'), import('./swipe.js')]);
    return new SceneLayer(this.map, sceneTiles(scene, `layer-${key}`));
  }

  /** Whether the city's own line names the source already. @param {string} attribution */
  isCredited(attribution) {
    return this.credits.some((line) => line.includes(attribution.split(',')[0]));
  }

  /** @param {ReferenceLayer} spec */
  async whole(spec) {
    const data = await loadJson(spec.url);
    const rank = 1 + this.states.findIndex(({ key }) => key === spec.key);
    return new GeoJsonLayer(this.map, `layer-${spec.key}`, spec.style, data.features, this.labels, rank);
  }

  /** @param {ReferenceLayer} spec */
  async tiled(spec) {
    const described = async () => (await this.carried?.(spec.key)) ?? loadJson(spec.tilejson);
    const [tilejson, { TileLayer }] = await Promise.all([described(), import('./tile_layer.js')]);
    return new TileLayer(this.map, `layer-${spec.key}`, spec.style, spec.key, tilejson);
  }

  /** Draw a layer in another style. @param {string} key @param {import('../core/style.js').Style} style */
  async restyle(key, style) {
    const spec = this.specs.get(key);
    if (!spec) return;
    this.specs.set(key, { ...spec, style });
    const former = this.drawn.get(key);
    this.drawn.delete(key);
    (await former)?.remove();
    (await this.layer(key))?.show(this.isOn(key));
  }

  /** Bring a layer into view: all of it, or of a large one as much as shows its features. @param {string} key */
  async frame(key) {
    const spec = this.specs.get(key);
    if (!spec?.tilejson) return;
    const { bounds } = await loadJson(spec.tilejson);
    if (!bounds) return;
    this.map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], { animate: false, maxZoom: 14 });
    if ((spec.count ?? 0) > MOST_WHOLE && this.map.getZoom() < FEATURES_ZOOM) this.map.setZoom(FEATURES_ZOOM, { animate: false });
  }

  /** What lies under a place, the top layer first. @param {L.LatLng} at @returns {Found[]} */
  at(at) {
    return this.states.filter(({ on }) => on).flatMap(({ key }) => {
      const layer = /** @type {ReferenceLayer} */ (this.specs.get(key));
      return (this.ready.get(key)?.hits(at) ?? []).map((hit) => ({ layer, ...hit }));
    });
  }

  /**
   * Exactly what was pressed, from the server, and its outline on the map: tiles are coarse.
   * @param {Found} found
   */
  async choose(found) {
    this.release();
    const feature = await loadJson(found.layer.feature.replace('__id__', encodeURIComponent(String(found.id))));
    if (feature.geometry) this.chosen = outline(feature.geometry, CHOSEN, 11).addTo(this.map);
    return { ...found, properties: feature.properties };
  }

  release() {
    this.chosen?.remove();
    this.chosen = null;
  }
}

/** A reader's name for it. @param {Found} found */
export function nameOf({ layer, id, properties }) {
  return properties.name || `${pick(layer.name)} ${id}`;
}

/** @param {string} text */
function plain(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element.innerHTML;
}
