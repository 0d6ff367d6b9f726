// Two scenes over one footprint, parted by a divider that the reader moves: before on its left, after on its right.
// Each side is a pane of its own, clipped in map coordinates, so that any number of layers may stand in it.

import { follow } from '../ui/compare.js';

/** @typedef {import('../core/settings.js').Scene} Scene */

/**
 * @param {L.Map} map @param {{before: Scene, after: Scene}} pair
 * @returns {{remove: () => void}}
 */
export function addSwipe(map, pair) {
  const panes = { before: pane(map, 'swipe-before', '310'), after: pane(map, 'swipe-after', '311') };
  const layers = [tiles(pair.before, 'swipe-before').addTo(map), tiles(pair.after, 'swipe-after').addTo(map)];
  const control = document.createElement('div');
  control.className = 'swipe';
  control.append(label('left', gettext('Before'), pair.before), label('right', gettext('After'), pair.after));
  const divider = document.createElement('div');
  divider.className = 'divider';
  const input = document.createElement('input');
  Object.assign(input, { type: 'range', min: '0', max: '100', value: '50', step: '1' });
  input.setAttribute('aria-label', gettext('Swipe between before and after'));
  control.append(divider, input);
  map.getContainer().append(control);
  // The map must not pan or zoom while the divider is moved, nor take its keys.
  L.DomEvent.disableClickPropagation(input);
  for (const name of ['touchstart', 'pointerdown', 'keydown']) input.addEventListener(name, (event) => event.stopPropagation());

  const clip = () => {
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const x = corner.x + (size.x * Number(input.value)) / 100;
    const [top, bottom] = [corner.y, corner.y + size.y];
    panes.before.style.clipPath = box(corner.x, top, x, bottom);
    panes.after.style.clipPath = box(x, top, corner.x + size.x, bottom);
    divider.style.left = `${input.value}%`;
  };
  follow(input, clip);
  map.on('move zoomend resize viewreset', clip);
  return {
    remove() {
      map.off('move zoomend resize viewreset', clip);
      for (const layer of layers) layer.remove();
      control.remove();
    },
  };
}

/** @param {number} left @param {number} top @param {number} right @param {number} bottom */
function box(left, top, right, bottom) {
  return `polygon(${left}px ${top}px, ${right}px ${top}px, ${right}px ${bottom}px, ${left}px ${bottom}px)`;
}

/** @param {L.Map} map @param {string} name @param {string} zIndex */
function pane(map, name, zIndex) {
  const element = map.getPane(name) ?? map.createPane(name);
  element.style.zIndex = zIndex;
  return element;
}

/** @param {Scene} scene @param {string} name */
function tiles(scene, name) {
  const [west, south, east, north] = scene.bounds;
  return L.tileLayer(scene.tiles, {
    pane: name, bounds: [[south, west], [north, east]], minZoom: 8, maxZoom: 20, maxNativeZoom: 18, className: 'scene-tiles',
  });
}

/** @param {string} side @param {string} word @param {Scene} scene */
function label(side, word, scene) {
  const element = document.createElement('span');
  element.className = `side-label ${side}`;
  element.textContent = [word, scene.date, scene.simulated ? gettext('simulated') : ''].filter(Boolean).join(' · ');
  return element;
}
