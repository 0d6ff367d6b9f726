// Asking the server, and believing only what is surely its answer: a captive portal answers 200 to everything.

/** There is no server at the other end just now: no network, a dead server, or somebody else who answers for it. */
export class Unreachable extends Error {
  /** @param {'offline' | 'portal' | 'busy' | 'server'} kind @param {number} [waitMs] what the server asked for */
  constructor(kind, waitMs = 0) {
    super(kind);
    this.kind = kind;
    this.waitMs = waitMs;
  }
}

/** Nobody is signed in. Saving goes on. */
export class SignedOut extends Error {}

/** A refusal in the server's own words (problem+json, RFC 9457). */
export class Refusal extends Error {
  /** @param {number} status @param {any} problem */
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.slug = String(problem.type ?? '').split('/').filter(Boolean).pop() ?? '';
    this.problem = problem;
  }
}

export const REVOKED = 'device-revoked';
const ANSWER_MS = 30_000;

/**
 * @param {string} path @param {RequestInit & {waitMs?: number}} [init] @returns {Promise<Response>} of our server, with any status below 400
 */
async function ask(path, { waitMs = ANSWER_MS, ...init } = {}) {
  let response;
  try {
    response = await fetch(path, {
      ...init, redirect: 'error', cache: 'no-store', credentials: 'same-origin', signal: limited(waitMs, init.signal),
      headers: { Accept: 'application/json', ...init.headers },
    });
  } catch {
    throw new Unreachable('offline');
  }
  if (response.status === 304 || response.ok) return response;
  if (response.status === 429 || response.status === 503) {
    throw new Unreachable('busy', 1000 * (Number(response.headers.get('Retry-After')) || 0));
  }
  const problem = await jsonOf(response);
  if (response.status === 401 && !String(problem.type).includes(REVOKED)) throw new SignedOut();
  if (response.status >= 500 && response.status !== 507) throw new Unreachable('server');
  throw new Refusal(response.status, problem);
}

/** @param {number} waitMs @param {AbortSignal | null} [signal] */
function limited(waitMs, signal) { return signal ? AbortSignal.any([signal, AbortSignal.timeout(waitMs)]) : AbortSignal.timeout(waitMs); }

/** @param {Response} response @returns {Promise<any>} an object; whatever is no JSON of ours is a portal's */
async function jsonOf(response) {
  if (!/^application\/(problem\+)?json\b/.test(response.headers.get('Content-Type') ?? '')) {
    throw new Unreachable(response.status >= 500 ? 'server' : 'portal');
  }
  try {
    const found = await response.json();
    if (found && typeof found === 'object') return found;
  } catch {
    // Cut in the middle: nothing of it counts.
  }
  throw new Unreachable('portal');
}

/** @param {boolean} isOurs */
function insist(isOurs) { if (!isOurs) throw new Unreachable('portal'); }

/** Who is signed in, and a fresh token: a page out of a cache holds a stale one. */
export async function hello() {
  const told = await jsonOf(await ask('/api/sync/hello'));
  insist(typeof told.user?.id === 'number' && typeof told.csrf === 'string' && typeof told.epoch === 'string');
  return told;
}

/** @param {string} csrf @param {any} content a JSON value @param {number} count of operations in it @returns {Promise<any>} */
export async function push(csrf, content, count) {
  const told = await jsonOf(await post('/api/sync/push', csrf, content));
  insist(Array.isArray(told.results) && told.results.length === count && typeof told.epoch === 'string');
  return told;
}

/** @param {string} csrf @param {{ops: string[], photos: string[]}} asked @returns {Promise<{ops: any[], photos: any[]}>} */
export async function receipt(csrf, asked) {
  const told = await jsonOf(await post('/api/sync/receipt', csrf, asked));
  insist(Array.isArray(told.ops) && Array.isArray(told.photos));
  return told;
}

