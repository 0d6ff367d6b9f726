// What is reckoned on the tablet: distance, position, forms, urgency, and a photograph's EXIF.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { average } from '../../../static/js/field/geo/average.js';
import { bearingDeg, distanceTo } from '../../../static/js/field/geo/nearness.js';
import { faults, fields, required, valueOf } from '../../../static/js/field/form/schema.js';
import { exifOf, orientationOf, upright, withExif } from '../../../static/js/field/photo/exif.js';
import { stepsFor } from '../../../static/js/field/steps.js';
import { passes, sorted, urgencyOf } from '../../../static/js/field/urgency.js';

const HERE = [124, 47];
const near = (value, wanted, off) => assert.ok(Math.abs(value - wanted) <= off, `${value} is not ${wanted} ± ${off}`);

test('a distance is to the nearest point, and nothing within a polygon', () => {
  near(distanceTo(HERE, { type: 'Point', coordinates: [124, 47.001] }), 111.2, 0.1);
  near(distanceTo(HERE, { type: 'LineString', coordinates: [[123.9, 47.001], [124.1, 47.001]] }), 111.2, 0.1);
  const square = [[123.9, 46.9], [124.1, 46.9], [124.1, 47.1], [123.9, 47.1], [123.9, 46.9]];
  const hole = [[123.99, 46.99], [124.01, 46.99], [124.01, 47.01], [123.99, 47.01], [123.99, 46.99]];
  assert.equal(distanceTo(HERE, { type: 'Polygon', coordinates: [square] }), 0);
  near(distanceTo(HERE, { type: 'Polygon', coordinates: [square, hole] }), 758, 2);
  near(distanceTo([123.8, 47], { type: 'MultiPolygon', coordinates: [[square]] }), 7_583, 5);
  assert.equal(distanceTo(HERE, null), Infinity);
  near(bearingDeg(HERE, [124.1, 47]), 90, 0.1);
  near(bearingDeg(HERE, [124, 46]), 180, 0.1);
});

test('fixes are averaged by their accuracy, and one that is far off does not count', () => {
  const fix = (lon, lat, accuracy, at = 1_000) => ({ lon, lat, accuracy, at });
  assert.equal(average([], 0), null);
  const close = [fix(124, 47, 4), fix(124.00001, 47, 4), fix(124.00002, 47.00001, 5), fix(124, 47.00001, 4, 2_000)];
  const place = average([...close, fix(124.01, 47, 8)], 3_000);
  assert.equal(place.fixes, 4);
  near(place.lon, 124.0000066, 0.000003);
  assert.ok(place.accuracy < 4 && place.accuracy >= 2);
  assert.deepEqual([place.isStale, place.isMock], [false, false]);
  const two = average([fix(124, 47, 1), fix(125, 47, 3)], 1_000);
  near(two.lon, 124.1, 1e-9);
  assert.equal(average(close, 90_000).isStale, true);
  assert.equal(average([1, 2, 3, 4].map((at) => fix(124, 47, 5, at)), 4).isMock, true);
});

const SCHEMA = {
  type: 'object', additionalProperties: false, required: ['kind'],
  properties: {
    area: { type: 'number', minimum: 0, maximum: 10, order: 1 }, kind: { type: 'string', enum: ['林', '草'], order: 0 },
    on: { type: 'string', format: 'date', order: 2 }, trees: { type: 'integer', order: 3 },
  },
  if: { properties: { kind: { const: '林' } }, required: ['kind'] },
  then: { properties: { species: { type: 'string', maxLength: 4, order: 4 } }, required: ['species'] },
  dependentRequired: { trees: ['area'] },
};

test('a field that depends on another is there, and asked for, only while it does', () => {
  const names = (values) => fields(SCHEMA, values).map(([key]) => key);
  assert.deepEqual(names({}), ['kind', 'area', 'on', 'trees']);
  assert.deepEqual(names({ kind: '林' }), ['kind', 'area', 'on', 'trees', 'species']);
  assert.deepEqual([...required(SCHEMA, { kind: '草', trees: 4 })], ['kind', 'area']);
  assert.deepEqual(faults(SCHEMA, { kind: '草' }), []);
  assert.deepEqual(faults(SCHEMA, { kind: '林' }), [{ field: 'species', rule: 'required' }]);
});

test('a value that breaks a rule is told with the rule', () => {
  const rule = (values) => faults(SCHEMA, { kind: '草', ...values }).map((one) => `${one.field} ${one.rule}`);
  assert.deepEqual(rule({ area: 11 }), ['area maximum']);
  assert.deepEqual(rule({ area: 'x' }), ['area type']);
  assert.deepEqual(rule({ kind: '木' }), ['kind enum']);
  assert.deepEqual(rule({ on: '2026-02-30' }), ['on format']);
  assert.deepEqual(rule({ trees: 1.5, area: 1 }), ['trees type']);
  assert.deepEqual(rule({ kind: '林', species: '樟子松林带' }), ['species maxLength']);
  assert.deepEqual(rule({ area: 3.5, on: '2026-02-28' }), []);
});

test('a control’s text becomes what the schema wants', () => {
  assert.equal(valueOf({ type: 'number' }, ' 3.5 '), 3.5);
  assert.equal(valueOf({ type: 'integer' }, ''), undefined);
  assert.equal(valueOf({ type: 'number' }, 'x'), 'x');
  assert.equal(valueOf({ type: 'boolean' }, 'false'), false);
  assert.equal(valueOf({ type: 'string' }, 'a '), 'a ');
});

