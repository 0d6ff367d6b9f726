// A map on paper: as large as the sheet allows and drawn as on the screen, with the legend of what is drawn below it.

import { html, render } from '../vendor/lit-html/lit-html.js';
import { isSeen, legendList } from '../ui/legend.js';
import { pick } from '../core/settings.js';

// What a map has of an A4 sheet in landscape within margins of 10 mm, in CSS pixels (96 to the inch).
const [SHEET_WIDTH, SHEET_HEIGHT] = [1000, 590];
// A map among other things stays about as large as it is.
const [MOST_ALONE, MOST_AMONG] = [1.6, 1.1];

/**
 * Before paper is made nothing can be loaded or drawn anew any more, so the map keeps its pixels and is scaled as a whole.
 * @param {L.Map} map @param {import('./layer_stack.js').LayerStack} stack
 */
export function printable(map, stack) {
  const container = map.getContainer();
  const frame = container.closest('.map-frame');
  const most = frame ? MOST_ALONE : MOST_AMONG;
  const list = document.createElement('section');
  list.className = 'print-legend';
  (frame ?? container).after(list);
  addEventListener('beforeprint', () => {
    const { x, y } = map.getSize();
    container.style.setProperty('--map-width', `${x}px`);
    container.style.setProperty('--map-height', `${y}px`);
    container.style.setProperty('--map-zoom', String(Math.min(most, SHEET_WIDTH / x, SHEET_HEIGHT / y)));
    render(legend(stack, map.getZoom()), list);
    for (const part of closed()) part.open = true;
  });
}

/** Parts of the page whose content belongs on paper too. */
function closed() {
  const parts = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll('details[data-print]:not([open])'));
  for (const part of parts) addEventListener('afterprint', () => { part.open = false; }, { once: true });
  return parts;
}

/** Of layers that are on, and of their signs those that are drawn at this zoom. @param {import('./layer_stack.js').LayerStack} stack @param {number} zoom */
function legend(stack, zoom) {
  const drawn = stack.states.filter(({ on }) => on).map(({ key }) => /** @type {import('./layer_stack.js').Spec} */ (stack.specs.get(key)));
  const parts = drawn.map((spec) => ({ spec, entries: (spec.legend ?? []).filter((entry) => isSeen(entry, zoom)) }));
  return html`<h2>${gettext('Legend')}</h2>${parts.map(({ spec, entries }) => (entries.length || spec.scene
    ? html`<div><h3>${[pick(spec.name), spec.scene?.date].filter(Boolean).join(' · ')}</h3>${legendList(entries)}</div>` : ''))}`;
}
