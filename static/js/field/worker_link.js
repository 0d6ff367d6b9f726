// The page's side of the service worker: registering it, and letting a new version in when no form is open.

/** @param {() => void} waiting called when a new version is ready */
export async function watchWorker(waiting) {
  if (!navigator.serviceWorker) return;
  let isReloading = false;
  const hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (!hadOne || isReloading) return; // the first one takes over a page that is of its version already
    isReloading = true;
    location.reload();
  });
  const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/field/' });
  const look = () => { if (registration.waiting && navigator.serviceWorker.controller) waiting(); };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {});
  });
}

/** Ask for a new version now; nothing happens without network. */
export async function lookForUpdate() {
  const registration = await navigator.serviceWorker?.getRegistration('/field/');
  await registration?.update().catch(() => {});
}

/** Every page is loaded anew with it: only when no form is open. */
export async function takeUpdate() {
  const registration = await navigator.serviceWorker.getRegistration('/field/');
  registration?.waiting?.postMessage('take-over');
}

/** The map's ground, which a first visit draws before there is a worker to keep it. @param {string[]} urls */
export async function keepGround(urls) {
  if (!globalThis.caches || !navigator.serviceWorker) return;
  await navigator.serviceWorker.ready;
  const cache = await caches.open('field-ground');
  for (const url of urls) if (!await cache.match(url)) await cache.add(url);
}
