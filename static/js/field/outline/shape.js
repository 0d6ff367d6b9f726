// The geometry that somebody is drawing: its vertices, and what can be wrong with them. Pure functions over GeoJSON
// coordinates (RFC 7946: lon, lat in degrees, WGS 84).

/**
 * @typedef {'Point' | 'LineString' | 'Polygon'} Kind
 * @typedef {[number, number]} Position
 * @typedef {'' | 'few' | 'crosses'} Flaw
 */

const LEAST = { Point: 1, LineString: 2, Polygon: 3 };
const DIGITS = 1e7; // a centimetre

/** @param {Position} at @returns {Position} */
export function rounded([lon, lat]) { return [Math.round(lon * DIGITS) / DIGITS, Math.round(lat * DIGITS) / DIGITS]; }

/** @param {any} geometry @returns {{vertices: Position[], holes: Position[][]} | null} null for what has several parts */
export function verticesOf(geometry) {
  switch (geometry?.type) {
    case 'Point': return { vertices: [geometry.coordinates.slice(0, 2)], holes: [] };
    case 'LineString': return { vertices: geometry.coordinates.map(flat), holes: [] };
    case 'Polygon': return { vertices: geometry.coordinates[0].slice(0, -1).map(flat), holes: geometry.coordinates.slice(1) };
    default: return null;
  }
}

/** @param {number[]} at @returns {Position} */
function flat([lon, lat]) { return [lon, lat]; }

/** @param {Kind} kind @param {Position[]} vertices @param {Position[][]} holes @returns {any} GeoJSON */
export function geometryOf(kind, vertices, holes) {
  if (kind === 'Point') return { type: kind, coordinates: vertices[0] };
  if (kind === 'LineString') return { type: kind, coordinates: vertices };
  return { type: kind, coordinates: [[...vertices, vertices[0]], ...holes] };
}

/** Why it cannot be saved yet. @param {Kind} kind @param {Position[]} vertices @returns {Flaw} */
export function flawOf(kind, vertices) {
  if (vertices.length < LEAST[kind]) return 'few';
  return kind === 'Polygon' && crosses(vertices) ? 'crosses' : '';
}

/** Whether the ring meets itself anywhere but where its edges join. @param {Position[]} ring not closed */
export function crosses(ring) {
  const count = ring.length;
  const edge = (/** @type {number} */ at) => [ring[at], ring[(at + 1) % count]];
  for (let one = 0; one < count; one += 1) {
    for (let other = one + 2; other < count; other += 1) {
      if (one === 0 && other === count - 1) continue; // neighbours around the end
      const [[a, b], [c, d]] = [edge(one), edge(other)];
      if (meet(a, b, c, d)) return true;
    }
  }
  return false;
}

/** @param {Position} a @param {Position} b @param {Position} c @param {Position} d */
function meet(a, b, c, d) {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (abc !== abd && cda !== cdb) return true;
  return (abc === 0 && within(a, b, c)) || (abd === 0 && within(a, b, d)) || (cda === 0 && within(c, d, a)) || (cdb === 0 && within(c, d, b));
}

/** @param {Position} a @param {Position} b @param {Position} c @returns {number} 1 left of a–b, -1 right of it, 0 on it */
function side(a, b, c) { return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])); }

/** @param {Position} a @param {Position} b @param {Position} c on the line through a and b */
function within(a, b, c) {
  return Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);
}

/** Every vertex of a geometry, of whatever type. @param {any} geometry @returns {Position[]} */
export function everyVertex(geometry) {
  const depth = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 }[/** @type {string} */ (geometry?.type)];
  if (depth === undefined) return [];
  return depth === 0 ? [geometry.coordinates] : geometry.coordinates.flat(depth - 1);
}
