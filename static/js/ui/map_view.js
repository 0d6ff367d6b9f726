// What a reader chooses of the map itself: layers, base map, swipe. All of it is kept in the address.

import { html, render } from '../vendor/lit-html/lit-html.js';
import { featurePopup } from './feature_popup.js';
import { LayersPanel } from './layers_panel.js';
import { SwipeChoice } from './swipe_choice.js';
import { chosenBase } from '../core/base_map.js';
import { writeLayers } from '../core/layer_state.js';
import { pick } from '../core/settings.js';
import { BaseMapLayer } from '../map/base_map.js';
import { drawGround } from '../map/base.js';
import { identifyOn } from '../map/identify.js';

const NOTICE_MS = 8000;

export class MapView {
  /**
   * @param {L.Map} map @param {import('../core/settings.js').MapSettings} settings
   * @param {(id: string) => HTMLElement} element of the page @param {() => void} changed told when the address is to follow
   */
  constructor(map, settings, element, changed) {
    const address = new URLSearchParams(location.search);
    this.bases = settings.base_maps ?? [];
    this.standard = settings.base_map ?? '';
    this.element = element;
    this.changed = changed;
    this.stack = drawGround(map, settings, address.get('layers') ?? settings.layer_choice?.layers ?? null);
    identifyOn(map, this.stack, featurePopup);
    this.ready = false;
    const told = () => { if (this.ready) changed(); };
    this.panel = new LayersPanel({ element: element('layer-panel'), map, stack: this.stack, changed: told });
    this.swipe = new SwipeChoice(element('swipe-panel'), map, this.stack, () => { told(); this.panel.render(); });
    this.swipe.read(address.get('swipe'));
    this.base = new BaseMapLayer(map, settings.archive_library, () => this.notice(gettext('The base map cannot be loaded. Everything else goes on.')));
    this.chooseBase(chosenBase(address.get('base'), this.bases, this.standard)?.key ?? '');
    this.ready = true;
  }

  /** @param {string} key empty for none */
  chooseBase(key) {
    this.baseKey = key;
    this.base.choose(this.bases.find((base) => base.key === key));
    this.renderBases();
    if (this.ready) this.changed();
  }

  renderBases() {
    if (!this.bases.length) return;
    const choices = [{ key: '', name: [gettext('None: the city itself'), ''] }, ...this.bases];
    render(html`<fieldset><legend>${gettext('Base map')}</legend>${choices.map(({ key, name }) => html`<label class="programme-row">
      <input type="radio" name="base-map" .checked=${key === this.baseKey} @change=${() => this.chooseBase(key)}><span>${pick(name)}</span></label>`)}</fieldset>`, this.element('base-panel'));
  }

  /** For a while, quietly. @param {string} words */
  notice(words) {
    const element = this.element('map-notice');
    element.textContent = words;
    element.hidden = false;
    setTimeout(() => { element.hidden = true; }, NOTICE_MS);
  }

  /** Parameters of the address; empty ones are left out. @returns {Record<string, string>} */
  address() {
    const base = this.baseKey === this.standard ? '' : this.baseKey || 'none';
    return { layers: writeLayers(this.stack.states, this.stack.known), swipe: this.swipe.write(), base };
  }
}
