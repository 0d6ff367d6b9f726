// A server that keeps what it was sent, behind a fetch that can be told to fail. For tests only.

import { createHash } from 'node:crypto';

export class FakeServer {
  constructor({ user = 7 } = {}) {
    this.user = user;
    this.epoch = 'e1';
    this.ops = new Map();
    this.photos = new Map();
    this.pages = [];
    this.seen = [];
    /** @type {((path: string, init: any) => Response | undefined | Promise<Response | undefined>) | null} */
    this.fault = null;
  }

  install() { globalThis.fetch = (path, init = {}) => this.answer(String(path), init); }

  async answer(path, init) {
    this.seen.push(`${init.method ?? 'GET'} ${path.split('?')[0]}`);
    const fault = await this.fault?.(path, init);
    if (fault) return fault;
    if (this.user === null) return json({ type: '/problems/not-signed-in/', title: 'Please sign in' }, 401, 'application/problem+json');
    if (path === '/api/sync/hello') return json({ user: { id: this.user, username: 'x' }, csrf: 'token', epoch: this.epoch });
    if (path === '/api/sync/reference') return json({ programmes: [], workflows: [], districts: [], city: null });
    if (path === '/api/sync/push') return this.push(JSON.parse(init.body));
    if (path === '/api/sync/receipt') return json({ ops: [], photos: [] });
    if (path.startsWith('/api/sync/changes')) return this.changes(new URLSearchParams(path.split('?')[1]).get('cursor'));
    return this.photo(path.split('/').pop(), init);
  }

  push(content) {
    const results = content.ops.map(({ body, sha256 }) => {
      const op = JSON.parse(body);
      if (createHash('sha256').update(body).digest('hex') !== sha256) return { op_id: op.op_id, status: 'quarantined', code: 'hash-mismatch' };
      if (this.ops.has(op.op_id)) return { op_id: op.op_id, status: 'duplicate', first: 'applied' };
      this.ops.set(op.op_id, op);
      if (op.entity === 'photo') this.photos.set(op.id, { bytes: Buffer.alloc(0), size: op.changes.size[1], state: 'waiting' });
      return { op_id: op.op_id, status: 'applied', revision: 2 };
    });
    return json({ epoch: this.epoch, results });
  }

  changes(cursor) {
    if (cursor && !cursor.startsWith(this.epoch)) return json({ type: '/problems/resync-needed/', title: 'anew' }, 410, 'application/problem+json');
    return json(this.pages.shift() ?? { cursor: `${this.epoch}.s.9`, more: false, sites: [], gone: [], operations: [] });
  }

  async photo(id, init) {
    const found = this.photos.get(id);
    if (!found) return json({ type: '/problems/not-found/', title: 'none' }, 404, 'application/problem+json');
    if (init.method === 'PATCH') {
      const at = Number(init.headers['Upload-Offset']);
      if (at !== found.bytes.length) return json({ type: '/problems/upload-offset/' }, 409, 'application/problem+json');
      found.bytes = Buffer.concat([found.bytes, Buffer.from(await init.body.arrayBuffer())]);
      if (found.bytes.length === found.size) found.state = 'verified';
    }
    const headers = { 'Upload-Offset': String(found.bytes.length), 'Upload-State': found.state, 'Tus-Resumable': '1.0.0' };
    return new Response(null, { status: init.method === 'PATCH' ? 204 : 200, headers });
  }
}

export function json(content, status = 200, type = 'application/json') {
  return new Response(JSON.stringify(content), { status, headers: { 'Content-Type': type } });
}
