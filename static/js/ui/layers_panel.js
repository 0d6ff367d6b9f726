// The layers of a map: what is on, in which order, how opaque, and what the signs mean.

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { legendList, swatch } from './legend.js';
import { startDrag } from './row_drag.js';
import { isOpen, whenOpened } from './when_open.js';
import { SIGNS, conditionOf } from '../core/layer_filter.js';
import { inGroups } from '../core/layer_groups.js';
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
    this.groups = (/** @type {LayerState[]} */ states) => inGroups(states, (key) => this.groupOf(key));
    stack.known = this.together(stack.known);
    stack.apply(this.together(stack.states));
    whenOpened(element, () => this.render());
    this.render();
  }

  /** @param {LayerState[]} states */
  together(states) {
    return this.groups(states).flatMap((group) => group.states);
  }

  /** What a layer's group is called; imagery is one. @param {string} key */
  groupOf(key) {
    const spec = this.stack.specs.get(key);
    return spec?.scene ? gettext('Imagery in this view') : pick(spec?.group) || gettext('Layers');
  }

  /** @param {LayerState[]} states */
  apply(states) {
    this.stack.apply(this.together(states));
    this.render();
    this.changed();
  }

  /** @param {string} key @param {Partial<LayerState>} change */
  change(key, change) {
    this.apply(this.stack.states.map((state) => (state.key === key ? { ...state, ...change } : state)));
  }

  /** Past its neighbour that is listed in its group. @param {string} key @param {number} by -1 up, 1 down */
  move(key, by) {
    const group = this.groupOf(key);
    const listed = this.listed().map((state) => state.key).filter((one) => this.groupOf(one) === group);
    const neighbour = listed[listed.indexOf(key) + by];
    if (!neighbour) return;
    this.place(key, neighbour);
    this.tell(this.nameOf(key), listed.indexOf(key) + by + 1, listed.length);
    this.focus(`[data-key="${key}"] [data-move="${by}"]`);
  }

  /** A whole group past its neighbour that is listed. @param {string} name @param {number} by */
  moveGroup(name, by) {
    const listed = this.groups(this.listed()).map(({ key }) => key);
    const groups = this.groups(this.stack.states);
    const [from, to] = [name, listed[listed.indexOf(name) + by]].map((one) => groups.findIndex(({ key }) => key === one));
    if (to < 0) return;
    this.apply(moved(groups, from, to).flatMap(({ states }) => states));
    this.tell(name, listed.indexOf(name) + by + 1, listed.length);
    this.focus(`[data-group="${CSS.escape(name)}"] [data-move="${by}"]`);
  }

  /** @param {string} name @param {number} place @param {number} all */
  tell(name, place, all) {
    this.said = interpolate(gettext('%(name)s is now %(place)s of %(all)s'), { name, place, all }, true);
    this.render();
  }

  /** Whoever pressed a button by the keyboard presses it again. @param {string} selector */
  focus(selector) {
    /** @type {HTMLElement | null} */ (this.element.querySelector(`${selector}:enabled`))?.focus();
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
    if (!isOpen(this.element)) return;
    const groups = this.groups(this.listed());
    render(html`${groups.map(({ key, states }, at) => this.section(key, states, groups.length > 1 ? at : -1, groups.length))}
      <p class="visually-hidden" role="status">${this.said}</p>`, this.element);
  }

  /** @param {string} name @param {LayerState[]} states @param {number} at -1 for the only one @param {number} all */
  section(name, states, at, all) {
    const button = (/** @type {number} */ by) => this.mover(name, by, by < 0 ? at === 0 : at === all - 1, () => this.moveGroup(name, by));
    return html`<div class="layer-head layer-group" data-group=${name}><h3>${name}</h3>${at < 0 ? nothing : html`${button(-1)}${button(1)}`}</div>
      <ol class="layer-list">${states.map((state) => this.row(state, states))}</ol>`;
  }

  /** @param {string} name @param {number} by @param {boolean} last @param {() => void} act */
  mover(name, by, last, act) {
    return html`<button type="button" data-move=${by} ?disabled=${last} aria-label=${`${by < 0 ? gettext('Move up') : gettext('Move down')}: ${name}`} @click=${act}>${by < 0 ? '↑' : '↓'}</button>`;
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
        ${this.mover(name, -1, at === 0, () => this.move(key, -1))}${this.mover(name, 1, at === listed.length - 1, () => this.move(key, 1))}
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
