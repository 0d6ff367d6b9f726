// The service worker of the field app: keeps the app itself, whole and of one version, and the ground of its map. It has
// no part in saving or sending: what somebody did is in the database, whatever becomes of this.

/** @type {{entries: {url: string, sha256: string}[], shells: Record<string, string>, pages: string, version: string}} shells: the page's address by language, the city's first */
const FIELD = /** @type {any} */ (self).FIELD;
const worker = /** @type {any} */ (self);
const APP = `field-app-${FIELD.version}-${FIELD.pages}`;
const GROUND = 'field-ground';
const KEPT = new Set(FIELD.entries.map(({ url }) => url));
const PAGES = /^\/field\/(sites\/[0-9a-f-]{36}\/)?$/; // the app, and where the codes on boards lead
const GROUND_ITEMS = /^\/layers\/[^/]+\/items\.geojson$/;

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(keepAll()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(takeOver()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const answer = answerTo(event.request);
  if (answer) event.respondWith(answer);
});
// The page says when no form is open.
worker.addEventListener('message', (/** @type {any} */ event) => {
  if (event.data === 'take-over') worker.skipWaiting();
});

/** All or nothing: a new version is installed only when each of its files is what the server said that it is. */
async function keepAll() {
  const cache = await caches.open(APP);
  await Promise.all(FIELD.entries.map(async (entry) => {
    if (!await cache.match(entry.url)) await cache.put(entry.url, await fetched(entry));
  }));
}

/** @param {{url: string, sha256: string}} entry @returns {Promise<Response>} */
async function fetched({ url, sha256 }) {
  const known = await caches.match(url); // of an older version: the same bytes under the same name
  if (known && await digest(known.clone()) === sha256) return known;
  const response = await fetch(url, { cache: 'no-cache', redirect: 'error', credentials: 'same-origin' });
  if (!response.ok || await digest(response.clone()) !== sha256) throw new Error(`${url} is not what was announced`);
  return response;
}

/** @param {Response} response */
async function digest(response) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function takeOver() {
  for (const name of await caches.keys()) if (name.startsWith('field-app-') && name !== APP) await caches.delete(name);
  await worker.clients.claim();
}

/** @param {Request} request @returns {Promise<Response> | null} null leaves it to the network */
function answerTo(request) {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return null;
  if (request.mode === 'navigate') return PAGES.test(url.pathname) ? shell(request) : null;
  if (KEPT.has(url.pathname)) return kept(url.pathname, request);
  return GROUND_ITEMS.test(url.pathname) ? ground(request) : null;
}

/** The page in the language that the tablet has chosen. @param {Request} request */
async function shell(request) {
  const choice = await (await caches.open('field-language')).match('/field/language');
  const language = (await choice?.text()) ?? '';
  return kept(FIELD.shells[language] ?? Object.values(FIELD.shells)[0], request);
}

/** @param {string} url @param {Request} request */
async function kept(url, request) {
  return (await (await caches.open(APP)).match(url)) ?? fetch(request);
}

/** What is here at once, and what is new for the next time. @param {Request} request */
async function ground(request) {
  const cache = await caches.open(GROUND);
  const known = await cache.match(request);
  const fresh = fetch(request).then((response) => {
    const isOurs = response.ok && (response.headers.get('Content-Type') ?? '').includes('json');
    if (isOurs) cache.put(request, response.clone());
    return response;
  });
  if (!known) return fresh;
  fresh.catch(() => {});
  return known;
}
