// WGS 84 to GCJ-02, the shifted coordinates of Chinese web maps: only to shift such a map on the screen, never data.
// The same formula as gis_projects/geo/gcj02.py, which says where it comes from.

const [A, EE] = [6378245, 0.006693421622965943];
const RAD = Math.PI / 180;

/** @param {number} lon @param {number} lat degrees @returns {[number, number]} lon, lat */
export function toGcj02(lon, lat) {
  if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lon, lat];
  const [x, y] = [lon - 105, lat - 35];
  const magic = 1 - EE * Math.sin(lat * RAD) ** 2;
  const root = Math.sqrt(Math.abs(x));
  const both = waves(x, [[20, 6], [20, 2]]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    + waves(x, [[20, 1], [40, 1 / 3]]) + waves(x, [[150, 1 / 12], [300, 1 / 30]]);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    + waves(y, [[20, 1], [40, 1 / 3]]) + waves(y, [[160, 1 / 12], [320, 1 / 30]]);
  return [
    lon + (east * Math.sqrt(magic)) / (A * Math.cos(lat * RAD)) / RAD,
    lat + (north * magic * Math.sqrt(magic)) / (A * (1 - EE)) / RAD,
  ];
}

/** @param {number} value @param {number[][]} terms height and pace */
function waves(value, terms) {
  return (terms.reduce((sum, [height, pace]) => sum + height * Math.sin(value * Math.PI * pace), 0) * 2) / 3;
}
