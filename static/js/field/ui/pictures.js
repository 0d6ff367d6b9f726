// Pictures out of the database as addresses for <img>, let go of when the screen changes. Of those that the server has the small
// copy comes first; the large one when somebody asks for it, or when the area was prepared.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { thumbKey } from '../store/photos.js';
import { picture } from '../sync/api.js';
import { size } from './words.js';

/** @typedef {{id: string, url?: string, thumb?: string, bytes?: number | null}} Sought a photograph; without addresses only this tablet may have it */

export class Pictures {
  /** @param {import('../store/database.js').Database} db @param {() => void} moved */
  constructor(db, moved) {
    this.db = db;
    this.moved = moved;
    /** @type {Map<string, {address: string, isSmall: boolean}>} address: '' while it is looked for or when there is none */
    this.known = new Map();
    /** @type {Map<string, Promise<void>>} */
    this.searches = new Map();
  }

  /** The best that is here, or else the small copy from the server. @param {Sought} sought */
  url(sought) {
    if (!this.known.has(sought.id)) {
      this.take(sought.id, undefined, true);
      this.searches.set(sought.id, this.find(sought));
    }
    return this.known.get(sought.id)?.address ?? '';
  }

  /** @param {string} id */
  isSmall(id) { return this.known.get(id)?.isSmall ?? false; }

  /** The large one if it can be had, else the small one; '' without any. @param {Sought} sought */
  async found(sought) {
    this.url(sought);
    await this.searches.get(sought.id);
    await this.enlarge(sought);
    return this.url(sought);
  }

  /** @param {Sought} sought @returns {Promise<boolean>} whether the large one is here */
  async enlarge({ id, url }) {
    if (!this.isSmall(id) || !url) return !this.isSmall(id);
    const blob = await this.fetched(id, url);
    if (blob) this.take(id, blob, false);
    return Boolean(blob);
  }

  /** @param {Sought} sought */
  async find({ id, url, thumb }) {
    const large = await this.db.get('blobs', id) ?? await this.db.get('evidence', id);
    const small = large ? undefined : await this.db.get('evidence', thumbKey(id)) ?? (url && await this.fetched(thumb ? thumbKey(id) : id, thumb ?? url));
    if (large ?? small) this.take(id, large ?? small, !large && Boolean(thumb));
  }

  /** @param {string} id @param {Blob | undefined} blob @param {boolean} isSmall */
  take(id, blob, isSmall) {
    const former = this.known.get(id)?.address;
    if (former) URL.revokeObjectURL(former);
    this.known.set(id, { address: blob ? URL.createObjectURL(blob) : '', isSmall });
    if (blob) this.moved();
  }

  /** @param {string} key in `evidence` @param {string} url */
  async fetched(key, url) {
    try {
      const blob = await picture(url);
      this.db.put('evidence', blob, key).catch(() => {}); // a full disk: it is shown all the same
      return blob;
    } catch {
      return undefined;
    }
  }

  clear() {
    for (const { address } of this.known.values()) if (address) URL.revokeObjectURL(address);
    this.known.clear();
    this.searches.clear();
  }
}

/** @param {Pictures} pictures @param {Sought} sought @param {string} words */
export function shown(pictures, sought, words) {
  const address = pictures.url(sought);
  return address ? html`<img src=${address} alt=${words}>` : html`<span class="no-picture">${words || nothing}</span>`;
}

/** The way to the large copy, with what it costs. @param {FieldApp} app @param {Sought} sought */
export function enlarger(app, sought) {
  if (!app.pictures.url(sought) || !app.pictures.isSmall(sought.id)) return nothing;
  const ask = async () => { if (!await app.pictures.enlarge(sought)) app.say(gettext('The large picture could not be fetched; there is no connection.')); };
  const words = sought.bytes ? interpolate(gettext('Large picture, %(size)s'), { size: size(sought.bytes) }, true) : gettext('Large picture');
  return html`<button type="button" class="btn enlarge" @click=${ask}>${words}</button>`;
}
