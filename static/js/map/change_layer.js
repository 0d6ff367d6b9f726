// The change between the scenes of a pair, laid over both of them when somebody asks for it.

// Above both sides of the swipe (310 and 311) and below the site's outline.
const ABOVE_SCENES = '320';

/**
 * A switch in the map's corner; nothing is fetched before it is on.
 * @param {L.Map} map @param {string} tiles address with {z}, {x} and {y} @param {L.LatLngBounds} bounds of the site
 */
export function addChange(map, tiles, bounds) {
  map.createPane('change').style.zIndex = ABOVE_SCENES;
  const layer = L.tileLayer(tiles, { pane: 'change', bounds, minZoom: 6, maxZoom: 20, maxNativeZoom: 18, className: 'scene-tiles' });
  const label = document.createElement('label');
  label.className = 'change-toggle';
  const input = document.createElement('input');
  input.type = 'checkbox';
  input.addEventListener('change', () => { if (input.checked) layer.addTo(map); else layer.remove(); });
  label.append(input, gettext('Change of vegetation (NDVI)'));
  const control = new L.Control({ position: 'bottomleft' });
  control.onAdd = () => label;
  control.addTo(map);
  L.DomEvent.disableClickPropagation(label);
}
