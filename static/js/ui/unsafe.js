// Markup that our own code made (never a user's text), for lit-html.

import { html } from '../vendor/lit-html/lit-html.js';

/** @type {Map<string, Element>} */
const parsed = new Map();

/** @param {string} markup of our own symbols */
export function unsafe(markup) {
  let element = parsed.get(markup);
  if (!element) {
    const holder = document.createElement('template');
    holder.innerHTML = markup;
    element = /** @type {Element} */ (holder.content.firstElementChild);
    parsed.set(markup, element);
  }
  return html`${element.cloneNode(true)}`;
}
