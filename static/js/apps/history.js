// The changes of a site: its geometry before (dashed) and after (solid) one of them, on a small map. A record of a tablet has
// a third, with which both began, and is shown at once.

import { mapSettings } from '../core/settings.js';
import { createMap } from '../map/base.js';
import { outline } from '../map/outline.js';
import { groundWithLayers } from '../ui/layers_control.js';

const AFTER = { color: '#0062a0', weight: 4, fillOpacity: 0.12, interactive: false };
const BEFORE = { color: '#a3123f', weight: 3, dashArray: '8 6', fill: false, interactive: false };
const BASE = { color: '#4b5766', weight: 3, dashArray: '2 7', fill: false, interactive: false };
const CLOSEST_ZOOM = 17;

const frame = document.getElementById('history-map');
const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button[data-shape]'));
if (frame) {
  /** @type {Record<string, [any, any, any?]>} */
  const shapes = JSON.parse(document.getElementById('history-shapes')?.textContent ?? '{}');
  /** @type {((shown: [any, any, any?]) => void) | undefined} */
  let draw;
  for (const button of buttons) {
    button.addEventListener('click', () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      frame.hidden = false;
      document.querySelector('.history-key')?.removeAttribute('hidden');
      draw ??= drawnOn(frame); // not before it is visible: a map measures its frame when it is made
      draw(shapes[button.dataset.shape ?? '']);
      frame.scrollIntoView({ block: 'nearest' });
    });
  }
  if (frame.dataset.shown) (draw ??= drawnOn(frame))(shapes[frame.dataset.shown]);
}

/** A function that shows two or three geometries in place of the former one. @param {HTMLElement} element */
function drawnOn(element) {
  const settings = mapSettings();
  const map = createMap(element, settings);
  groundWithLayers(map, settings);
  const group = L.featureGroup().addTo(map);
  return (/** @type {[any, any, any?]} */ [before, after, base]) => {
    group.clearLayers();
    // The dashed line on top: where both are the same, both are seen.
    for (const [geometry, style] of /** @type {[any, L.PathOptions][]} */ ([[base, BASE], [after, AFTER], [before, BEFORE]])) {
      if (geometry) outline(geometry, style, style === BEFORE ? 13 : 9).addTo(group);
    }
    map.fitBounds(group.getBounds().pad(0.4), { maxZoom: CLOSEST_ZOOM, animate: false });
    element.dataset.ready = 'true';
  };
}
