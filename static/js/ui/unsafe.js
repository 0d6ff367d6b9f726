// Markup that our own code made (never a user's text), for lit-html.

import { html } from '../vendor/lit-html/lit-html.js';

/** @type {Map<string, ReturnType<typeof html>>} */
const templates = new Map();

/** A template of its own for each, so that what is drawn again unchanged stays as it is. @param {string} markup of our own symbols */
export function unsafe(markup) {
  let found = templates.get(markup);
  if (!found) {
    found = html(Object.assign([markup], { raw: [markup] }));
    templates.set(markup, found);
  }
  return found;
}
