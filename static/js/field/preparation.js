// "Prepare my area": the last pictures of the sites, and the map's archives. What is to come is told with its size before
// anything comes; it can be stopped at any time, and goes on where it stands.

import { fetchPictures, lastPictures, missing } from './area.js';
import { wholeOf } from './ground/archive.js';
import { askGround, dropGround, fetchArchive } from './ground/fetching.js';
import { openPieces } from './ground/pieces.js';
import { changeGround, leftOf, readGround, wantedOf } from './ground/shelf.js';
import { isFull } from './storage.js';
import { Refusal, Unreachable } from './sync/api.js';
import { MOST_WHOLE } from '../map/layer_stack.js';

/**
 * @typedef {import('./ground/shelf.js').Ground} Ground
 * @typedef {'idle' | 'looking' | 'told' | 'fetching'} Stage
 */

const MAKING_MS = 4_000;

export class Preparation {
  /** @param {FieldApp} app */
  constructor(app) {
    this.app = app;
    /** @type {string[]} layers that come as tiles */
    this.keys = app.settings.layers.filter((/** @type {any} */ layer) => layer.count > MOST_WHOLE).map((/** @type {any} */ layer) => layer.key);
    /** @type {Ground} */
    this.ground = { carried: {}, coming: {}, offers: [], asked_at: 0 };
    /** @type {Stage} */
    this.stage = 'idle';
    /** @type {import('./area.js').Wanted[]} */
    this.pictures = [];
    this.told = { done: 0, total: 0, failed: 0 };
    this.bytes = { here: 0, total: 0 };
    this.words = '';
    this.abort = new AbortController();
    this.timer = 0;
  }

  /** What the tablet carries, and what the server has, if it answers. */
  async start() {
    this.ground = await withoutLost(await readGround());
    if (!this.keys.length) return;
    try {
      this.ground = await askGround(this.keys);
    } catch {
      // No network: what was known stays known.
    }
  }

  get maps() { return wantedOf(this.ground); }

  get making() { return this.ground.offers.filter(({ state }) => state !== 'ready'); }

  /** Bytes that are still to come. */
  get left() {
    return this.pictures.reduce((sum, { bytes }) => sum + bytes, 0) + this.maps.reduce((sum, offer) => sum + leftOf(this.ground, offer), 0);
  }

  async look() {
    clearTimeout(this.timer);
    if (this.stage === 'fetching') return;
    if (this.stage === 'idle') this.turn('looking', '');
    this.pictures = await missing(this.app.db, lastPictures(this.app.model?.sites.values() ?? []));
    try {
      if (this.keys.length) this.ground = await askGround(this.keys);
      this.turn('told', '');
    } catch (error) {
      this.turn('idle', sentence(error));
    }
    // The server draws one: how far it is is asked for while somebody looks.
    if (this.making.length && this.app.route === 'sync') this.timer = Number(setTimeout(() => this.look(), MAKING_MS));
  }

  async fetch() {
    clearTimeout(this.timer);
    this.abort = new AbortController();
    this.told = { done: 0, total: this.pictures.length, failed: 0 };
    this.turn('fetching', '');
    try {
      Object.assign(this.told, await fetchPictures(this.app.db, this.pictures, (told) => { Object.assign(this.told, told); this.app.draw(); }, this.abort.signal));
      await navigator.locks.request('field-ground', { ifAvailable: true }, (lock) => (lock ? this.fetchMaps() : undefined));
      this.turn('idle', this.outcome());
    } catch (error) {
      this.turn('idle', sentence(error));
    }
    this.ground = await readGround();
    this.app.draw();
  }

  async fetchMaps() {
    const pieces = await openPieces();
    for (const offer of this.maps) {
      this.bytes = { here: 0, total: offer.bytes };
      await fetchArchive(pieces, offer, (here) => { this.bytes = { here, total: offer.bytes }; this.app.draw(); }, this.abort.signal);
      this.ground = await readGround();
    }
  }

  async drop() {
    await dropGround(await openPieces());
    this.ground = await readGround();
    this.app.draw();
  }

  outcome() {
    if (this.abort.signal.aborted) return gettext('Stopped. What has come is kept, and the rest goes on from there.');
    if (this.told.failed) return interpolate(gettext('%(failed)s pictures could not be fetched; try again with a better connection.'), this.told, true);
    return gettext('Done.');
  }

  /** @param {Stage} stage @param {string} words */
  turn(stage, words) {
    Object.assign(this, { stage, words });
    this.app.draw();
  }
}

/** What the browser has cleared away is to be fetched again. @param {Ground} ground */
async function withoutLost(ground) {
  /** @type {string[]} */
  const lost = [];
  for (const archive of Object.values(ground.carried)) if (!await wholeOf(archive)) lost.push(archive.key);
  return lost.length ? changeGround((now) => { for (const key of lost) delete now.carried[key]; }) : ground;
}

/** @param {unknown} error */
function sentence(error) {
  if (isFull(error)) return gettext('The tablet is full. What was fetched before is here, and so is everything that you recorded; make room and try again.');
  if (error instanceof Unreachable) return gettext('The connection broke off. What has come is kept, and the rest goes on from there.');
  if (error instanceof Refusal && error.status === 410) return gettext('The map has just changed at the office. Look again what is to be fetched.');
  return error instanceof Error ? error.message : String(error);
}
