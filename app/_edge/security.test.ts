import { expect, test } from 'vitest';
import { pageHeaders } from './security.ts';

const policyWith = (logo: string | null) =>
  pageHeaders({}, { isHttps: true, logo })['Content-Security-Policy'];

// Seen red: the owner's own picture was refused by our own policy.
test('the owner’s logo may be shown, and nothing else of where it comes from', () => {
  expect(policyWith('https://cdn.example.com/a/logo.png?x=1;script-src *')).toContain(
    "; img-src 'self' data: https://cdn.example.com;",
  );
  expect(policyWith('https://cdn.example.com/logo.png')).toContain("script-src 'self';");
  for (const logo of [null, '/logo.svg', 'https://', 'data:image/png;base64,AA=='])
    expect(policyWith(logo)).toContain("; img-src 'self' data:;");
});
