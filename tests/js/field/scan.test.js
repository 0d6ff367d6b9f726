// Only boards of this server are followed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { siteOf } from '../../../static/js/field/scan.js';

const HERE = 'https://works.example';
const ID = '01a20ec9-86fa-75cd-83c5-53d240019fea';

test('an address of a board names its site', () => {
  assert.equal(siteOf(`${HERE}/field/sites/${ID}/`, HERE), ID);
});

test('another server, another page and what is no address name none', () => {
  for (const address of [
    `https://evil.example/field/sites/${ID}/`, `http://works.example/field/sites/${ID}/`, `${HERE}@evil.example/field/sites/${ID}/`,
    `${HERE}/accounts/logout/?next=/field/sites/${ID}/`, `${HERE}/field/sites/${ID}/inspect/`, `${HERE}/field/sites/1/`,
    `javascript:alert(1)//${HERE}/field/sites/${ID}/`, 'WIFI:S:x;;', '',
  ]) assert.equal(siteOf(address, HERE), '', address);
});
