// The upload page: files are chosen or dropped, sent in pieces, paused, continued, and found again after a reload.

import { Upload, unfinished } from '../net/upload.js';
import { acceptDrops } from '../ui/dropped_files.js';

/** @type {import('../net/upload.js').UploadSettings} */
const settings = JSON.parse(element('upload-settings').textContent ?? '{}');
const form = /** @type {HTMLFormElement} */ (element('upload-form'));
const input = /** @type {HTMLInputElement} */ (form.querySelector('input[type="file"]'));
const token = /** @type {HTMLInputElement} */ (form.querySelector('[name="csrfmiddlewaretoken"]')).value;
const send = /** @type {HTMLButtonElement} */ (element('upload-send'));

/** @type {File[]} */
let chosen = [];
/** @type {Upload | null} */
let upload = null;

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {File[]} files */
function choose(files) {
  chosen = files;
  fail('');
  const output = form.querySelector('output');
  if (output) output.textContent = files.map((file) => file.name).join('、');
  const again = unfinished(files, settings.waiting);
  send.textContent = again ? gettext('Continue the upload') : gettext('Send');
}

/** @param {string} words */
function fail(words) {
  const error = element('upload-error');
  error.textContent = words;
  error.hidden = !words;
}

/** @param {number} sent @param {number} total */
function progress(sent, total) {
  const percent = total ? Math.floor((100 * sent) / total) : 100;
  /** @type {HTMLProgressElement} */ (element('upload-bar')).value = percent;
  const words = { percent, sent: megabytes(sent), total: megabytes(total) };
  element('upload-words').textContent = percent < 100
    ? interpolate(gettext('%(percent)s percent sent: %(sent)s of %(total)s MB'), words, true)
    : gettext('Everything is sent; it is being verified.');
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1_048_576).toFixed(1);
}

/** Which buttons there are. @param {'idle' | 'sending' | 'paused'} state */
function show(state) {
  send.hidden = state !== 'idle';
  element('upload-pause').hidden = state !== 'sending';
  element('upload-resume').hidden = state !== 'paused';
  element('upload-progress').hidden = state === 'idle';
  form.dataset.state = state;
}

async function start() {
  if (!chosen.length) {
    fail(gettext('Choose a file.'));
    return;
  }
  if (chosen.reduce((sum, file) => sum + file.size, 0) > settings.limit) {
    fail(interpolate(gettext('The files are too large: at most %(limit)s MB.'), { limit: Math.floor(settings.limit / 1_048_576) }, true));
    return;
  }
  fail('');
  show('sending');
  upload = new Upload(settings, token, progress);
  try {
    const page = await upload.send(chosen);
    if (page) location.assign(page);
    else show('paused');
  } catch (error) {
    show('paused');
    const words = error instanceof Error && !(error instanceof TypeError) ? error.message : '';
    fail(words || gettext('The connection is lost. What was sent is kept; continue when it is back.'));
  }
}

input.addEventListener('change', () => choose([...(input.files ?? [])]));
acceptDrops(element('drop'), choose);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  start();
});
element('upload-pause').addEventListener('click', () => upload?.pause());
element('upload-resume').addEventListener('click', start);
addEventListener('online', () => {
  if (form.dataset.state === 'paused' && upload && !upload.paused) start();
});
document.body.dataset.ready = 'true';
