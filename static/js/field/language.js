// The tablet's language. The worker keeps the app in both, and looks here which of them to open; so it changes without network.

import { ENGLISH } from '../core/settings.js';
import * as api from './sync/api.js';

const SHELF = 'field-language';
const CHOICE = '/field/language';
const PATIENCE_MS = 3_000;

/** Whether a worker is there that could open the other language. */
export function canSwitch() { return Boolean(globalThis.caches && navigator.serviceWorker?.controller); }

/** A tablet that has chosen none stays with the one that it began in. */
export async function keepLanguage() {
  if (!globalThis.caches) return;
  const shelf = await caches.open(SHELF);
  if (!await shelf.match(CHOICE)) await shelf.put(CHOICE, new Response(ENGLISH ? 'en' : 'zh-hans'));
}

/** The app begins again in the other language. @param {string} setting address at which the server is told */
export async function switchLanguage(setting) {
  const language = ENGLISH ? 'zh-hans' : 'en';
  await (await caches.open(SHELF)).put(CHOICE, new Response(language));
  const patience = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  await Promise.race([patience, tell(setting, language).catch(() => {})]); // without network the server's own sentences keep their language
  location.reload();
}

/** @param {string} setting @param {string} language */
async function tell(setting, language) {
  const { csrf } = await api.hello();
  await fetch(setting, { method: 'POST', headers: { 'X-CSRFToken': csrf }, body: new URLSearchParams({ language }), redirect: 'manual' });
}
