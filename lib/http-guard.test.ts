import { expect, test } from 'vitest';
import { isPublicAddress, literalAddress, loopbackPolicy, strictPolicy } from './http-guard.ts';

const refused = [
  '127.0.0.1 0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 169.254.169.254 168.63.129.16 192.0.0.1 192.88.99.1',
  '198.18.0.1 203.0.113.5 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1',
  '::127.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::7f00:1 2002:7f00:1:: 2001:0:4136:e378:8000:63bf:80ff:fffe',
  'fe80::1 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 3fff::1 100::1 5f00::1 2001:20::1 2001:2::1 fec0::1',
]
  .join(' ')
  .split(' ');

// Seen red with only the loopback refused.
test.each(refused)('U1: %s is no public address', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '2606:4700::1111', '1.1.1.1', '2a00:1450:4001:80b::200e'])('%s is one', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(['', 'example.com', 'fe80::1%eth0', '::ffff:169.254.169.254'])(
  'what is no plain public address is refused: %s',
  (address) => {
    expect(isPublicAddress(address)).toBe(false);
  },
);

test.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://127.1/',
  'http://0/',
  'http://0177.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:7f00:1]/',
  'http://①②⑦.⓪.⓪.①/',
])('%s spells an address that the guard sees', (text) => {
  const address = literalAddress(new URL(text).hostname);
  expect(address).not.toBeNull();
  expect(strictPolicy.isAddressAllowed(address ?? '')).toBe(false);
});

test('strangers are called on the ports of the web only', () => {
  expect([80, 443, 8080, 22, 6379].map(strictPolicy.isPortAllowed)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('the policy of tests differs from the strict one by one address and the ports', () => {
  expect(loopbackPolicy.isAddressAllowed('127.0.0.1')).toBe(true);
  expect(refused.slice(1).some(loopbackPolicy.isAddressAllowed)).toBe(false);
});
