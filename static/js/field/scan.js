// The code on a site's board. Only boards of this server are followed.

import { hasCamera } from './photo/camera.js';

const LOOK_MS = 250;
const BOARD = /^\/field\/sites\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/$/;

/** The site that an address on a board names; '' when it is not one of ours. @param {string} address @param {string} origin */
export function siteOf(address, origin) {
  if (!URL.canParse(address)) return '';
  const url = new URL(address);
  return (url.origin === origin && BOARD.exec(url.pathname)?.[1]) || '';
}

export function canScan() { return 'BarcodeDetector' in globalThis && hasCamera(); }

/** Opens over everything until a board is seen or somebody closes it. @param {(site: string) => void} found @param {() => void} failed no camera, or not allowed */
export async function scan(found, failed) {
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  } catch {
    failed();
    return;
  }
  const { dialog, video, guide } = built();
  const detector = new (/** @type {any} */ (globalThis).BarcodeDetector)({ formats: ['qr_code'] });
  video.srcObject = stream;
  const looking = setInterval(async () => {
    const codes = await detector.detect(video).catch(() => []); // no frame yet
    if (!codes.length || !dialog.open) return;
    const site = codes.map((/** @type {any} */ code) => siteOf(code.rawValue, location.origin)).find(Boolean);
    if (!site) {
      guide.textContent = gettext('This code is not one of our boards.');
      return;
    }
    dialog.close();
    found(site);
  }, LOOK_MS);
  dialog.addEventListener('close', () => {
    clearInterval(looking);
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
  dialog.setAttribute('aria-label', gettext('Scan a board'));
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true });
  const guide = document.createElement('p');
  Object.assign(guide, { className: 'guide', textContent: gettext('Hold the code of the board into the picture.') });
  guide.setAttribute('role', 'status');
  const bar = document.createElement('div');
  bar.className = 'camera-bar';
  const close = document.createElement('button');
  Object.assign(close, { type: 'button', className: 'btn', textContent: gettext('Close') });
  close.addEventListener('click', () => dialog.close());
  bar.append(close);
  dialog.append(video, guide, bar);
  return { dialog, video, guide };
}
