// Databases and work to put into them. For tests only.

import 'fake-indexeddb/auto';
import { hashBlob } from '../../../static/js/field/store/hash.js';
import { uuid7 } from '../../../static/js/field/store/ids.js';
import { keepPhoto } from '../../../static/js/field/store/photos.js';
import { openStore } from '../../../static/js/field/store/database.js';
import { record } from '../../../static/js/field/store/outbox.js';

export const WHO = { device: uuid7(), author: 7 };
let next = 100;

/** A database that no other test has. */
export function fresh() { return openStore(next += 1); }

export function note(text = '到场', id = uuid7()) {
  return { op_id: uuid7(), entity: 'inspection', id, site: 's1', changes: { site: [null, 's1'], note: [null, text] } };
}

/** A photograph that waits, with its announcement; `blob` is what stands behind it. */
export async function photoWaiting(db, bytes) {
  const blob = new Blob([bytes]);
  const op_id = uuid7();
  const row = {
    id: uuid7(), site: 's1', inspection: 'v1', op_id, size: blob.size, sha256: await hashBlob(blob), type: 'image/jpeg', role: 'during',
    taken_at: new Date().toISOString(), lon: null, lat: null, accuracy_m: null, bearing_deg: null, state: 'draft', offset: 0,
  };
  await keepPhoto(db, row, blob);
  const spec = { op_id, entity: 'photo', id: row.id, site: 's1', changes: { site: [null, 's1'], sha256: [null, row.sha256], size: [null, row.size] } };
  await record(db, WHO, [spec], { photos: [row] });
  return row;
}
