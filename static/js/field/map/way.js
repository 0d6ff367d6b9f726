// A way that was walked, as a line on a map.

const STYLE = { color: '#8e24aa', weight: 4, opacity: 0.85, dashArray: '2 7', interactive: false, className: 'way' };

/** @param {L.Map} map @param {L.Polyline | null} line as it was drawn @param {import('../store/types.js').TrackRow | null} track @returns {L.Polyline | null} as it is drawn now */
export function drawWay(map, line, track) {
  if (!track) {
    line?.remove();
    return null;
  }
  const places = track.points.map(([lon, lat]) => L.latLng(lat, lon));
  return line ? line.setLatLngs(places) : L.polyline(places, STYLE).addTo(map);
}
