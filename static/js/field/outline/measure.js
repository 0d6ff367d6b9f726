// Length and area of what is being drawn, on the ellipsoid of CGCS2000 and along geodesics: the figures that the server
// will have (gis_projects/geo/measure.py). Source: Karney, Algorithms for geodesics, J. Geodesy 87 (2013) 43-55.

/**
 * @typedef {import('./shape.js').Kind} Kind
 * @typedef {import('./shape.js').Position} Position
 * @typedef {{length_m: number, area_m2: number}} Measured length_m: of a line, or around a polygon
 */

const [SEMI_MAJOR_M, FLATTENING] = [6_378_137, 1 / 298.257222101]; // GB 22021-2008
const M2_PER_MU = 10_000 / 15;

/** The library, once for a page: it is wanted by those who draw, and the list need not wait for it. @param {string} url */
export function loadGeodesic(url) {
  return loading ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => done(/** @type {any} */ (globalThis).geodesic);
    script.onerror = () => {
      loading = undefined;
      failed(new Error(url));
    };
    document.head.append(script);
  });
}

/** @type {Promise<any> | undefined} */
let loading;

/**
 * @param {any} library geographiclib-geodesic @param {Kind} kind @param {Position[]} vertices lon, lat in degrees; of a polygon
 *   its outer ring, without the first point again at its end
 * @param {Position[][]} [holes] rings as GeoJSON has them @returns {Measured} zeros for what is none yet
 */
export function measured(library, kind, vertices, holes = []) {
  if (kind === 'Point' || vertices.length < 2) return { length_m: 0, area_m2: 0 };
  const earth = new library.Geodesic.Geodesic(SEMI_MAJOR_M, FLATTENING);
  const outer = traverse(earth, vertices, kind === 'LineString');
  if (kind === 'LineString') return { length_m: outer.perimeter, area_m2: 0 };
  const inner = holes.reduce((sum, ring) => sum + Math.abs(traverse(earth, ring.slice(0, -1), false).area), 0);
  return { length_m: outer.perimeter, area_m2: Math.abs(outer.area) - inner };
}

/** @param {any} earth @param {Position[]} points @param {boolean} isLine @returns {{perimeter: number, area: number}} */
function traverse(earth, points, isLine) {
  const polygon = earth.Polygon(isLine);
  for (const [lon, lat] of points) polygon.AddPoint(lat, lon);
  return polygon.Compute(false, true);
}

/** 1 亩 is a fifteenth of a hectare. @param {number} area_m2 */
export function muOf(area_m2) { return area_m2 / M2_PER_MU; }
