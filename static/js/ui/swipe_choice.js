// Which two layers or scenes a swipe lies between: any of those that the map has.

import { html, render } from '../vendor/lit-html/lit-html.js';
import { isOpen, whenOpened } from './when_open.js';
import { pick } from '../core/settings.js';
import { addSwipe } from '../map/swipe.js';

/** @typedef {import('../map/layer_stack.js').LayerStack} LayerStack */

export class SwipeChoice {
  /** @param {HTMLElement} element @param {L.Map} map @param {LayerStack} stack @param {() => void} changed */
  constructor(element, map, stack, changed) {
    this.element = element;
    this.map = map;
    this.stack = stack;
    this.changed = changed;
    this.keys = ['', ''];
    /** @type {{remove: () => void} | null} */
    this.swipe = null;
    whenOpened(element, () => this.render());
    this.render();
  }

  /** As the address keeps it: two keys. @param {string | null} text */
  read(text) {
    const keys = (text ?? '').split('~');
    if (keys.length === 2 && keys.every((key) => this.stack.specs.has(key))) this.choose(keys);
  }

  write() {
    return this.swipe ? this.keys.join('~') : '';
  }

  /** @param {string[]} keys left and right */
  choose(keys) {
    this.keys = keys;
    this.swipe?.remove();
    this.swipe = null;
    const [left, right] = keys;
    if (left && right && left !== right) {
      this.stack.apply(this.stack.states.map((state) => (keys.includes(state.key) ? { ...state, on: true } : state)));
      this.swipe = addSwipe(this.map, this.side(left), this.side(right));
    }
    this.render();
    this.changed();
  }

  /** @param {string} key */
  side(key) {
    return { pane: this.stack.pane(key), label: this.nameOf(key) };
  }

  /** @param {string} key */
  nameOf(key) {
    const spec = this.stack.specs.get(key);
    return [pick(spec?.name), spec?.scene?.date].filter(Boolean).join(' · ');
  }

  render() {
    if (!isOpen(this.element)) return;
    render(html`${[gettext('Left'), gettext('Right')].map((name, side) => this.select(name, side))}
      <button type="button" class="btn" ?disabled=${!this.swipe} @click=${() => this.choose(['', ''])}>${gettext('End')}</button>`, this.element);
  }

  /** @param {string} name @param {number} side */
  select(name, side) {
    return html`<label class="field"><span class="label">${name}</span><select @change=${(/** @type {any} */ event) => this.choose(this.keys.map((key, at) => (at === side ? event.target.value : key)))}>
      <option value="" ?selected=${!this.keys[side]}>—</option>${[...this.stack.specs.keys()].map((key) => html`<option value=${key} ?selected=${key === this.keys[side]}>${this.nameOf(key)}</option>`)}</select></label>`;
  }
}
