// SHA-256 piece by piece. The browser's own takes a whole file at once, and only behind HTTPS.
// Source: FIPS 180-4, sections 4.1.2, 5 and 6.2.

const BLOCK = 64;
const CONSTANTS = primesRoots(64, 1 / 3);
const START = primesRoots(8, 1 / 2);

/** The first 32 bits of the fractional parts of a root of the first primes. @param {number} count @param {number} power */
function primesRoots(count, power) {
  const found = new Uint32Array(count);
  for (let number = 2, at = 0; at < count; number++) {
    let isPrime = true;
    for (let factor = 2; factor * factor <= number; factor++) isPrime &&= number % factor !== 0;
    if (isPrime) found[at++] = Math.floor((number ** power % 1) * 2 ** 32);
  }
  return found;
}

export class Sha256 {
  constructor() {
    this.state = START.slice();
    this.words = new Uint32Array(BLOCK);
    this.rest = new Uint8Array(BLOCK);
    this.held = 0;
    this.length = 0;
  }

  /** @param {Uint8Array} bytes */
  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.held) {
      at = Math.min(BLOCK - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < BLOCK) return;
      this.block(this.rest, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.block(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.held = bytes.length - at;
  }

  /** The digest in hexadecimal; nothing can be added afterwards. */
  hex() {
    const bits = this.length * 8;
    this.rest[this.held++] = 0x80;
    if (this.held > BLOCK - 8) {
      this.rest.fill(0, this.held);
      this.block(this.rest, 0);
      this.held = 0;
    }
    this.rest.fill(0, this.held);
    const view = new DataView(this.rest.buffer);
    view.setUint32(BLOCK - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(BLOCK - 4, bits >>> 0);
    this.block(this.rest, 0);
    return [...this.state].map((word) => word.toString(16).padStart(8, '0')).join('');
  }

  /** @param {Uint8Array} bytes @param {number} at */
  block(bytes, at) {
    const { words, state } = this;
    for (let i = 0; i < 16; i++, at += 4) {
      words[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const [x, y] = [words[i - 15], words[i - 2]];
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      words[i] = words[i - 16] + s0 + words[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + CONSTANTS[i] + words[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0;
      d = c; c = b; b = a; a = (one + two) | 0;
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] += word;
  }
}

/** @param {number} word @param {number} by */
function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}
