// Bringing the map's archives to the tablet: piece by piece, so that a broken connection, a stop or a kill costs one piece
// at most. The one that is carried is drawn from until the new one is whole.

import * as api from '../sync/api.js';
import { PIECE, changeGround, pieceName, piecesOf, readGround } from './shelf.js';

/**
 * @typedef {import('./shelf.js').Offer} Offer
 * @typedef {import('./shelf.js').Carried} Carried
 * @typedef {import('./shelf.js').Ground} Ground
 * @typedef {import('./pieces.js').Pieces} Pieces
 */

/** What the server has of these layers; what it does not have it is asked to make. @param {string[]} keys @returns {Promise<Ground>} */
export async function askGround(keys) {
  const offers = (await api.ground(keys)).filter((/** @type {Offer} */ offer) => keys.includes(offer.key));
  return changeGround((ground) => {
    ground.offers = offers;
    ground.asked_at = Date.now();
    for (const key of Object.keys(ground.carried)) if (!keys.includes(key)) delete ground.carried[key];
  });
}

/**
 * Fetch one archive, from where it stands. Rejects with what it failed of: Unreachable, Refusal (410: the layer has changed
 * meanwhile), or the disk's own error, after which what had come of it is let go.
 * @param {Pieces} pieces @param {Offer} offer @param {(bytes: number) => void} tell how much is here @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether it is whole
 */
export async function fetchArchive(pieces, offer, tell, signal) {
  let part = await begun(offer);
  for (let from = part.pieces * PIECE; from < part.bytes; from += PIECE) {
    if (signal.aborted) return false;
    const to = Math.min(from + PIECE, part.bytes);
    tell(from);
    const got = await api.piece(part.url, from, to, part, (bytes) => tell(from + bytes), signal).catch((error) => {
      if (signal.aborted) return null;
      throw error;
    });
    if (!got) return false;
    part = await kept(pieces, part, got);
  }
  await finish(pieces, part);
  return true;
}

/** What is here of it already, or nothing yet. @param {Offer} offer @returns {Promise<Carried>} */
async function begun({ key, name, revision, url, bytes, made_at }) {
  const known = (await readGround()).coming[key];
  if (known?.revision === revision && known.bytes === bytes && known.made_at === made_at) return known;
  return { key, name, revision, url, bytes, made_at, etag: '', pieces: 0, isWhole: false };
}

/** @param {Pieces} pieces @param {Carried} part @param {{blob: Blob, etag: string}} got @returns {Promise<Carried>} */
async function kept(pieces, part, got) {
  try {
    await pieces.put(pieceName(part, part.pieces), got.blob);
  } catch (error) {
    await giveUp(pieces, part.key); // room for photographs
    throw error;
  }
  const grown = { ...part, etag: got.etag, pieces: part.pieces + 1 };
  await changeGround((ground) => { ground.coming[part.key] = grown; });
  return grown;
}

/** @param {Pieces} pieces @param {Carried} part */
async function finish(pieces, part) {
  const ground = await changeGround((now) => {
    delete now.coming[part.key];
    now.carried[part.key] = { ...part, isWhole: true };
  });
  await pieces.keepOnly(piecesOf(ground));
}

/** @param {Pieces} pieces @param {string} key */
export async function giveUp(pieces, key) {
  await pieces.keepOnly(piecesOf(await changeGround((ground) => { delete ground.coming[key]; })));
}

/** The tablet's map goes, for room. @param {Pieces} pieces */
export async function dropGround(pieces) {
  await pieces.keepOnly(piecesOf(await changeGround((ground) => Object.assign(ground, { carried: {}, coming: {} }))));
}
