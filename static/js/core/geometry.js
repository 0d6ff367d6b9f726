// Small geometry over GeoJSON coordinates (lon, lat in degrees).

/** @typedef {[number, number]} Position */

/**
 * The point that stands for a geometry on a small map: itself, halfway along a line, the middle of a polygon.
 * @param {any} geometry GeoJSON
 * @returns {Position | null}
 */
export function anchor(geometry) {
  switch (geometry?.type) {
    case 'Point': return geometry.coordinates;
    case 'MultiPoint': return geometry.coordinates[0];
    case 'LineString': return halfway(geometry.coordinates);
    case 'MultiLineString': return halfway(longest(geometry.coordinates));
    case 'Polygon': return centroid(geometry.coordinates[0]);
    case 'MultiPolygon': return centroid(longest(geometry.coordinates.map((/** @type {any} */ part) => part[0])));
    default: return null;
  }
}

/**
 * Great-circle distance in metres on a sphere of 6 371 009 m: for "how far from me", not for totals.
 * @param {Position} a @param {Position} b
 */
export function distanceM(a, b) {
  const rad = Math.PI / 180;
  const h = Math.sin(((b[1] - a[1]) * rad) / 2) ** 2
    + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[0] - a[0]) * rad) / 2) ** 2;
  return 2 * 6371009 * Math.asin(Math.sqrt(h));
}

/** @param {Position[][]} parts */
function longest(parts) {
  return parts.reduce((best, part) => (part.length > best.length ? part : best), parts[0] ?? []);
}

/** @param {Position[]} line @returns {Position} */
function halfway(line) {
  const lengths = line.slice(1).map((point, index) => distanceM(line[index], point));
  let rest = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [index, length] of lengths.entries()) {
    if (rest <= length && length > 0) {
      const [from, to, share] = [line[index], line[index + 1], rest / length];
      return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    }
    rest -= length;
  }
  return line[0];
}

/** @param {Position[]} ring @returns {Position} */
function centroid(ring) {
  const [x0, y0] = ring[0];
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i < ring.length - 1; i += 1) {
    const [ax, ay, bx, by] = [ring[i][0] - x0, ring[i][1] - y0, ring[i + 1][0] - x0, ring[i + 1][1] - y0];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area === 0 ? ring[0] : [x0 + x / (3 * area), y0 + y / (3 * area)];
}
