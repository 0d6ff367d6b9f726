// One geometry in one style, whatever its kind; points as circles.

/**
 * @param {any} geometry GeoJSON, lon/lat @param {L.PathOptions} style
 * @param {number} radius of a point, in pixels
 */
export function outline(geometry, style, radius = 8) {
  return L.geoJSON(geometry, {
    style: () => style, interactive: false, pointToLayer: (_feature, at) => L.circleMarker(at, { ...style, radius }),
  });
}
