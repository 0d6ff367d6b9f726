// Two panes parted by a divider that the reader moves, such as two scenes over one footprint: before on its left, after
// on its right. Panes are clipped in map coordinates, so that any number of layers may stand in one.

import { follow } from '../ui/compare.js';

/**
 * @typedef {import('../core/settings.js').Scene} Scene
 * @typedef {{pane: HTMLElement, label: string}} Side
 */

/**
 * The scenes of a pair, each in a pane of its own, with the divider between them.
 * @param {L.Map} map @param {{before: Scene, after: Scene}} pair
 */
export function addScenePair(map, pair) {
  const sides = [['before', gettext('Before'), pair.before], ['after', gettext('After'), pair.after]].map(([side, word, scene], index) => {
    const name = `swipe-${side}`;
    const pane = map.getPane(name) ?? map.createPane(name);
    pane.style.zIndex = String(310 + index);
    sceneTiles(/** @type {Scene} */ (scene), name).addTo(map);
    return { pane, label: sceneLabel(String(word), /** @type {Scene} */ (scene)) };
  });
  return addSwipe(map, sides[0], sides[1]);
}

/**
 * A divider between what stands in two panes.
 * @param {L.Map} map @param {Side} left @param {Side} right
 * @returns {{remove: () => void}}
 */
export function addSwipe(map, left, right) {
  const control = document.createElement('div');
  control.className = 'swipe';
  control.append(label('left', left.label), label('right', right.label));
  const divider = document.createElement('div');
  divider.className = 'divider';
  const input = document.createElement('input');
  Object.assign(input, { type: 'range', min: '0', max: '100', value: '50', step: '1' });
  input.setAttribute('aria-label', `${gettext('Swipe between the two')}: ${left.label} / ${right.label}`);
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
    left.pane.style.clipPath = box(corner.x, top, x, bottom);
    right.pane.style.clipPath = box(x, top, corner.x + size.x, bottom);
    divider.style.left = `${input.value}%`;
  };
  follow(input, clip);
  map.on('move zoomend resize viewreset', clip);
  return {
    remove() {
      map.off('move zoomend resize viewreset', clip);
      for (const { pane } of [left, right]) pane.style.clipPath = '';
      control.remove();
    },
  };
}

/** @param {number} left @param {number} top @param {number} right @param {number} bottom */
function box(left, top, right, bottom) {
  return `polygon(${left}px ${top}px, ${right}px ${top}px, ${right}px ${bottom}px, ${left}px ${bottom}px)`;
}

/** @param {Scene} scene @param {string} pane */
export function sceneTiles(scene, pane) {
  const [west, south, east, north] = scene.bounds;
  return L.tileLayer(scene.tiles, {
    pane, bounds: [[south, west], [north, east]], minZoom: 6, maxZoom: 20, maxNativeZoom: 18, className: 'scene-tiles',
  });
}

/** @param {string} word @param {Scene} scene */
function sceneLabel(word, scene) {
  return [word, scene.date, scene.simulated ? gettext('simulated') : ''].filter(Boolean).join(' · ');
}

/** @param {string} side @param {string} words */
function label(side, words) {
  const element = document.createElement('span');
  element.className = `side-label ${side}`;
  element.textContent = words;
  return element;
}
