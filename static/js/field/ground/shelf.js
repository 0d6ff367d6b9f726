// The archives of the map that a tablet carries: which there are, how far one is that comes, and what the server last said
// that there would be. Everything that is told here outlives a kill; a piece counts once it is on the disk.

import { amend, recall } from '../store/tablet.js';

/**
 * @typedef {object} Offer An archive that the server has or makes, of a layer's present revision.
 * @property {string} key @property {[string, string]} name @property {string} revision
 * @property {'ready' | 'making' | 'failed'} state @property {number} share of the making, 0 to 1
 * @property {string} url @property {number} bytes @property {string} made_at ISO 8601; '' and 0 unless it is ready; failed: it is being tried again
 *
 * @typedef {object} Carried An archive on the tablet, or what is here of one.
 * @property {string} key @property {[string, string]} name @property {string} revision @property {string} url
 * @property {number} bytes @property {string} made_at ISO 8601 @property {string} etag of the file
 * @property {number} pieces that are here @property {boolean} isWhole
 *
 * @typedef {{carried: Record<string, Carried>, coming: Record<string, Carried>, offers: Offer[], asked_at: number}} Ground by layer
 */

export const PIECE = 4 * 1024 * 1024;

/** @returns {Ground} */
function empty() { return { carried: {}, coming: {}, offers: [], asked_at: 0 }; }

/** @returns {Promise<Ground>} */
export async function readGround() { return (await recall('ground')) ?? empty(); }

/** @param {(ground: Ground) => void} change @returns {Promise<Ground>} as it stands on the disk afterwards */
export function changeGround(change) {
  return amend('ground', (known) => {
    const ground = known ?? empty();
    change(ground);
    return ground;
  });
}

/** @param {Carried} archive @param {number} number */
export function pieceName({ key, revision }, number) { return `${key}~${revision}~${number}`; }

/** Every piece that something counts on. @param {Ground} ground */
export function piecesOf(ground) {
  const archives = [...Object.values(ground.carried), ...Object.values(ground.coming)];
  return new Set(archives.flatMap((archive) => Array.from({ length: archive.pieces }, (_none, at) => pieceName(archive, at))));
}

/** What can be fetched and is not here yet. @param {Ground} ground @returns {Offer[]} */
export function wantedOf({ offers, carried }) {
  return offers.filter((offer) => offer.state === 'ready' && carried[offer.key]?.revision !== offer.revision);
}

/** Bytes that are still to come. @param {Ground} ground @param {Offer} offer */
export function leftOf({ coming }, offer) {
  const part = coming[offer.key];
  return part?.revision === offer.revision ? Math.max(0, offer.bytes - part.pieces * PIECE) : offer.bytes;
}

/** Carried archives of which the server has, or makes, a newer one. @param {Ground} ground @returns {Carried[]} */
export function outdatedOf({ offers, carried }) {
  return offers.map(({ key, revision }) => (carried[key] && carried[key].revision !== revision ? carried[key] : null)).filter((one) => one !== null);
}

/** When the oldest of the carried ones was made, ms since 1970; 0 without any. @param {Ground} ground */
export function ageOf({ carried }) {
  const times = Object.values(carried).map(({ made_at: made }) => Date.parse(made));
  return times.length ? Math.min(...times) : 0;
}
