import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { isAllowedHost } from '../../../report/serve/allowed-host.ts';

test.each([
  '127.0.0.1',
  '127.0.0.1:6464',
  '[::1]:6464',
  '192.168.1.5:80',
  'localhost:6464',
  'LOCALHOST',
  `${hostname()}:6464`,
  'my.box:6464',
])('%s means this server', (header) => {
  expect(isAllowedHost(header, 'My.Box')).toBe(true);
});

test.each([
  undefined,
  '',
  'rebound.example',
  'rebound.example:6464',
  'localhost.rebound.example',
  '127.0.0.1.rebound.example',
  'rebound.example@127.0.0.1',
  'rebound.example/127.0.0.1',
  '[::1',
])('%s does not', (header) => {
  expect(isAllowedHost(header, '127.0.0.1')).toBe(false);
});
