// Drawing one site's geometry with Leaflet and Geoman; the result is GeoJSON in a form's hidden field.

const MODES = { Point: 'drawMarker', LineString: 'drawPolyline', Polygon: 'drawPolygon' };

/**
 * Put an editable geometry on a map.
 * @param {HTMLElement} element where the map goes
 * @param {HTMLInputElement} input holds the geometry as GeoJSON, EPSG:4326 lon/lat
 * @param {string[]} kinds the geometry kinds that the programme allows
 */
export function drawOn(element, input, kinds) {
  const map = L.map(element, { attributionControl: false }).setView([47.35, 124.3], 8);
  L.control.scale({ imperial: false }).addTo(map);
  const group = L.geoJSON(undefined, { pointToLayer: (_feature, at) => L.marker(at) }).addTo(map);
  if (input.value) {
    group.addData(JSON.parse(input.value));
    map.fitBounds(group.getBounds().pad(0.4), { maxZoom: 16 });
  }
  const controls = { drawMarker: false, drawPolyline: false, drawPolygon: false };
  for (const kind of kinds) controls[MODES[kind]] = true;
  map.pm.setLang(document.documentElement.lang.startsWith('zh') ? 'zh' : 'en');
  map.pm.addControls({
    position: 'topleft', drawCircle: false, drawCircleMarker: false, drawRectangle: false, drawText: false,
    cutPolygon: false, rotateMode: false, ...controls,
  });
  const write = () => {
    const layers = group.getLayers();
    const last = layers.at(-1);
    input.value = last ? JSON.stringify(last.toGeoJSON().geometry) : '';

  };
  const follow = (layer) => layer.on('pm:edit pm:dragend pm:markerdragend pm:vertexremoved', write);
  group.eachLayer(follow);
  map.on('pm:create', ({ layer }) => {
    // One site has one geometry: a new drawing replaces the former one.
    group.clearLayers();
    group.addLayer(layer);
    follow(layer);
    write();
  });
  map.on('pm:remove', ({ layer }) => {
    group.removeLayer(layer);
    write();
  });
  return map;
}
