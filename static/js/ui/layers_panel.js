// The layers of a map: what is on, in which order, how opaque, and what the signs mean.

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { legendList, swatch } from './legend.js';
import { startDrag } from './row_drag.js';
import { SIGNS, conditionOf } from '../core/layer_filter.js';
import { moved } from '../core/layer_state.js';
import { pick } from '../core/settings.js';
import { whenSettled } from '../map/settled.js';

const WORDS = { '==': '=', '>=': '≥', '<=': '≤' };

/**
 * @typedef {import('../map/layer_stack.js').LayerStack} LayerStack
 * @typedef {import('../core/layer_state.js').LayerState} LayerState
 * @typedef {{element: HTMLElement, map: L.Map, stack: LayerStack, changed: () => void}} PanelOptions
 */

export class LayersPanel {
  /** @param {PanelOptions} options changed: told when the address is to follow */
  constructor({ element, map, stack, changed }) {
    this.element = element;
    this.map = map;
    this.stack = stack;
    this.changed = changed;
    this.said = '';
    /** @type {Map<string, import('../core/layer_filter.js').Choice>} */
    this.filters = new Map();
    map.on('zoomend layerready', () => this.render());
    whenSettled(map, () => this.render());
    this.render();
  }

  /** @param {LayerState[]} states */
  apply(states) {
    this.stack.apply(states);
    this.render();
    this.changed();
  }

  /** @param {string} key @param {Partial<LayerState>} change */
  change(key, change) {
    this.apply(this.stack.states.map((state) => (state.key === key ? { ...state, ...change } : state)));
  }

