// Handing the tablet over. Nothing is removed; without network the server is told at the next contact.

import * as api from './sync/api.js';
import { recall, remember } from './store/tablet.js';

/** @param {FieldApp} app */
export async function signOut(app) {
  app.engine.stop();
  await remember('leaving', app.person.id);
  await remember('person', undefined);
  await endSession(app.settings.logout).catch(() => {});
  location.replace('/field/');
}

/** End the session of whoever has left, if it is still theirs. Rejects without network. @param {string} logout address */
export async function endSession(logout) {
  const leaving = await recall('leaving');
  if (leaving === undefined) return;
  try {
    const told = await api.hello();
    if (told.user.id === leaving) {
      await fetch(logout, { method: 'POST', headers: { 'X-CSRFToken': told.csrf }, redirect: 'manual' });
    }
  } catch (error) {
    if (!(error instanceof api.SignedOut)) throw error;
  }
  await remember('leaving', undefined);
}
