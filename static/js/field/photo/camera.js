// The camera with the picture from before as a ghost over it, so that before and after are taken from the same place.

const GUIDE_MS = 1_000;

export function hasCamera() { return Boolean(navigator.mediaDevices?.getUserMedia); }

/**
 * Opens over everything; each press gives a picture. Closes itself when there is no camera to be had.
 * @param {Promise<string>} ghost address of the picture from before, '' without one: it may still be on its way
 * @param {(picture: File) => void} took @param {() => void} failed no camera, or not allowed
 * @param {() => string} guide the way to where the picture from before was taken; '' when nobody knows
 */
export async function openCamera(ghost, took, failed, guide) {
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 4096 }, height: { ideal: 3072 } }, audio: false });
  } catch {
    failed();
    return;
  }
  const dialog = built();
  ghost.then((address) => { if (address) addGhost(dialog, address); });
  const video = /** @type {HTMLVideoElement} */ (dialog.querySelector('video'));
  const way = /** @type {HTMLElement} */ (dialog.querySelector('.guide'));
  way.textContent = guide();
  video.srcObject = stream;
  dialog.querySelector('.shutter')?.addEventListener('click', async () => took(await shot(stream, video)));
  dialog.querySelector('.close')?.addEventListener('click', () => dialog.close());
  const telling = setInterval(() => { way.textContent = guide(); }, GUIDE_MS);
  dialog.addEventListener('close', () => {
    clearInterval(telling);
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  await video.play().catch(() => {});
}

function built() {
  const dialog = document.createElement('dialog');
  dialog.className = 'camera';
  dialog.setAttribute('aria-label', gettext('Camera'));
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true });
  const bar = document.createElement('div');
  bar.className = 'camera-bar';
  const way = document.createElement('p');
  way.className = 'guide';
  dialog.append(video, way);
  bar.append(press('shutter', gettext('Take the photograph')), press('close', gettext('Done')));
  dialog.append(bar);
  return dialog;
}

/** Over the live picture, under the buttons. @param {HTMLElement} dialog @param {string} address */
function addGhost(dialog, address) {
  const bar = /** @type {HTMLElement} */ (dialog.querySelector('.camera-bar'));
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

/** @param {string} kind @param {string} words */
function press(kind, words) {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: `btn ${kind}`, textContent: words });
  return button;
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
