// Drawing one site's geometry with Leaflet and Geoman; the result is GeoJSON in a form's hidden field.

import { createMap } from './base.js';
import { siteIcon } from './site_icon.js';
import { groundWithLayers } from '../ui/layers_control.js';

/** @type {Record<string, string>} */
const MODES = { Point: 'drawMarker', LineString: 'drawPolyline', Polygon: 'drawPolygon' };
// Our own: Leaflet looks for its pictures beside its style sheet, under names that hashing has changed.
const PIN = siteIcon('circle', 'working');
const CHANGES = 'pm:edit pm:dragend pm:markerdragend pm:vertexremoved';

/**
 * Put an editable geometry on a map.
 * @param {HTMLElement} element where the map goes
 * @param {HTMLInputElement} input holds the geometry as GeoJSON, EPSG:4326 lon/lat
 * @param {string[]} kinds the geometry kinds that the programme allows
 * @param {import('../core/settings.js').MapSettings} settings
 */
export function drawOn(element, input, kinds, settings) {
  const map = createMap(element, settings);
  groundWithLayers(map, settings);
  const group = L.geoJSON(undefined, { pointToLayer: (_feature, at) => L.marker(at, { icon: PIN }) }).addTo(map);
  if (input.value) {
    group.addData(JSON.parse(input.value));
    map.fitBounds(group.getBounds().pad(0.4), { maxZoom: 16 });
  }
  addTools(map, kinds);
  const write = () => {
    const last = /** @type {L.Polyline | undefined} */ (group.getLayers().at(-1));
    input.value = last ? JSON.stringify(last.toGeoJSON().geometry) : '';
  };
  /** @param {L.Layer} layer */
  const follow = (layer) => layer.on(CHANGES, write);
  group.eachLayer(follow);
  map.on('pm:create', (/** @type {any} */ { layer }) => {
    // One site has one geometry: a new drawing replaces the former one.
    group.clearLayers();
    group.addLayer(layer);
    follow(layer);
    write();
  });
  map.on('pm:remove', (/** @type {any} */ { layer }) => {
    group.removeLayer(layer);
    write();
  });
  return map;
}

/** @param {L.Map} map @param {string[]} kinds */
function addTools(map, kinds) {
  /** @type {Record<string, boolean>} */
  const controls = { drawMarker: false, drawPolyline: false, drawPolygon: false };
  for (const kind of kinds) controls[MODES[kind]] = true;
  map.pm.setGlobalOptions({ markerStyle: { draggable: true, icon: PIN } });
  map.pm.setLang(document.documentElement.lang.startsWith('zh') ? 'zh' : 'en');
  map.pm.addControls({
    position: 'topleft', drawCircle: false, drawCircleMarker: false, drawRectangle: false, drawText: false,
    cutPolygon: false, rotateMode: false, ...controls,
  });
}
