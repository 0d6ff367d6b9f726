// When and where a photograph was taken, as its camera wrote it down. Source: JEITA CP-3451 (Exif 2.3) §4.6.5 (time), §4.6.6 (GPS).

import { exifOf } from './exif.js';

/**
 * @typedef {{at: Date | null, lon: number | null, lat: number | null, bearing_deg: number | null}} Facts WGS 84, degrees
 * @typedef {{view: DataView, little: boolean, start: number}} Tiff
 */

const [EXIF_IFD, GPS_IFD, TAKEN, OFFSET] = [0x8769, 0x8825, 0x9003, 0x9011];
const [LAT_REF, LAT, LON_REF, LON, DIRECTION_REF, DIRECTION] = [1, 2, 3, 4, 16, 17];
const BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8]; // by type, Exif 2.3 §4.6.2
const [ASCII, SHORT, LONG, RATIONAL] = [2, 3, 4, 5];

/** Nulls for what it does not say, or says wrong. @param {Uint8Array} jpeg @returns {Facts} */
export function factsOf(jpeg) {
  const nothing = { at: null, lon: null, lat: null, bearing_deg: null };
  const segment = exifOf(jpeg);
  if (!segment || segment.length < 18) return nothing;
  const view = new DataView(segment.buffer, segment.byteOffset + 10, segment.length - 10); // behind marker, length, "Exif\0\0"
  const tiff = { view, little: view.getUint16(0) === 0x4949, start: 0 };
  try {
    const main = directory(tiff, view.getUint32(4, tiff.little));
    const exif = directory(tiff, main.get(EXIF_IFD)?.[0]);
    const gps = directory(tiff, main.get(GPS_IFD)?.[0]);
    return { at: timeOf(exif.get(TAKEN), exif.get(OFFSET)), ...placeOf(gps) };
  } catch {
    return nothing; // a directory that points out of its segment
  }
}

/** @param {Tiff} tiff @param {any} at @returns {Map<number, any>} text, or a list of numbers, by tag */
function directory({ view, little }, at) {
  const found = new Map();
  if (typeof at !== 'number') return found;
  const count = view.getUint16(at, little);
  for (let entry = 0; entry < count; entry += 1) {
    const place = at + 2 + 12 * entry;
    const [tag, type, length] = [view.getUint16(place, little), view.getUint16(place + 2, little), view.getUint32(place + 4, little)];
    const bytes = (BYTES[type] ?? 0) * length;
    if (!bytes || bytes > 4096) continue;
    const value = bytes > 4 ? view.getUint32(place + 8, little) : place + 8;
    found.set(tag, valueOf(view, little, type, length, value));
  }
  return found;
}

/** @param {DataView} view @param {boolean} little @param {number} type @param {number} length @param {number} at */
function valueOf(view, little, type, length, at) {
  if (type === ASCII) return String.fromCharCode(...Array.from({ length }, (_, index) => view.getUint8(at + index))).replace(/\0.*$/, '').trim();
  return Array.from({ length }, (_, index) => {
    if (type === SHORT) return view.getUint16(at + 2 * index, little);
    if (type === LONG) return view.getUint32(at + 4 * index, little);
    if (type === RATIONAL) return view.getUint32(at + 8 * index, little) / view.getUint32(at + 8 * index + 4, little);
    return NaN;
  });
}

/** Without an offset it is the tablet's own time zone. @param {any} text "2026:11:24 10:30:00" @param {any} offset "+08:00" */
function timeOf(text, offset) {
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(String(text ?? ''));
  if (!parts) return null;
  const zone = /^[+-]\d\d:\d\d$/.test(String(offset ?? '')) ? offset : '';
  const at = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${zone}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** @param {Map<number, any>} gps */
function placeOf(gps) {
  const [lat, lon] = [degrees(gps.get(LAT), gps.get(LAT_REF), 'S', 90), degrees(gps.get(LON), gps.get(LON_REF), 'W', 180)];
  const bearing = gps.get(DIRECTION_REF) === 'M' ? NaN : gps.get(DIRECTION)?.[0]; // M: magnetic north, which is not ours
  const isPlace = lat !== null && lon !== null && (lat !== 0 || lon !== 0); // cameras without a fix write zeros
  return { lat: isPlace ? lat : null, lon: isPlace ? lon : null, bearing_deg: bearing >= 0 && bearing < 360 ? bearing : null };
}

/** @param {any} parts degrees, minutes, seconds @param {any} ref @param {string} negative @param {number} most */
function degrees(parts, ref, negative, most) {
  if (!Array.isArray(parts) || parts.length < 3) return null;
  const value = parts[0] + parts[1] / 60 + parts[2] / 3600;
  return value >= 0 && value <= most ? (ref === negative ? -value : value) : null;
}
