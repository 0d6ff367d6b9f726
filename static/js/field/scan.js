// The code on a site's board. Only boards of this server are followed.

import { hasCamera, openLive } from './photo/live.js';
import { dialogButton } from './ui/big_dialog.js';

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
  const live = await openLive(gettext('Scan a board'));
  if (!live) return failed();
  const { dialog, video, guide, bar } = live;
  guide.textContent = gettext('Hold the code of the board into the picture.');
  guide.setAttribute('role', 'status');
  bar.append(dialogButton(gettext('Close'), () => dialog.close()));
  const detector = new (/** @type {any} */ (globalThis).BarcodeDetector)({ formats: ['qr_code'] });
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
  dialog.addEventListener('close', () => clearInterval(looking));
}
