// The layers of a planner's map behind a button in its corner. What is chosen is kept in this browser for all such maps;
// what somebody keeps as the standard follows them to every browser.

import { html, render } from '../vendor/lit-html/lit-html.js';
import { LayersPanel } from './layers_panel.js';
import { readLayers, writeLayers } from '../core/layer_state.js';
import { drawGround } from '../map/base.js';

const KEPT = 'map-layers';

/**
 * The ground with its layers as they were last chosen, and the button.
 * @param {L.Map} map @param {import('../core/settings.js').MapSettings} settings
 */
export function groundWithLayers(map, settings) {
  const stack = drawGround(map, settings, kept() ?? settings.layer_choice?.layers ?? null);
  if (settings.layer_choice) new LayersControl(map, stack, settings.layer_choice);
  return stack;
}

class LayersControl {
  /** @param {L.Map} map @param {import('../map/layer_stack.js').LayerStack} stack @param {{layers: string, url: string}} standard */
  constructor(map, stack, standard) {
    this.stack = stack;
    this.standard = standard;
    const control = new L.Control({ position: 'topright' });
    const frame = document.createElement('details');
    frame.className = 'layers-control';
    const [summary, list, foot] = ['summary', 'div', 'div'].map((tag) => document.createElement(tag));
    this.foot = foot;
    this.foot.className = 'layers-keep';
    summary.textContent = gettext('Layers');
    frame.append(summary, list, this.foot);
    control.onAdd = () => frame;
    control.addTo(map);
    L.DomEvent.disableClickPropagation(frame).disableScrollPropagation(frame);
    frame.addEventListener('keydown', (event) => {
      event.stopPropagation(); // a map pans by the arrow keys
      if (event.key === 'Escape' && frame.open) { frame.open = false; summary.focus(); }
    });
    this.panel = new LayersPanel({ element: list, map, stack, changed: () => this.remember() });
    this.show('');
  }

  /** @param {string} said */
  show(said) {
    render(html`<button type="button" class="btn" @click=${() => this.keep()}>${gettext('Keep as my standard')}</button>
      <button type="button" class="btn" @click=${() => this.reset()}>${gettext('Back to my standard')}</button><p role="status">${said}</p>`, this.foot);
  }

  remember() {
    this.show('');
    try {
      localStorage.setItem(KEPT, writeLayers(this.stack.states, []));
    } catch {
      // A browser that keeps nothing still shows what was chosen.
    }
  }

  /** For every browser that this account signs in with. */
  async keep() {
    const layers = writeLayers(this.stack.states, []);
    const body = new FormData();
    body.set('layers', layers);
    body.set('csrfmiddlewaretoken', this.token());
    const response = await fetch(this.standard.url, { method: 'POST', body }).catch(() => null);
    if (response?.ok) this.standard.layers = layers;
    this.show(response?.ok ? gettext('Kept for this account.') : gettext('It could not be kept. Check the connection and try again.'));
  }

  reset() {
    try {
      localStorage.removeItem(KEPT);
    } catch {
      // As above.
    }
    this.stack.apply(this.panel.together(readLayers(this.standard.layers, this.stack.known)));
    this.panel.render();
    this.show('');
  }

  token() {
    return /** @type {HTMLInputElement | null} */ (document.querySelector('input[name=csrfmiddlewaretoken]'))?.value ?? '';
  }
}

/** As it was chosen here; null when nothing was. */
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
