// The page of an import: follows a worker's progress, and shows the file on the map.

import { mapSettings } from '../core/settings.js';
import { PreviewMap } from '../map/preview.js';
import { askForReading, tellLacking } from '../ui/import_choices.js';

const POLL_MS = 700;

const working = document.getElementById('working');
if (working) follow(/** @type {string} */ (working.dataset.progress));
const frame = document.getElementById('map');
if (frame) showPreview(frame);
askForReading();
tellLacking();
document.body.dataset.ready = 'true';

/** @param {string} url */
async function follow(url) {
  const bar = /** @type {HTMLProgressElement} */ (document.getElementById('working-bar'));
  const words = /** @type {HTMLElement} */ (document.getElementById('working-words'));
  for (;;) {
    try {
      const response = await fetch(url);
      if (response.status === 401 || response.status === 404) break;
      const told = await response.json();
      if (!told.working) break;
      if (told.percent === null) bar.removeAttribute('value');
      else bar.value = told.percent;
      const rows = told.done ? interpolate(gettext('%(done)s rows'), told, true) : '';
      const text = [told.phase, told.percent === null ? '' : `${told.percent} %`, rows].filter(Boolean).join(' · ');
      // A status is read aloud whenever it changes.
      if (words.textContent !== text) words.textContent = text;
    } catch {
      words.textContent = gettext('The connection is lost; the work goes on.');
    }
    await new Promise((wake) => { setTimeout(wake, POLL_MS); });
  }
  location.reload();
}

/** @param {boolean} inside */
function wordsOfFeatures(inside) {
  return inside
    ? gettext('A sample of %(count)s features, read as %(crs)s.')
    : gettext('Read as %(crs)s, not all of the %(count)s features lie in the city.');
}

/** @param {boolean} inside */
function wordsOfPicture(inside) {
  return inside
    ? gettext('The picture in coarse pixels, read as %(crs)s.')
    : gettext('Read as %(crs)s, the picture does not lie in the city as a whole.');
}

/** @param {HTMLElement} element */
async function showPreview(element) {
  const note = /** @type {HTMLElement} */ (document.getElementById('map-note'));
  const map = new PreviewMap(element, mapSettings());
  const under = document.getElementById('sites-under');
  if (under) map.showUnder(JSON.parse(under.textContent ?? ''));
  const response = await fetch(/** @type {string} */ (element.dataset.preview));
  /** @type {{views: import('../map/preview.js').View[]}} */
  const { views } = response.ok ? await response.json() : { views: [] };
  const choices = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[data-view]'));
  /** @param {import('../map/preview.js').View | undefined} view */
  const show = (view) => {
    if (!view) return;
    const inside = map.show(view, views.length > 1);
    const shown = { count: view.features.features.length, crs: view.label };
    note.textContent = interpolate(view.picture ? wordsOfPicture(inside) : wordsOfFeatures(inside), shown, true);
    element.dataset.shown = view.label;
  };
  for (const choice of choices) {
    choice.addEventListener('change', () => show(views.find(({ crs }) => crs === choice.value)));
  }
  const checked = [...choices].find((choice) => choice.checked);
  show(views.find(({ crs }) => crs === checked?.value) ?? views[0]);
  if (views.length > 1 && !checked && choices[0]) choices[0].checked = true;
  if (!views.length) note.textContent = gettext('There is nothing to show on the map.');
}
