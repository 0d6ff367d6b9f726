// When to speak to the server: at the start, when something was saved, when the page comes to the front, when the network
// says that it is back, by the clock, and when somebody asks. The browser's own idea of being online is never trusted.

import { REVOKED, Refusal, SignedOut, Unreachable } from './api.js';
import { CALM_MS, waitMs } from './backoff.js';
import { lead } from './leader.js';
import { OtherUser, syncRound } from './round.js';
import { fetchThumbs } from './thumbs.js';

/**
 * @typedef {object} Status
 * @property {'' | 'hello' | 'push' | 'pull' | 'photos'} doing
 * @property {'' | 'offline' | 'portal' | 'busy' | 'server' | 'signed-out' | 'other-user' | 'revoked' | 'refused' | 'broken'} problem
 * @property {string} words what the server says of it @property {number} at of the last good round, ms since 1970
 * @property {import('../store/types.js').Person} [other] who is signed in instead
 */

export class Engine {
  /**
   * @param {{db: import('../store/database.js').Database, user: number, device: import('./push.js').Device, isTight: () => Promise<boolean>}} given
   */
  constructor({ db, user, device, isTight }) {
    this.db = db;
    this.user = user;
    this.device = device;
    this.isTight = isTight;
    /** @type {Status} */
    this.status = { doing: '', problem: '', words: '', at: 0 };
    this.leads = false;
    this.failures = 0;
    this.timer = 0;
    this.running = false;
    this.again = false;
    this.isBringing = false;
    this.ended = new AbortController();
    this.channel = new BroadcastChannel(`field-${user}`);
    /** @type {Set<() => void>} */
    this.listeners = new Set();
  }

  start() {
    const { signal } = this.ended;
    this.channel.addEventListener('message', ({ data }) => this.hear(data), { signal });
    addEventListener('online', () => this.poke(), { signal });
    addEventListener('focus', () => this.poke(), { signal });
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') this.poke(); }, { signal });
    lead(`field-sync-${this.user}`, signal).then(() => {
      this.leads = true;
      this.run();
    });
    this.channel.postMessage({ kind: 'ask' });
  }

  stop() {
    this.ended.abort();
    clearTimeout(this.timer);
    this.channel.close();
  }

  /** Sync now, wherever the leader is. */
  poke() {
    if (this.leads) this.run();
    else this.channel.postMessage({ kind: 'wake' });
  }

  /** Something was written down here: tell the other tabs, and send it. */
  wrote() {
    this.tell();
    this.poke();
  }

  /** @param {() => void} listener called when what a screen shows may have changed */
  listen(listener) { this.listeners.add(listener); }

  /** @param {any} message */
  hear(message) {
    if (message.kind === 'wake' && this.leads) this.run();
    if (message.kind === 'ask' && this.leads) this.tell();
    if (message.kind === 'moved') {
      if (message.status) this.status = message.status;
      for (const listener of this.listeners) listener();
    }
  }

  tell() {
    if (this.ended.signal.aborted) return;
    this.channel.postMessage({ kind: 'moved', status: this.leads ? this.status : undefined });
    for (const listener of this.listeners) listener();
  }

  async run() {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    clearTimeout(this.timer);
    let asked = 0;
    do {
      this.again = false;
      asked = await this.once();
    } while (this.again && !this.status.problem && !this.ended.signal.aborted);
    this.running = false;
    this.status = { ...this.status, doing: '' };
    this.tell();
    const wait = this.failures ? waitMs(this.failures, asked) : CALM_MS;
    if (!this.ended.signal.aborted) this.timer = Number(setTimeout(() => this.run(), wait));
  }

  /** Beside the exchanges, which wait for none of it; what fails is tried after the next one. */
  async bringThumbs() {
    if (this.isBringing || await this.isTight()) return;
    this.isBringing = true;
    try {
      await fetchThumbs(this.db);
    } catch {
      // no network, or no room
    } finally {
      this.isBringing = false;
    }
  }

  /** @returns {Promise<number>} how long the server asks us to wait, ms */
  async once() {
    const doing = (/** @type {any} */ what) => {
      this.status = { ...this.status, doing: what };
      this.tell();
    };
    try {
      await syncRound(this.db, this.user, this.device, doing, () => this.tell(), this.isTight);
      this.failures = 0;
      this.status = { doing: '', problem: '', words: '', at: Date.now() };
      await this.db.put('meta', this.status.at, 'synced_at');
      this.bringThumbs();
      return 0;
    } catch (error) {
      this.failures += 1;
      this.status = { ...this.status, ...troubleOf(error), doing: '' };
      return error instanceof Unreachable ? error.waitMs : 0;
    }
  }
}

/** @param {unknown} error @returns {{problem: Status['problem'], words: string, other?: any}} */
function troubleOf(error) {
  if (error instanceof Unreachable) return { problem: error.kind, words: '' };
  if (error instanceof SignedOut) return { problem: 'signed-out', words: '' };
  if (error instanceof OtherUser) return { problem: 'other-user', words: '', other: error.person };
  if (error instanceof Refusal) return { problem: error.slug === REVOKED ? 'revoked' : 'refused', words: error.message };
  console.warn(error);
  return { problem: 'broken', words: String(error) };
}
