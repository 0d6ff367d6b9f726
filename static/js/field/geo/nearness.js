// How far somebody stands from a site, over GeoJSON coordinates (lon, lat in degrees, WGS 84). On a plane that touches the
// ground where they stand: right to a per mille within some tens of kilometres, and further away nobody asks for more.

/** @typedef {[number, number]} Position */

const METRES_A_DEGREE = 111_195; // of a great circle on a sphere of 6 371 009 m

/**
 * Metres to the nearest point of the geometry; 0 within a polygon, Infinity when there is none.
 * @param {Position} from @param {any} geometry GeoJSON
 */
export function distanceTo(from, geometry) {
  const cosine = Math.cos((from[1] * Math.PI) / 180);
  const flat = (/** @type {Position} */ at) => /** @type {Position} */ ([(at[0] - from[0]) * METRES_A_DEGREE * cosine, (at[1] - from[1]) * METRES_A_DEGREE]);
  return toGeometry(geometry, (line) => line.map(flat));
}

/** Metres. @param {Position} a @param {Position} b */
export function metresBetween(a, b) { return distanceTo(a, { type: 'Point', coordinates: b }); }

/** @param {any} geometry @param {(line: Position[]) => Position[]} flat @returns {number} */
function toGeometry(geometry, flat) {
  const parts = geometry?.coordinates;
  const least = (/** @type {any[]} */ found) => Math.min(Infinity, ...found);
  switch (geometry?.type) {
    case 'Point': return toLine(flat([parts]));
    case 'MultiPoint': return least(parts.map((/** @type {Position} */ at) => toLine(flat([at]))));
    case 'LineString': return toLine(flat(parts));
    case 'MultiLineString': return least(parts.map((/** @type {Position[]} */ line) => toLine(flat(line))));
    case 'Polygon': return toPolygon(parts.map(flat));
    case 'MultiPolygon': return least(parts.map((/** @type {Position[][]} */ rings) => toPolygon(rings.map(flat))));
    case 'GeometryCollection': return least(geometry.geometries.map((/** @type {any} */ one) => toGeometry(one, flat)));
    default: return Infinity;
  }
}

/** From the origin. @param {Position[]} line */
function toLine(line) {
  if (line.length === 1) return Math.hypot(...line[0]);
  let best = Infinity;
  for (let at = 1; at < line.length; at += 1) best = Math.min(best, toSegment(line[at - 1], line[at]));
  return best;
}

/** @param {Position} a @param {Position} b */
function toSegment(a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, -(a[0] * dx + a[1] * dy) / length));
  return Math.hypot(a[0] + share * dx, a[1] + share * dy);
}

/** @param {Position[][]} rings */
function toPolygon(rings) {
  const isInside = rings.filter(holdsOrigin).length % 2 === 1;
  return isInside ? 0 : Math.min(...rings.map(toLine));
}

/** Whether a ray from the origin crosses the ring an odd number of times. @param {Position[]} ring */
function holdsOrigin(ring) {
  let isIn = false;
  for (let at = 1; at < ring.length; at += 1) {
    const [[ax, ay], [bx, by]] = [ring[at - 1], ring[at]];
    if (ay > 0 !== by > 0 && ax + (-ay / (by - ay)) * (bx - ax) > 0) isIn = !isIn;
  }
  return isIn;
}

/** Degrees clockwise from north, along the shortest way at its start. @param {Position} from @param {Position} to */
export function bearingDeg(from, to) {
  const rad = Math.PI / 180;
  const [a, b, turn] = [from[1] * rad, to[1] * rad, (to[0] - from[0]) * rad];
  const y = Math.sin(turn) * Math.cos(b);
  const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(turn);
  return (Math.atan2(y, x) / rad + 360) % 360;
}
