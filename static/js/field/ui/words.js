// What states and troubles are called, in plain words.

import { ENGLISH } from '../../core/settings.js';

const LOCALE = ENGLISH ? 'en-GB' : 'zh-CN';

/** The reader's name of a row of reference data. @param {any} row */
export function nameOf(row) { return (ENGLISH && row?.name_en) || row?.name || ''; }

/** @param {number | string} moment ms since 1970, or ISO 8601 */
export function when(moment) {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(moment));
}

/** A day, as one says it. @param {number | string} moment ms since 1970, or ISO 8601 */
export function day(moment) {
  return new Intl.DateTimeFormat(LOCALE, { month: 'long', day: 'numeric' }).format(new Date(moment));
}

/** How long ago, roughly. @param {number} moment ms since 1970 */
export function ago(moment) {
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
  const minutes = Math.round((Date.now() - moment) / 60_000);
  if (minutes < 60) return words.format(-minutes, 'minute');
  return minutes < 48 * 60 ? words.format(-Math.round(minutes / 60), 'hour') : words.format(-Math.round(minutes / 1440), 'day');
}

/** @param {number} metres */
export function length(metres) {
  if (!Number.isFinite(metres)) return '';
  if (metres < 1000) return `${Math.round(metres / 10) * 10} m`;
  return `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`;
}

/** Where it lies, by the eight winds. @param {number} degrees */
export function compass(degrees) {
  const names = [gettext('north'), gettext('north-east'), gettext('east'), gettext('south-east'), gettext('south'), gettext('south-west'), gettext('west'), gettext('north-west')];
  return names[Math.round(degrees / 45) % 8];
}

/** @param {number} bytes */
export function size(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** @param {string} phase */
export function phaseName(phase) {
  switch (phase) {
    case 'planned': return gettext('Planned');
    case 'working': return gettext('In progress');
    case 'suspended': return gettext('Suspended');
    case 'returned': return gettext('Sent back');
    case 'completed': return gettext('Works complete');
    case 'accepted': return gettext('Accepted');
    default: return phase;
  }
}

/** @param {string} role of a photograph */
export function roleName(role) {
  switch (role) {
    case 'before': return gettext('Before');
    case 'during': return gettext('During');
    case 'after': return gettext('After');
    default: return gettext('Other');
  }
}

/** What became of an operation. @param {import('../store/types.js').OpRow} op */
export function stateWords(op) {
  switch (op.state) {
    case 'unsent': return gettext('on this tablet only');
    case 'applied': return gettext('arrived');
    case 'merged': return gettext('arrived; others had changed the site as well');
    case 'conflict': return gettext('arrived; the office decides between two values');
    case 'held': return gettext('arrived; waits for a record or a photograph that is on its way');
    case 'proposed': return gettext('arrived; waits for the office');
    default: return gettext('refused; kept here and by the office');
  }
}

/** @param {string} entity */
export function entityName(entity) {
  switch (entity) {
    case 'inspection': return gettext('Inspection');
    case 'photo': return gettext('Photograph');
    case 'site': return gettext('Change of the site');
    case 'track': return gettext('Recorded way');
    case 'proposal': return gettext('Proposed site');
    default: return gettext('Record');
  }
}

/** What keeps the tablet from the server. @param {import('../sync/engine.js').Status} status */
export function problemWords(status) {
  switch (status.problem) {
    case 'offline': return gettext('No connection to the server. Work goes on; it is sent when there is one.');
    case 'portal': return gettext('Somebody else answers for the server, perhaps a page that wants a log-in to this network.');
    case 'busy': return gettext('The server is busy. It is asked again by itself.');
    case 'server': return gettext('The server has a fault. It is asked again by itself.');
    case 'signed-out': return gettext('You are signed out. Saving goes on; sign in again to send.');
    case 'other-user': return interpolate(gettext('%(name)s is signed in on this tablet. What is yours waits for you.'), { name: status.other?.name ?? '' }, true);
    case 'revoked': return gettext('This tablet was taken out of use. Save what is unsent to a file and give it to the office.');
    case 'refused': case 'broken': return interpolate(gettext('Something went wrong: %(words)s'), { words: status.words }, true);
    default: return '';
  }
}
