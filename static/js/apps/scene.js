// One scene on the map, with its opacity in the reader's hand.

import { mapSettings } from '../core/settings.js';
import { createMap } from '../map/base.js';
import { groundWithLayers } from '../ui/layers_control.js';

const settings = mapSettings();
const map = createMap(/** @type {HTMLElement} */ (document.getElementById('map')), settings);
groundWithLayers(map, settings);
const scene = settings.scene;
if (scene) {
  const [west, south, east, north] = scene.bounds;
  /** @type {L.LatLngBoundsLiteral} */
  const bounds = [[south, west], [north, east]];
  // Above the ground, which would cover the map's own pane of tiles.
  map.createPane('scene').style.zIndex = '310';
  const tiles = L.tileLayer(scene.tiles, { pane: 'scene', bounds, minZoom: 6, maxZoom: 20, className: 'scene-tiles' }).addTo(map);
  map.fitBounds(bounds);
  const opacity = /** @type {HTMLInputElement} */ (document.getElementById('opacity'));
  opacity.addEventListener('input', () => tiles.setOpacity(Number(opacity.value) / 100));
}
document.body.dataset.ready = 'true';