/** A JPEG of two segments and a scan, with an EXIF orientation in the given byte order. */
function jpeg(orientation, little) {
  const tiff = new DataView(new ArrayBuffer(26));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 1, little);
  tiff.setUint16(10, 0x0112, little);
  tiff.setUint16(12, 3, little);
  tiff.setUint32(14, 1, little);
  tiff.setUint16(18, orientation, little);
  const exif = [0xff, 0xe1, 0, 34, ...Buffer.from('Exif\0\0'), ...new Uint8Array(tiff.buffer)];
  return new Uint8Array([0xff, 0xd8, ...JFIF, ...exif, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);
}
const JFIF = [0xff, 0xe0, 0, 4, 9, 9];

test('EXIF is carried over and stands upright', () => {
  for (const little of [true, false]) {
    assert.equal(orientationOf(jpeg(6, little)), 6);
    const segment = exifOf(jpeg(6, little));
    const plain = new Uint8Array([0xff, 0xd8, ...JFIF, 0xff, 0xda, 0, 2, 7, 0xff, 0xd9]);
    const joined = withExif(plain, upright(segment));
    assert.equal(orientationOf(joined), 1);
    assert.deepEqual([...joined.subarray(-7)], [0xff, 0xda, 0, 2, 7, 0xff, 0xd9]);
    assert.equal(joined.length, 2 + segment.length + 7);
    assert.equal(orientationOf(jpeg(6, little)), 6);
  }
  for (const broken of [new Uint8Array(), new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]), jpeg(6, true).subarray(0, 20)]) {
    assert.equal(orientationOf(broken), 1);
  }
});

const SITE = { name: '造林', name_en: '', code: 'ZL-1', address: '', programme: 'greening', phase: 'working', planned_end: '2026-12-01', photos: [{ taken_at: '2026-11-20T10:00:00Z' }] };

test('what was sent back comes first, then what is late, then what nobody has pictured', () => {
  const today = '2026-11-24';
  assert.equal(urgencyOf(SITE, today), '');
  assert.equal(urgencyOf({ ...SITE, phase: 'returned' }, today), 'returned');
  assert.equal(urgencyOf({ ...SITE, planned_end: '2026-11-23' }, today), 'overdue');
  assert.equal(urgencyOf({ ...SITE, planned_end: '2026-11-23', phase: 'completed' }, today), '');
  assert.equal(urgencyOf({ ...SITE, photos: [] }, today), 'unseen');
  const row = (code, urgency, distance) => ({ site: { ...SITE, code }, urgency, distance });
  const rows = [row('a', '', 5), row('b', 'unseen', 9), row('c', 'overdue', Infinity), row('d', 'overdue', 70), row('e', 'returned', 900)];
  assert.equal(sorted(rows, 'urgency').map(({ site }) => site.code).join(''), 'edcba');
  assert.equal(sorted(rows, 'distance').map(({ site }) => site.code).join(''), 'abdec');
  assert.ok(passes(SITE, { q: 'zl', programme: '', phase: '' }));
  assert.ok(!passes({ ...SITE, phase: 'accepted' }, { q: '', programme: '', phase: '' }));
  assert.ok(passes({ ...SITE, phase: 'accepted' }, { q: '造', programme: 'greening', phase: '*' }));
});

test('steps are those that the workflow and the role allow', () => {
  const step = (source, target, roles) => ({ source, target, roles, requires_photo: false, requires_note: false });
  const reference = {
    programmes: [{ key: 'greening', workflow: 'w' }],
    workflows: [{ key: 'w', states: ['a', 'b', 'c'].map((key) => ({ key, name: key, name_en: '', phase: 'working' })),
      steps: [step('a', 'b', ['inspector']), step('a', 'c', ['planner']), step('b', 'c', [])] }],
  };
  const targets = (state, role) => stepsFor(reference, { programme: 'greening', state }, role).map(({ target }) => target).join('');
  assert.deepEqual([targets('a', 'inspector'), targets('a', 'planner'), targets('a', 'administrator'), targets('b', 'inspector')], ['b', 'bc', 'bc', 'c']);
});

test('what the office asked for comes first, by its day, and not before it begins', () => {
  const site = (code, more) => ({ code, name: code, name_en: '', address: '', phase: 'working', photos: [], planned_end: null, programme: 'p', ...more });
  const ask = (begins_on, due_on) => [{ by: '王', begins_on, due_on, note: '' }];
  const sites = [
    site('A', { phase: 'returned' }), site('B', { asked: ask('2026-06-01', '2026-06-09') }), site('C', { asked: ask('2026-05-01', '2026-05-31') }),
    site('D', { phase: 'accepted', asked: ask('2026-06-01', '2026-06-05') }), site('E', { asked: ask('2026-06-20', null) }), site('F', { phase: 'accepted' }),
  ];
  const rows = sites.map((one) => ({ site: one, urgency: urgencyOf(one, '2026-06-02'), distance: Infinity }));
  assert.deepEqual(sorted(rows, 'urgency').map((row) => row.site.code), ['C', 'D', 'B', 'A', 'E', 'F']);
  assert.deepEqual(rows.map((row) => row.urgency), ['returned', 'asked', 'late', 'asked', 'unseen', '']);
  const open = { q: '', programme: '', phase: '' };
  assert.deepEqual(sites.filter((one) => passes(one, open)).map((one) => one.code), ['A', 'B', 'C', 'D', 'E']);
});
