// How long to wait before asking again: longer each time, never so long that a network which has healed is not
// noticed within a minute, and not all tablets at once.

export const LONGEST_MS = 45_000;
export const CALM_MS = 60_000; // between two rounds when all is well
const FIRST_MS = 2_000;

/** @param {number} failures in a row, from 1 on @param {number} asked what the server asked for, ms @param {() => number} random */
export function waitMs(failures, asked = 0, random = Math.random) {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.max(asked, step * (0.5 + random() / 2));
}
