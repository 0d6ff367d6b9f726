// Recording one's way: only by the inspector's word, told of on every screen while it lasts, and ended by one press. Each
// point is on the disk when it is taken. Of several tabs one records; any of them may end it.

import { STALE_MS } from '../geo/average.js';
import { STRICT } from '../store/database.js';
import { uuid7 } from '../store/ids.js';
import { record } from '../store/outbox.js';
import { isFull } from '../storage.js';
import { emptyTrack, operationOf, withFix } from './points.js';

/**
 * @typedef {import('../geo/average.js').Fix} Fix
 * @typedef {import('../store/types.js').TrackRow} TrackRow
 */

/** After such a pause (the tablet was off) the way is another one. */
export const PAUSE_MS = 30 * 60_000;

export class Recorder {
  /** @param {FieldApp} app */
  constructor(app) {
    this.app = app;
    /** @type {TrackRow | null} the one that is being recorded */
    this.track = null;
    this.hear = (/** @type {Fix} */ fix) => this.take(fix);
    this.isTrouble = false;
    /** writes one after the other: fixes may come faster than a disk */
    this.turn = Promise.resolve();
    this.release = () => {};
  }

  /** What was being recorded when the app was closed, or is in another tab. */
  async start() {
    const track = await this.stored();
    if (!track) return;
    if (Date.now() - lastAt(track) > PAUSE_MS) return this.end(track);
    this.track = track;
    this.listen();
  }

  /** @returns {Promise<TrackRow | undefined>} */
  async stored() { return (await this.app.db.getAll('tracks'))[0]; }

  /** @param {string} site */
  async begin(site) {
    if (this.track) return;
    const track = emptyTrack(uuid7(), site, Date.now());
    try {
      await this.app.db.put('tracks', track);
    } catch (error) {
      this.app.say(isFull(error) ? gettext('The tablet is full: the way is not recorded.') : String(error));
      return;
    }
    this.track = track;
    this.listen();
    const known = this.app.whereabouts.fixes.at(-1);
    if (known && Date.now() - known.at < STALE_MS) this.take(known); // where it begins
    this.app.draw();
  }

  /** From now on, in this tab unless another one does. */
  listen() {
    this.app.whereabouts.start();
    navigator.locks.request(`field-track-${this.app.person.id}`, () => new Promise((/** @type {(value?: any) => void} */ done) => {
      if (!this.track) return done();
      this.release = done;
      this.app.whereabouts.heard.add(this.hear);
    })).catch(() => {});
  }

  silence() {
    this.app.whereabouts.heard.delete(this.hear);
    this.track = null;
    this.release();
    this.release = () => {};
  }

  /** @param {Fix} fix */
  take(fix) {
    this.turn = this.turn.then(() => this.write(fix)).catch(() => {
      if (!this.isTrouble) this.app.say(gettext('The tablet is full: the way is not recorded any further.'));
      this.isTrouble = true;
    });
  }

  /** @param {Fix} fix */
  async write(fix) {
    if (!this.track) return;
    const grown = withFix(this.track, fix, Date.now());
    if (grown === this.track) return;
    const isNews = grown.points !== this.track.points || grown.stale !== this.track.stale || grown.isMock !== this.track.isMock;
    this.track = grown;
    if (!isNews) return;
    const tx = this.app.db.transaction('tracks', 'readwrite', STRICT);
    const isThere = await tx.store.getKey(grown.id); // another tab may have ended it
    if (isThere) await tx.store.put(grown);
    await tx.done;
    this.isTrouble = false;
    if (!isThere) this.silence();
    this.app.draw();
  }

  /** By somebody's word, or with the visit that it belongs to. */
  async stop() {
    await this.turn;
    const track = await this.stored();
    this.silence();
    if (track) await this.end(track);
    this.app.draw();
  }

  /** The visit or the drawing is saved that it was recorded for. @param {string} site */
  async endFor(site) { if (this.track?.site === site) await this.stop(); }

  /** @param {TrackRow} track */
  async end(track) {
    if (track.points.length < 2) {
      await this.app.db.delete('tracks', track.id);
      this.app.say(gettext('Nothing was recorded: you did not move, or no position came.'));
      return;
    }
    await record(this.app.db, { device: this.app.device, author: this.app.person.id }, [operationOf(track, uuid7())], { track: track.id });
    this.app.engine.wrote();
    this.app.say(gettext('Your way is saved on the tablet. It is sent by itself as soon as there is a connection.'));
  }

  /** Nothing of it stays. */
  async discard() {
    await this.turn;
    const track = await this.stored();
    this.silence();
    if (track) await this.app.db.delete('tracks', track.id);
    this.app.say(gettext('What was recorded of your way is deleted.'));
  }
}

/** @param {TrackRow} track ms since 1970 */
function lastAt(track) { return track.started_at + 1000 * (track.points.at(-1)?.[2] ?? 0); }
