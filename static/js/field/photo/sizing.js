// A photograph as it is sent: upright, at most 2048 pixels, with its EXIF. What the browser cannot read goes as it is, and
// the server says what it is.

import { exifOf, orientationOf, upright, withExif } from './exif.js';

export const LONGEST_PX = 2048;
const QUALITY = 0.85;

/** @param {Blob} file @returns {Promise<Blob>} */
export async function sized(file) {
  if (!file.type.startsWith('image/')) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return file;
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const isJpeg = file.type === 'image/jpeg';
    const share = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
    if (share === 1 && (!isJpeg || orientationOf(bytes) === 1)) return file;
    return await drawn(picture, share, isJpeg ? exifOf(bytes) : null);
  } finally {
    picture.close();
  }
}

/** @param {ImageBitmap} picture @param {number} share @param {Uint8Array | null} exif */
async function drawn(picture, share, exif) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * share);
  canvas.height = Math.round(picture.height * share);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((/** @type {(found: Blob) => void} */ resolve, reject) => {
    canvas.toBlob((found) => (found ? resolve(found) : reject(new Error('toBlob'))), 'image/jpeg', QUALITY);
  });
  if (!exif) return blob;
  const bytes = withExif(new Uint8Array(await blob.arrayBuffer()), upright(exif));
  return new Blob([bytes], { type: 'image/jpeg' });
}
