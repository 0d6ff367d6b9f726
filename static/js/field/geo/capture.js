// Taking the position of a visit: fixes are collected until their mean is as good as was asked for, or until the inspector
// says that it will do. What was taken by the inspector's word stays; the other begins again when its taker walks on.

import { aged, average } from './average.js';
import { metresBetween } from './nearness.js';

/**
 * @typedef {import('./average.js').Fix} Fix
 * @typedef {import('./average.js').Place} Place
 * @typedef {'collecting' | 'reached' | 'taken'} CaptureState reached: the target; taken: by somebody's word
 */

export const TARGETS_M = [5, 10, 20];
export const TARGET_M = 10;
const FEWEST = 4; // fewer cannot tell an outlier, nor a typed-in position from a receiver's
const MOST = 300; // five minutes of a fix a second
const MOVED_M = 30;

export class Capture {
  /** @param {number} target metres, radius of 95 % @param {Place | null} [taken] what was taken by the inspector's word before */
  constructor(target, taken = null) {
    this.target = target;
    /** @type {Fix[]} */
    this.fixes = [];
    /** @type {Place | null} */
    this.held = taken;
    /** @type {CaptureState} */
    this.state = taken ? 'taken' : 'collecting';
  }

  /** @param {Fix} fix */
  hear(fix) {
    const isElsewhere = (/** @type {{lon: number, lat: number}} */ from) => metresBetween([from.lon, from.lat], [fix.lon, fix.lat]) > Math.max(MOVED_M, 2 * fix.accuracy);
    if (this.held) {
      if (!isElsewhere(this.held)) this.held = { ...this.held, at: Math.max(this.held.at, fix.at) }; // heard of again
      else if (this.state === 'reached') this.again();
      if (this.held) return;
    }
    this.fixes = [...this.fixes.filter((old) => !isElsewhere(old)), fix].slice(-MOST);
    this.settle();
  }

  /** @param {number} target metres */
  aim(target) {
    this.target = target;
    if (this.state === 'reached') {
      this.held = null;
      this.state = 'collecting';
    }
    this.settle();
  }

  settle() {
    if (this.held || this.fixes.length < FEWEST) return;
    const place = average(this.fixes, Date.now());
    if (!place || place.accuracy > this.target) return;
    this.held = place;
    this.state = 'reached';
  }

  /** By the inspector's word: what there is. @returns {Place | null} */
  take() {
    this.held = this.place();
    if (this.held) this.state = 'taken';
    return this.held;
  }

  again() {
    this.fixes = [];
    this.held = null;
    this.state = 'collecting';
  }

  /** What would be recorded now: the held position, or the mean so far. @returns {Place | null} */
  place() {
    return this.held ? aged(this.held, Date.now()) : average(this.fixes, Date.now());
  }
}
