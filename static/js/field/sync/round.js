// One round: who am I to the server, text out, text in, pictures out.

import * as api from './api.js';
import { askHeld, pushAll } from './push.js';
import { pullAll, pullReference } from './pull.js';
import { sendPhotos } from './uploads.js';
import { enterEpoch, sweep, unsent } from '../store/outbox.js';
import { waitingPhotos } from '../store/photos.js';

/** @typedef {import('../store/database.js').Database} Database */

/** Somebody else is signed in: nothing of this user's is sent in their name. */
export class OtherUser extends Error {
  /** @param {import('../store/types.js').Person} person */
  constructor(person) {
    super('other-user');
    this.person = person;
  }
}

/**
 * @param {Database} db @param {number} user @param {import('./push.js').Device} device
 * @param {(doing: string) => void} doing @param {() => void} moved something changed that a screen may show
 * @param {() => Promise<boolean>} isTight whether the disk is nearly full
 */
export async function syncRound(db, user, device, doing, moved, isTight) {
  doing('hello');
  const told = await api.hello();
  if (told.user.id !== user) throw new OtherUser(told.user);
  await enterEpoch(db, told.epoch);
  const counts = async () => ({ unsent: (await unsent(db)).length, unsent_photos: (await waitingPhotos(db)).length });
  doing('push');
  while (await pushAll(db, told.csrf, device, counts)) moved(); // until nothing moves: more may be saved meanwhile
  doing('pull');
  if (await pullReference(db)) moved();
  await pullAll(db, device.id, moved);
  doing('photos');
  if (await sendPhotos(db, told.csrf, moved)) await pullAll(db, device.id, moved);
  await askHeld(db, told.csrf);
  await sweep(db, Date.now(), await isTight());
  moved();
}