/** @param {string | undefined} cursor @param {string} device */
export async function changes(cursor, device) {
  const query = new URLSearchParams({ device, ...(cursor ? { cursor } : {}) });
  const told = await jsonOf(await ask(`/api/sync/changes?${query}`));
  insist(typeof told.cursor === 'string' && Array.isArray(told.sites) && Array.isArray(told.gone) && Array.isArray(told.operations));
  return told;
}

/** @param {string} etag @returns {Promise<{data: any, etag: string} | null>} null when nothing is new */
export async function reference(etag) {
  const response = await ask('/api/sync/reference', etag ? { headers: { 'If-None-Match': etag } } : {});
  if (response.status === 304) return null;
  const data = await jsonOf(response);
  insist(Array.isArray(data.programmes) && Array.isArray(data.workflows));
  return { data, etag: response.headers.get('ETag') ?? '' };
}

/** Where the server stands with a photograph. @param {string} id */
export async function photoState(id) { return uploadState(await ask(`/api/sync/photos/${id}`, { method: 'HEAD' })); }

/** @param {string} csrf @param {string} id @param {number} at @param {Blob} piece */
export async function sendPiece(csrf, id, at, piece) {
  const headers = { 'X-CSRFToken': csrf, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(at), 'Tus-Resumable': '1.0.0' };
  return uploadState(await ask(`/api/sync/photos/${id}`, { method: 'PATCH', body: piece, headers, waitMs: 4 * ANSWER_MS }));
}

/** @param {Response} response @returns {{offset: number, isVerified: boolean}} */
function uploadState(response) {
  const offset = response.headers.get('Upload-Offset') ?? '';
  insist(response.headers.get('Tus-Resumable') === '1.0.0' && /^\d+$/.test(offset));
  return { offset: Number(offset), isVerified: response.headers.get('Upload-State') === 'verified' };
}

/** @param {string} path @param {string} csrf @param {any} content */
function post(path, csrf, content) {
  return ask(path, { method: 'POST', body: JSON.stringify(content), headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf } });
}

/** A picture that the server has. @param {string} url @returns {Promise<Blob>} */
export async function picture(url) {
  const response = await ask(url, { headers: { Accept: 'image/*' } });
  insist((response.headers.get('Content-Type') ?? '').startsWith('image/'));
  return response.blob();
}

/** Archives of the map's large layers; those that are not there are asked for. @param {string[]} keys of layers @returns {Promise<any[]>} */
export async function ground(keys) {
  const { csrf } = await hello();
  const told = await jsonOf(await post('/field/ground', csrf, { layers: keys }));
  insist(Array.isArray(told.layers));
  return told.layers;
}

/**
 * A piece of a file that must be the same file for each of them.
 * @param {string} url @param {number} from @param {number} to byte behind the last @param {{bytes: number, etag: string}} file etag: '' for the first piece
 * @param {(bytes: number) => void} tell what has come of it @param {AbortSignal} signal @returns {Promise<{blob: Blob, etag: string}>}
 */
export async function piece(url, from, to, file, tell, signal) {
  const headers = { Accept: '*/*', Range: `bytes=${from}-${to - 1}`, ...(file.etag ? { 'If-Range': file.etag } : {}) };
  const response = await ask(url, { headers, signal, waitMs: 4 * ANSWER_MS });
  const etag = response.headers.get('ETag') ?? '';
  const isThat = response.headers.get('Content-Range') === `bytes ${from}-${to - 1}/${file.bytes}` && (!file.etag || etag === file.etag);
  insist((response.headers.get('Content-Type') ?? '').startsWith('application/vnd.pmtiles'));
  if (response.status === 200) throw new Refusal(410, {}); // another file by now
  insist(response.status === 206 && isThat);
  const blob = await streamed(response, tell);
  insist(blob.size === to - from);
  return { blob, etag };
}

/** @param {Response} response @param {(bytes: number) => void} tell */
async function streamed(response, tell) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  try {
    for (let bytes = 0, step = await reader.read(); !step.done; step = await reader.read()) {
      parts.push(step.value);
      tell(bytes += step.value.length);
    }
  } catch {
    throw new Unreachable('offline');
  }
  return new Blob(parts);
}
