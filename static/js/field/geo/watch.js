// Where the tablet is. Errors 2 and 3 (W3C Geolocation, §8) pass by themselves; only a refusal ends it.

import { average } from './average.js';
import { metresBetween } from './nearness.js';

/**
 * @typedef {import('./average.js').Fix} Fix
 * @typedef {import('./average.js').Place} Place
 * @typedef {'off' | 'seeking' | 'fixed' | 'refused' | 'missing'} Reception
 */

const KEPT_FIXES = 20;
const KEPT_MS = 60_000;
const MOVED_M = 30; // who has moved on is not averaged with where they were

export class Whereabouts {
  /** @param {() => void} moved */
  constructor(moved) {
    this.moved = moved;
    /** @type {Fix[]} */
    this.fixes = [];
    /** @type {Reception} */
    this.reception = 'off';
    /** @type {number | null} degrees from north, while moving */
    this.heading = null;
    this.id = 0;
    /** @type {Set<(fix: Fix) => void>} each fix as it comes */
    this.heard = new Set();
  }

  start() {
    if (this.id) return;
    if (!navigator.geolocation) {
      this.reception = 'missing';
      return;
    }
    this.reception = 'seeking';
    this.id = navigator.geolocation.watchPosition((found) => this.take(found), (error) => this.fail(error), { enableHighAccuracy: true, maximumAge: 0, timeout: 30_000 });
  }

  /** @param {GeolocationPosition} found */
  take({ coords, timestamp }) {
    const fix = { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy, at: timestamp };
    this.fixes = this.fixes.filter((old) => fix.at - old.at < KEPT_MS && metresBetween([old.lon, old.lat], [fix.lon, fix.lat]) < Math.max(MOVED_M, 2 * fix.accuracy));
    this.fixes = [...this.fixes, fix].slice(-KEPT_FIXES);
    this.heading = Number.isFinite(coords.heading) ? coords.heading : null;
    this.reception = 'fixed';
    for (const hear of this.heard) hear(fix);
    this.moved();
  }

  /** @param {GeolocationPositionError} error */
  fail(error) {
    if (error.code === error.PERMISSION_DENIED) {
      this.reception = 'refused';
      navigator.geolocation.clearWatch(this.id);
      this.id = 0;
    } else if (!this.fixes.length) this.reception = 'seeking';
    this.moved();
  }

  /** @returns {Place | null} */
  place() { return average(this.fixes, Date.now()); }
}
