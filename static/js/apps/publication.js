// A site's surveyed geometry and the one that the public gets, on one map.

import { mapSettings } from '../core/settings.js';
import { createMap } from '../map/base.js';
import { outline } from '../map/outline.js';
import { groundWithLayers } from '../ui/layers_control.js';

const settings = mapSettings();
const map = createMap(/** @type {HTMLElement} */ (document.getElementById('map')), settings);
groundWithLayers(map, settings);

const inside = outline(settings.inside, { color: '#a3123f', weight: 3, dashArray: '7 6', fill: false, interactive: false }).addTo(map);
const bounds = inside.getBounds();
if (settings.outside) {
  const outside = outline(settings.outside, { color: '#0062a0', weight: 4, fillOpacity: 0.2, interactive: false }).addTo(map);
  bounds.extend(outside.getBounds());
}
map.fitBounds(bounds.pad(0.5), { maxZoom: 16 });
document.body.dataset.ready = 'true';
