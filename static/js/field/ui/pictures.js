// Pictures out of the database as addresses for <img>, let go of when the screen changes.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { picture } from '../sync/api.js';

export class Pictures {
  /** @param {import('../store/database.js').Database} db @param {() => void} moved */
  constructor(db, moved) {
    this.db = db;
    this.moved = moved;
    /** @type {Map<string, string>} id to address; '' while it is looked for or when there is none */
    this.urls = new Map();
    /** @type {Map<string, Promise<void>>} */
    this.searches = new Map();
  }

  /** A photograph of this tablet, or one that the server has. @param {string} id @param {string} [url] of the server */
  url(id, url) {
    if (!this.urls.has(id)) {
      this.urls.set(id, '');
      this.searches.set(id, this.find(id, url));
    }
    return this.urls.get(id) ?? '';
  }

  /** Once it is known whether there is one; '' without. @param {string} id @param {string} [url] */
  async found(id, url) {
    this.url(id, url);
    await this.searches.get(id);
    return this.url(id, url);
  }

  /** @param {string} id @param {string} [url] */
  async find(id, url) {
    const blob = await this.db.get('blobs', id) ?? await this.db.get('evidence', id) ?? (url && await this.fetched(id, url));
    if (!blob) return;
    this.urls.set(id, URL.createObjectURL(blob));
    this.moved();
  }

  /** @param {string} id @param {string} url */
  async fetched(id, url) {
    try {
      const blob = await picture(url);
      this.db.put('evidence', blob, id).catch(() => {}); // a full disk: it is shown all the same
      return blob;
    } catch {
      return undefined;
    }
  }

  clear() {
    for (const url of this.urls.values()) if (url) URL.revokeObjectURL(url);
    this.urls.clear();
    this.searches.clear();
  }
}

/** @param {Pictures} pictures @param {string} id @param {string} words @param {string} [url] */
export function shown(pictures, id, words, url) {
  const address = pictures.url(id, url);
  return address ? html`<img src=${address} alt=${words}>` : html`<span class="no-picture">${words || nothing}</span>`;
}
