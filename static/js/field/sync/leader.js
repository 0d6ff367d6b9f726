// Of all open tabs one speaks to the server. When it closes, the browser gives its lock to the next.

/**
 * Resolves in the tab that leads, as soon as it does. Without Web Locks every tab leads, which is harmless: each
 * operation is done once, whoever brings it.
 * @param {string} name @param {AbortSignal} signal lets go
 */
export function lead(name, signal) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((/** @type {(value: void) => void} */ leads) => {
    const until = new Promise((/** @type {(value: void) => void} */ ends) => signal.addEventListener('abort', () => ends()));
    navigator.locks.request(name, { signal }, () => {
      leads();
      return until;
    }).catch(() => {}); // let go before it ever led
  });
}
