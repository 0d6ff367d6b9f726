// Nobody holds the tablet yet.

import { html, nothing, render } from '../../vendor/lit-html/lit-html.js';
import { pick } from '../../core/settings.js';

/** @param {HTMLElement} root @param {any} settings @param {'offline' | 'signed-out'} why @param {() => void} again */
export function welcome(root, settings, why, again) {
  render(html`<main class="page narrow" id="main"><h1>${pick(settings.city)} ${gettext('Field work')}</h1>
    <section class="card"><p>${why === 'offline' ? gettext('The server cannot be reached, and nobody is signed in on this tablet. What was saved here is still here.') : gettext('Please sign in. What was saved on this tablet is still here.')}</p>
    <p class="buttons"><a class="btn btn-primary big" href=${settings.login}>${gettext('Sign in')}</a>
      ${why === 'offline' ? html`<button type="button" class="btn big" @click=${again}>${gettext('Try again')}</button>` : nothing}</p></section></main>`, root);
}
