// The site editor: wires the drawing map to the form.

import { mapSettings } from '../core/settings.js';
import { drawOn } from '../map/draw.js';

const element = document.getElementById('draw-map');
if (element) {
  const input = /** @type {HTMLInputElement} */ (document.getElementById(element.dataset.input ?? ''));
  const kinds = JSON.parse(document.getElementById('geometry-kinds')?.textContent ?? '[]');
  drawOn(element, input, kinds, mapSettings());
  document.body.dataset.ready = 'true';
}
