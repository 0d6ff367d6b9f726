// What lies under the pointer: a hint while it rests there, the feature itself when it is pressed.

import { nameOf } from './layer_stack.js';

/**
 * @param {L.Map} map @param {import('./layer_stack.js').LayerStack} stack
 * @param {(found: import('./layer_stack.js').Found) => HTMLElement} popup
 */
export function identifyOn(map, stack, popup) {
  const hint = L.tooltip({ direction: 'top', offset: [0, -8], opacity: 1 });
  /** @type {L.Popup | null} */
  let shown = null;
  let planned = 0;
  map.on('mousemove', (event) => {
    cancelAnimationFrame(planned);
    planned = requestAnimationFrame(() => hover(event));
  });
  map.on('mouseout movestart', () => hint.remove());
  map.on('click', async (event) => {
    const [first] = stack.at(event.latlng);
    if (!first) {
      stack.release();
      return;
    }
    hint.remove();
    try {
      const found = await stack.choose(first);
      shown = L.popup({ maxWidth: 320, autoPanPadding: [20, 40] }).setLatLng(event.latlng).setContent(popup(found));
      shown.openOn(map);
    } catch {
      // The layer has changed in the meantime, or the network is gone: nothing is claimed of it.
    }
  });
  // The popup before it closes when another one opens: that must not take the new outline away.
  map.on('popupclose', ({ popup: closed }) => { if (closed === shown) stack.release(); });

  /** @param {L.LeafletMouseEvent} event */
  function hover(event) {
    if (/** @type {any} */ (map.dragging).moving()) return;
    const overMarker = event.originalEvent.target instanceof Element && event.originalEvent.target.closest('.leaflet-marker-icon, .leaflet-popup');
    const [first] = overMarker ? [] : stack.at(event.latlng);
    map.getContainer().classList.toggle('is-over', Boolean(first));
    if (!first) {
      hint.remove();
      return;
    }
    const words = document.createElement('span');
    words.textContent = nameOf(first);
    hint.setContent(words).setLatLng(event.latlng).addTo(map);
  }
}
