// The field app begins: who held this tablet last, and is somebody else signed in now? Without network it opens for the
// one who held it last.

import { mapSettings } from '../core/settings.js';
import { openApp } from '../field/app.js';
import { keepLanguage } from '../field/language.js';
import { siteOf } from '../field/scan.js';
import { welcome } from '../field/screens/welcome.js';
import { endSession } from '../field/sign_out.js';
import { holder, remember } from '../field/store/tablet.js';
import * as api from '../field/sync/api.js';
import { watchWorker } from '../field/worker_link.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const settings = /** @type {any} */ (mapSettings());

/** @type {FieldApp | null} */
let app = null;
let hasUpdate = false;

watchWorker(() => {
  hasUpdate = true;
  if (app) Object.assign(app, { hasUpdate }).draw();
}).catch((error) => console.warn(error));
const board = siteOf(location.href, location.origin);
if (board) history.replaceState(null, '', `${settings.home}#/sites/${board}`);
keepLanguage().catch(() => {});
root.replaceChildren();
await begin();

async function begin() {
  const known = await holder();
  if (known) {
    await open(known);
    api.hello().then(async ({ user }) => { if (user.id !== known.id && !app?.form && !app?.opened) await handOver(user); }).catch(() => {});
    return;
  }
  try {
    await endSession(settings.logout);
    await open((await api.hello()).user);
  } catch (error) {
    welcome(root, settings, error instanceof api.SignedOut ? 'signed-out' : 'offline', begin);
    document.body.dataset.ready = 'true';
  }
}

/** @param {import('../field/store/types.js').Person} person */
async function open(person) {
  await remember('person', person);
  app = await openApp(root, person);
  Object.assign(app, { hasUpdate }).draw();
  document.body.dataset.ready = 'true';
}

/** Somebody else has signed in: the page begins again with their own database. @param {import('../field/store/types.js').Person} person */
async function handOver(person) {
  await remember('person', person);
  location.reload();
}
