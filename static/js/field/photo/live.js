// The camera's live picture over everything, with a line of guidance; the camera is let go of when it closes.

import { bigDialog } from '../ui/big_dialog.js';

export function hasCamera() { return Boolean(navigator.mediaDevices?.getUserMedia); }

/**
 * @typedef {{dialog: HTMLDialogElement, video: HTMLVideoElement, guide: HTMLElement, bar: HTMLElement, stream: MediaStream}} Live
 * @param {string} name of the dialog @param {MediaTrackConstraints} [wishes] @returns {Promise<Live | null>} null without a camera, or when it is not allowed
 */
export async function openLive(name, wishes = {}) {
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', ...wishes }, audio: false });
  } catch {
    return null;
  }
  const { dialog, bar } = bigDialog(name);
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true, srcObject: stream });
  const guide = document.createElement('p');
  guide.className = 'guide';
  bar.before(video, guide);
  dialog.addEventListener('close', () => { for (const track of stream.getTracks()) track.stop(); });
  document.body.append(dialog);
  dialog.showModal();
  video.play().catch(() => {});
  return { dialog, video, guide, bar, stream };
}
