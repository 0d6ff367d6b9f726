// A JPEG's EXIF, carried over to a smaller JPEG of the same picture. The pixels have been turned upright already, so the
// orientation becomes 1. Sources: JEITA CP-3451 (Exif 2.3) §4.5–4.6; ITU-T T.81 annex B.

const [SOI, APP0, APP1, SOS] = [0xffd8, 0xffe0, 0xffe1, 0xffda];
const ORIENTATION = 0x0112;

/** The APP1 segment that holds EXIF, marker and length included; null when there is none. @param {Uint8Array} jpeg */
export function exifOf(jpeg) {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  if (jpeg.length < 4 || view.getUint16(0) !== SOI) return null;
  for (let at = 2; at + 4 <= jpeg.length;) {
    const [marker, length] = [view.getUint16(at), view.getUint16(at + 2)];
    if (marker === SOS || marker < APP0 || at + 2 + length > jpeg.length) return null;
    if (marker === APP1 && String.fromCharCode(...jpeg.subarray(at + 4, at + 10)) === 'Exif\0\0') return jpeg.slice(at, at + 2 + length);
    at += 2 + length;
  }
  return null;
}

/** The same segment with orientation 1. @param {Uint8Array} segment from `exifOf` */
export function upright(segment) {
  const copy = segment.slice();
  const found = orientationAt(copy);
  if (found) new DataView(copy.buffer).setUint16(found.at, 1, found.little);
  return copy;
}

/** 1 to 8 as EXIF has it; 1 when nothing is said. @param {Uint8Array} jpeg */
export function orientationOf(jpeg) {
  const segment = exifOf(jpeg);
  const found = segment && orientationAt(segment);
  return found ? new DataView(segment.buffer).getUint16(found.at, found.little) : 1;
}

/** Where the orientation's value stands in the segment. @param {Uint8Array} segment */
function orientationAt(segment) {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const tiff = 10; // marker, length, "Exif\0\0"
  if (segment.length < tiff + 8) return null;
  const little = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, little);
  if (directory + 2 > segment.length) return null;
  const entries = view.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > segment.length) return null;
    if (view.getUint16(at, little) === ORIENTATION) return { at: at + 8, little };
  }
  return null;
}

/** The JPEG with the segment in its place, right behind the start (Exif 2.3 §4.5.4). @param {Uint8Array} jpeg @param {Uint8Array} segment */
export function withExif(jpeg, segment) {
  let from = 2;
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  if (view.getUint16(2) === APP0) from = 4 + view.getUint16(4); // JFIF's own header gives way
  const found = new Uint8Array(2 + segment.length + jpeg.length - from);
  found.set(jpeg.subarray(0, 2));
  found.set(segment, 2);
  found.set(jpeg.subarray(from), 2 + segment.length);
  return found;
}
