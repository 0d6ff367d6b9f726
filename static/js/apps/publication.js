// A site's surveyed geometry and the one that the public gets, on one map.

import { mapSettings } from '../core/settings.js';
import { createMap, drawGround } from '../map/base.js';

const settings = mapSettings();
const map = createMap(/** @type {HTMLElement} */ (document.getElementById('map')), settings);
drawGround(map, settings);

/** @param {any} geometry @param {L.PathOptions} style */
function draw(geometry, style) {
  return L.geoJSON(geometry, {
    style: () => style, interactive: false, pointToLayer: (_feature, at) => L.circleMarker(at, { ...style, radius: 8 }),
  }).addTo(map);
}

const inside = draw(settings.inside, { color: '#a3123f', weight: 3, dashArray: '7 6', fill: false });
const bounds = inside.getBounds();
if (settings.outside) {
  bounds.extend(draw(settings.outside, { color: '#0062a0', weight: 4, fillOpacity: 0.2 }).getBounds());
}
map.fitBounds(bounds.pad(0.5), { maxZoom: 16 });
document.body.dataset.ready = 'true';
