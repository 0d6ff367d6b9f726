// Room on the tablet: asked to be kept, and told in time that it gets short.

export const LOW_BYTES = 500_000_000;

/** @typedef {{isKept: boolean, free: number | null}} Room free: bytes, as far as the browser tells; null when it does not */

/** Ask the browser not to clear away what is here. @returns {Promise<Room>} */
export async function room() {
  const isKept = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false;
  const told = await navigator.storage?.estimate?.();
  const free = told?.quota === undefined || told.usage === undefined ? null : told.quota - told.usage;
  return { isKept, free };
}

export async function isTight() {
  const { free } = await room();
  return free !== null && free < LOW_BYTES;
}

/** Whether that is what a write failed of. @param {unknown} error */
export function isFull(error) {
  return error instanceof DOMException && (error.name === 'QuotaExceededError' || error.name === 'UnknownError');
}
