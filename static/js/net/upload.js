// Sending files in pieces, as tus 1.0 does: ask where the server stands, send from exactly there, verify at the end.

import { Sha256 } from '../core/sha256.js';

/**
 * @typedef {{name: string, size: number, fingerprint: string, url: string}} Part
 * @typedef {{title: string, complete: string, cancel: string, parts: Part[]}} Job
 * @typedef {{create: string, chunk: number, limit: number, waiting: Job[]}} UploadSettings
 */

const HASH_PIECE = 8 * 1024 * 1024;
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

/** A refusal that trying again does not change; its words are the server's. */
export class Refused extends Error {}

/** What a file is known by when it is chosen again. @param {File} file */
export function fingerprint(file) {
  return `${file.name}|${file.size}|${file.lastModified}`;
}

/** The unfinished job of these very files, in the order of its parts. @param {File[]} files @param {Job[]} waiting */
export function unfinished(files, waiting) {
  const known = new Map(files.map((file) => [fingerprint(file), file]));
  const job = waiting.find(({ parts }) => parts.length === files.length && parts.every((part) => known.has(part.fingerprint)));
  return job && { job, files: job.parts.map((part) => /** @type {File} */ (known.get(part.fingerprint))) };
}

export class Upload {
  /**
   * @param {UploadSettings} settings @param {string} token against forged requests
   * @param {(sent: number, total: number) => void} progress
   */
  constructor(settings, token, progress) {
    this.settings = settings;
    this.token = token;
    this.progress = progress;
    this.paused = false;
    /** @type {AbortController | null} */
    this.sending = null;
  }

  /** Send everything; the address of the import's page comes back, or null when it was paused. @param {File[]} given */
  async send(given) {
    const found = unfinished(given, this.settings.waiting);
    const files = found?.files ?? given;
    const job = found?.job ?? await this.create(files);
    if (!found) this.settings.waiting.push(job);
    const total = files.reduce((sum, file) => sum + file.size, 0);
    let before = 0;
    for (const [number, file] of files.entries()) {
      await this.sendPart(file, job.parts[number], (sent) => this.progress(before + sent, total));
      if (this.paused) return null;
      before += file.size;
    }
    const digests = [];
    for (const file of files) digests.push(await digest(file));
    const response = await this.ask('POST', job.complete, JSON.stringify({ sha256: digests }), 'application/json');
    return /** @type {string} */ ((await response.json()).page);
  }

  pause() {
    this.paused = true;
    this.sending?.abort();
  }

  /** @param {File[]} files @returns {Promise<Job>} */
  async create(files) {
    const told = files.map((file) => ({ name: file.name, size: file.size, fingerprint: fingerprint(file) }));
    const response = await this.ask('POST', this.settings.create, JSON.stringify({ files: told }), 'application/json');
    return response.json();
  }

  /** @param {File} file @param {Part} part @param {(sent: number) => void} progress */
  async sendPart(file, part, progress) {
    let at = await this.offset(part.url);
    let failures = 0;
    progress(at);
    while (at < file.size && !this.paused) {
      try {
        const piece = file.slice(at, at + this.settings.chunk);
        const response = await this.ask('PATCH', part.url, piece, 'application/offset+octet-stream', { 'Upload-Offset': String(at) });
        at = Number(response.headers.get('Upload-Offset'));
        failures = 0;
        progress(at);
      } catch (error) {
        if (this.paused) return;
        if (error instanceof Refused || failures >= WAITS_MS.length) throw error;
        await new Promise((wake) => { setTimeout(wake, WAITS_MS[failures]); });
        failures += 1;
        at = await this.offset(part.url).catch(() => at);
      }
    }
  }

  /** @param {string} url */
  async offset(url) {
    const response = await this.ask('HEAD', url);
    return Number(response.headers.get('Upload-Offset'));
  }

  /**
   * @param {string} method @param {string} url @param {BodyInit} [body] @param {string} [type]
   * @param {Record<string, string>} [headers]
   */
  async ask(method, url, body, type, headers = {}) {
    this.sending = new AbortController();
    const all = { 'X-CSRFToken': this.token, 'Tus-Resumable': '1.0.0', ...(type ? { 'Content-Type': type } : {}), ...headers };
    const response = await fetch(url, { method, body, headers: all, signal: this.sending.signal });
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    // 409: the server stands elsewhere, which the next HEAD tells; 5xx may pass.
    if (response.status === 409 || response.status >= 500) throw new Error(problem.title ?? String(response.status));
    throw new Refused(problem.detail || problem.title || String(response.status));
  }
}

/** @param {File} file */
async function digest(file) {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += HASH_PIECE) {
    hash.update(new Uint8Array(await file.slice(at, at + HASH_PIECE).arrayBuffer()));
  }
  return hash.hex();
}
