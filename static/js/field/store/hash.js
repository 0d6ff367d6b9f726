// SHA-256 in hexadecimal. Of a short text at once, so that a transaction need not wait; of a photograph by the browser.

import { Sha256 } from '../../core/sha256.js';

const PIECE = 4 * 1024 * 1024;

/** Of the text's UTF-8 bytes. @param {string} text */
export function hashText(text) {
  const hash = new Sha256();
  hash.update(new TextEncoder().encode(text));
  return hash.hex();
}

/** @param {Blob} blob */
export async function hashBlob(blob) {
  if (globalThis.crypto?.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const hash = new Sha256();
  for (let at = 0; at < blob.size; at += PIECE) hash.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
  return hash.hex();
}
