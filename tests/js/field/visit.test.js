// A form becomes operations, and an area a list of pictures.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lastPictures } from '../../../static/js/field/area.js';
import { awayM, emptyDraft, isEmpty, operationsOf } from '../../../static/js/field/visit.js';

const SITE = { id: 's1', revision: 4, state: 'works', progress: 10, attributes: { area: 2, kind: '林' } };
const PLACE = { lon: 124, lat: 47, accuracy: 8.04, fixes: 5, at: Date.now() - 3_000, isStale: false, isMock: false };
const PHOTO = { id: 'p1', inspection: 'v', sha256: 'aa', size: 3, role: 'during', taken_at: '2026-11-24T10:00:00Z', lon: 124, lat: 47, accuracy_m: 8, bearing_deg: null };

test('a form with everything is a visit, its photographs, and one change that builds on the visit', () => {
  const draft = { ...emptyDraft(SITE), note: ' 到场 ', progress: 40, state: 'done', state_note: '因', attributes: { area: 3, kind: null } };
  const { specs, photos } = operationsOf(SITE, draft, [PHOTO], PLACE, 20);
  const [visit, picture, change] = specs;
  assert.deepEqual(specs.map(({ entity }) => entity), ['inspection', 'photo', 'site']);
  assert.deepEqual([visit.id, visit.changes.note, visit.changes.progress], [draft.inspection, [null, '到场'], [10, 40]]);
  assert.deepEqual([visit.changes.lon, visit.changes.accuracy_m, visit.changes.details[1].distance_m], [[null, 124], [null, 8], 20]);
  assert.equal(photos[0].op_id, picture.op_id);
  assert.ok(!('bearing_deg' in picture.changes));
  assert.deepEqual(change.changes, {
    'attributes.area': [2, 3], 'attributes.kind': ['林', null], state: ['works', 'done'],
    state_inspection: [null, draft.inspection], state_note: [null, '因'],
  });
  assert.deepEqual(change.depends_on, [visit.op_id]);
});

test('changes are measured against what was known when the form was opened', () => {
  const draft = { ...emptyDraft(SITE), progress: 40, attributes: { area: 5 } };
  const moved = { ...SITE, revision: 9, progress: 60, attributes: { area: 7 } };
  const [visit, change] = operationsOf(moved, draft, [], null, Infinity).specs;
  assert.deepEqual([visit.changes.progress, visit.base_rev], [[10, 40], 4]);
  assert.deepEqual(change.changes, { 'attributes.area': [2, 5] });
  assert.ok(!('lon' in visit.changes));
});

test('somebody who is surely elsewhere is asked why, and only their words are told', () => {
  assert.equal(awayM(null, 5_000), 0);
  assert.equal(awayM(PLACE, 105), 0);
  assert.equal(awayM(PLACE, 1_234.4), 1_234);
  const draft = { ...emptyDraft(SITE), note: '远', away_reason: '道路中断' };
  const reason = (distance) => operationsOf(SITE, draft, [], PLACE, distance).specs[0].changes.details[1].away_reason;
  assert.equal(reason(1_234), '道路中断');
  assert.equal(reason(20), undefined);
});

test('an empty form is empty, and a photograph alone is not', () => {
  assert.ok(isEmpty(emptyDraft(SITE), []));
  assert.ok(!isEmpty(emptyDraft(SITE), [PHOTO]));
  assert.ok(!isEmpty({ ...emptyDraft(SITE), progress: 0 }, []));
});

test('an area is the newest picture of each open site, and the one from before', () => {
  const photo = (id, role, taken_at) => ({ id, role, taken_at, url: `/photos/${id}/`, bytes: 10 });
  const site = { phase: 'working', photos: [photo('a', 'before', '2026-01-01'), photo('b', 'during', '2026-05-01'), photo('c', 'during', '2026-03-01')] };
  const ids = (sites) => lastPictures(sites).map(({ id }) => id).sort().join('');
  assert.equal(ids([site]), 'ab');
  assert.equal(ids([{ ...site, phase: 'accepted' }, { phase: 'planned', photos: [] }]), '');
  assert.equal(ids([{ phase: 'working', photos: [photo('d', 'before', null)] }]), 'd');
});
