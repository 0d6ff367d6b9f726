// What a press on a reference layer's feature opens: its name and its attributes, as they were delivered.

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { nameOf } from '../map/layer_stack.js';
import { pick } from '../core/settings.js';

const HIDDEN = new Set(['name', 'name_en']);

/** @param {import('../map/layer_stack.js').Found} found */
export function featurePopup(found) {
  const element = document.createElement('div');
  const rows = Object.entries(found.properties).filter(([key, value]) => !HIDDEN.has(key) && value !== null && value !== '');
  render(html`<h3>${nameOf(found)}</h3><p class="muted">${pick(found.layer.name)}${found.layer.schematic ? html` · ${gettext('schematic')}` : nothing}</p>
    ${rows.length ? html`<dl class="attributes">${rows.map(([key, value]) => html`<dt>${key}</dt><dd>${String(value)}</dd>`)}</dl>` : nothing}`, element);
  return element;
}
