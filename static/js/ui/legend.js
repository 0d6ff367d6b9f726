// A style's legend, drawn from the entries that the server makes of it.

import { html, nothing, svg } from '../vendor/lit-html/lit-html.js';
import { pick } from '../core/settings.js';

/** @typedef {import('../core/settings.js').LegendEntry} LegendEntry */

/** @param {LegendEntry[]} entries @param {number} [zoom] what is not drawn at it is dimmed */
export function legendList(entries, zoom) {
  return html`<ul class="legend">${entries.map((entry) => html`<li class=${zoom !== undefined && !isSeen(entry, zoom) ? 'is-unseen' : ''}>
    ${entry.heading ? nothing : swatch(entry)}<span>${entry.heading ? html`<b>${pick([entry.label, entry.label_en])}</b>` : pick([entry.label, entry.label_en])}</span></li>`)}</ul>`;
}

/** @param {{minzoom: number, maxzoom: number}} entry @param {number} zoom */
export function isSeen(entry, zoom) {
  return zoom >= entry.minzoom && zoom < entry.maxzoom;
}

/** The symbol in a box of 28 by 20. @param {LegendEntry} entry */
export function swatch({ type, symbol }) {
  const shape = { circle, line, fill: area, symbol: text }[type] ?? area;
  return html`<svg width="28" height="20" viewBox="0 0 28 20" aria-hidden="true">${shape(symbol)}</svg>`;
}

/** @param {Record<string, any>} symbol */
function circle(symbol) {
  const radius = Math.min(8, symbol['circle-radius']);
  return svg`<circle cx="14" cy="10" r=${radius} fill=${symbol['circle-color']} fill-opacity=${symbol['circle-opacity']}
    stroke=${symbol['circle-stroke-color']} stroke-width=${Math.min(3, symbol['circle-stroke-width'])}/>`;
}

/** @param {Record<string, any>} symbol */
function line(symbol) {
  const width = Math.min(8, Math.max(1, symbol['line-width']));
  const dashes = symbol['line-dasharray']?.map((/** @type {number} */ part) => part * width).join(' ') ?? 'none';
  return svg`<path d="M2 15L10 6L18 13L26 5" fill="none" stroke=${symbol['line-color']} stroke-opacity=${symbol['line-opacity']}
    stroke-width=${width} stroke-dasharray=${dashes} stroke-linecap=${symbol['line-cap']} stroke-linejoin="round"/>`;
}

/** @param {Record<string, any>} symbol */
function area(symbol) {
  return svg`<rect x="2" y="2" width="24" height="16" fill=${symbol['fill-color']} fill-opacity=${symbol['fill-opacity']}
    stroke=${symbol['fill-outline-color'] ?? '#8794a0'} stroke-width="1"/>`;
}

/** @param {Record<string, any>} symbol */
function text(symbol) {
  return svg`<text x="14" y="15" text-anchor="middle" font-size="14" fill=${symbol['text-color']}>文</text>`;
}
