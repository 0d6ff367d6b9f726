// Forms with data-passkey: the browser asks for the passkey, its answer goes out with the form.

import { creationOptions, credentialJSON, requestOptions } from '../core/credentials.js';

/** @param {HTMLFormElement} form */
async function ask(form) {
  const token = /** @type {HTMLInputElement} */ (form.elements.namedItem('csrfmiddlewaretoken')).value;
  const answer = await fetch(form.dataset.challenge ?? '', { method: 'POST', headers: { 'X-CSRFToken': token } });
  if (!answer.ok) throw new Error(String(answer.status));
  const options = await answer.json();
  return navigator.credentials.get({ publicKey: requestOptions(options.publicKey) });
}

function make() {
  const options = JSON.parse(document.getElementById('passkey-options')?.textContent ?? '{}');
  return navigator.credentials.create({ publicKey: creationOptions(options.publicKey) });
}

/** @param {HTMLFormElement} form @param {string} words */
function say(form, words) {
  const place = /** @type {HTMLElement | null} */ (form.querySelector('p[role="alert"][hidden], p[data-said]'));
  if (!place) return;
  place.dataset.said = 'true';
  place.textContent = words;
  place.hidden = !words;
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement} button */
async function send(form, button) {
  button.disabled = true;
  say(form, '');
  try {
    const credential = await (form.dataset.passkey === 'make' ? make() : ask(form));
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('credential'));
    field.value = JSON.stringify(credentialJSON(/** @type {PublicKeyCredential} */ (credential)));
    form.submit();
  } catch {
    say(form, form.dataset.failed ?? '');
    button.disabled = false;
  }
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[data-passkey]'))) {
  const button = form.querySelector('button');
  if (!button) continue;
  if (!window.isSecureContext || !window.PublicKeyCredential) {
    say(form, form.dataset.unable ?? '');
    continue;
  }
  button.disabled = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form, button);
  });
}
