// The camera with the picture from before as a ghost over it, so that before and after are taken from the same place.

import { dialogButton } from '../ui/big_dialog.js';
import { openLive } from './live.js';

const GUIDE_MS = 1_000;

/**
 * Opens over everything; each press gives a picture. Closes itself when there is no camera to be had.
 * @param {Promise<string>} ghost address of the picture from before, '' without one: it may still be on its way
 * @param {(picture: File) => void} took @param {() => void} failed no camera, or not allowed
 * @param {() => string} guide the way to where the picture from before was taken; '' when nobody knows
 */
export async function openCamera(ghost, took, failed, guide) {
  const live = await openLive(gettext('Camera'), { width: { ideal: 4096 }, height: { ideal: 3072 } });
  if (!live) return failed();
  const { dialog, video, guide: way, bar, stream } = live;
  way.textContent = guide();
  bar.append(dialogButton(gettext('Take the photograph'), async () => took(await shot(stream, video)), 'shutter'), dialogButton(gettext('Done'), () => dialog.close(), 'close'));
  ghost.then((address) => { if (address) addGhost(bar, address); });
  const telling = setInterval(() => { way.textContent = guide(); }, GUIDE_MS);
  dialog.addEventListener('close', () => clearInterval(telling));
}

/** Over the live picture, under the buttons. @param {HTMLElement} bar @param {string} address */
function addGhost(bar, address) {
  const picture = document.createElement('img');
  Object.assign(picture, { src: address, alt: '', className: 'ghost' });
  const label = document.createElement('label');
  const slider = document.createElement('input');
  Object.assign(slider, { type: 'range', min: '0', max: '100', value: '40' });
  const see = () => { picture.style.opacity = String(Number(slider.value) / 100); };
  slider.addEventListener('input', see);
  see();
  label.append(gettext('Picture from before'), slider);
  bar.before(picture);
  bar.prepend(label);
}

/** In the camera's own resolution where the browser can. @param {MediaStream} stream @param {HTMLVideoElement} video @returns {Promise<File>} */
async function shot(stream, video) {
  const Capture = /** @type {any} */ (globalThis).ImageCapture;
  try {
    if (Capture) return named(await new Capture(stream.getVideoTracks()[0]).takePhoto());
  } catch {
    // Some cameras only give frames.
  }
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const blob = await new Promise((/** @type {(found: Blob | null) => void} */ resolve) => { canvas.toBlob(resolve, 'image/jpeg', 0.92); });
  return named(/** @type {Blob} */ (blob));
}

/** @param {Blob} blob */
function named(blob) { return new File([blob], 'camera.jpg', { type: blob.type, lastModified: Date.now() }); }