  /** Past its neighbour that is listed. @param {string} key @param {number} by -1 up, 1 down */
  move(key, by) {
    const listed = this.listed().map((state) => state.key);
    const neighbour = listed[listed.indexOf(key) + by];
    if (!neighbour) return;
    this.place(key, neighbour);
    const state = { name: this.nameOf(key), place: listed.indexOf(key) + by + 1, all: listed.length };
    this.said = interpolate(gettext('%(name)s is now %(place)s of %(all)s'), state, true);
    this.render();
    const button = /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-key="${key}"] [data-move="${by}"]`));
    if (button && !(/** @type {HTMLButtonElement} */ (button).disabled)) button.focus();
  }

  /** To where another layer stands. @param {string} key @param {string} other */
  place(key, other) {
    const keys = this.stack.states.map((state) => state.key);
    this.apply(moved(this.stack.states, keys.indexOf(key), keys.indexOf(other)));
  }

  /** @param {string} key */
  nameOf(key) {
    return pick(this.stack.specs.get(key)?.name);
  }

  /** Layers, and of the imagery what lies in the view or is on. */
  listed() {
    const view = this.map.getBounds();
    return this.stack.states.filter(({ key, on }) => {
      const bounds = this.stack.specs.get(key)?.scene?.bounds;
      return !bounds || on || view.intersects([[bounds[1], bounds[0]], [bounds[3], bounds[2]]]);
    });
  }

  render() {
    const listed = this.listed();
    const groups = [
      { name: gettext('Layers'), states: listed.filter(({ key }) => !this.stack.specs.get(key)?.scene) },
      { name: gettext('Imagery in this view'), states: listed.filter(({ key }) => this.stack.specs.get(key)?.scene) },
    ].filter(({ states }) => states.length);
    render(html`${groups.map(({ name, states }) => html`<h3>${name}</h3><ol class="layer-list">${states.map((state) => this.row(state, listed))}</ol>`)}
      <p class="visually-hidden" role="status">${this.said}</p>`, this.element);
  }

  /** @param {LayerState} state @param {LayerState[]} listed */
  row(state, listed) {
    const { key, on, opacity } = state;
    const spec = /** @type {import('../map/layer_stack.js').Spec} */ (this.stack.specs.get(key));
    const name = pick(spec.name);
    const at = listed.indexOf(state);
    const percent = Math.round(opacity * 100);
    const single = spec.legend?.length === 1 ? spec.legend[0] : null;
    return html`<li data-key=${key} class="layer-row ${on ? '' : 'is-off'}">
      <div class="layer-head">
        <span class="grip" aria-hidden="true" title=${gettext('Drag to another place')} @pointerdown=${(/** @type {PointerEvent} */ event) => startDrag(event, (other) => this.place(key, other))}>⠿</span>
        <label><input type="checkbox" .checked=${on} @change=${() => this.change(key, { on: !on })}>${single ? swatch(single) : nothing}<span>${name}</span></label>
        ${spec.count !== undefined ? html`<b>${spec.count.toLocaleString()}</b>` : nothing}
        <button type="button" data-move="-1" ?disabled=${at === 0} aria-label=${`${gettext('Move up')}: ${name}`} @click=${() => this.move(key, -1)}>↑</button>
        <button type="button" data-move="1" ?disabled=${at === listed.length - 1} aria-label=${`${gettext('Move down')}: ${name}`} @click=${() => this.move(key, 1)}>↓</button>
      </div>
      ${on ? html`<label class="layer-opacity"><span>${gettext('Opacity')}</span><input type="range" min="10" max="100" step="5" .value=${String(percent)}
        aria-label=${`${gettext('Opacity')}: ${name}`} @input=${(/** @type {any} */ event) => this.change(key, { opacity: Number(event.target.value) / 100 })}><output>${percent}%</output></label>
        ${this.note(spec)}${spec.scene ? nothing : this.filter(key, name)}${spec.legend && !single ? legendList(spec.legend, this.map.getZoom()) : nothing}` : nothing}</li>`;
  }

  /** @param {string} key @param {string} name */
  filter(key, name) {
    const columns = this.stack.columns(key);
    const chosen = this.filters.get(key) ?? { column: '', sign: '==', value: '' };
    const set = (/** @type {Partial<import('../core/layer_filter.js').Choice>} */ change) => {
      const now = { ...chosen, ...change };
      this.filters.set(key, now);
      this.stack.setFilter(key, conditionOf(now, columns.get(now.column) ?? false));
      this.render();
    };
    return html`<details class="layer-filter"><summary>${gettext('Filter')}${chosen.value ? html` · ${chosen.column} ${WORDS[chosen.sign]} ${chosen.value}` : nothing}</summary><div>
      <select aria-label=${`${gettext('Filter by column')}: ${name}`} @change=${(/** @type {any} */ event) => set({ column: event.target.value })}>
        <option value="">—</option>${[...columns.keys()].map((column) => html`<option ?selected=${column === chosen.column}>${column}</option>`)}</select>
      <select aria-label=${`${gettext('Comparison')}: ${name}`} @change=${(/** @type {any} */ event) => set({ sign: event.target.value })}>
        ${SIGNS.map((sign) => html`<option value=${sign} ?selected=${sign === chosen.sign}>${WORDS[sign]}</option>`)}</select>
      <input aria-label=${`${gettext('Filter value')}: ${name}`} .value=${chosen.value} @input=${(/** @type {any} */ event) => set({ value: event.target.value })}></div></details>`;
  }

  /** From which zoom on it is drawn, when it is not now. @param {import('../map/layer_stack.js').Spec} spec */
  note(spec) {
    const layers = spec.style?.layers ?? [];
    const zoom = this.map.getZoom();
    const from = Math.min(...layers.map((layer) => layer.minzoom ?? 0));
    const to = Math.max(...layers.map((layer) => layer.maxzoom ?? 99));
    if (!layers.length || (zoom >= from && zoom < to)) return nothing;
    return html`<p class="muted layer-note">${zoom < from ? gettext('Zoom in to see it') : gettext('Zoom out to see it')}
      <button type="button" class="btn" @click=${() => this.map.setZoom(zoom < from ? Math.ceil(from) : Math.ceil(to) - 1)}>${gettext('Zoom there')}</button></p>`;
  }
}
