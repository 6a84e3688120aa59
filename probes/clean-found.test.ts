import { expect, test } from 'vitest';
import type { Found } from '#lib/core/plan.ts';
import { createRedact } from '#lib/redact.ts';
import { canaryKey, canaryText, keyPieces } from '#lib/testing/canary.ts';
import { cleanFound } from './clean-found.ts';
import { readEndpointList } from './kinds/endpoint-list.ts';
import { readModelList } from './kinds/model-list.ts';
import { readProviderList } from './kinds/provider-list.ts';

const redact = createRedact([canaryKey]);
const named = `Acme ${canaryText}`;

// Seen red without it: a model's name carried our key and a reversal of the line into the store.
test('U10, P4: names in lists are one clean line without our key, and ids stay what they are', () => {
  const models = readModelList({ data: [{ id: 'a/b', name: named, canonical_slug: named }] }, 'http://x/')!;
  const endpoints = readEndpointList(
    { data: { endpoints: [{ provider_name: named, tag: 'acme/fp8', name: named }] } },
    'a/b',
  )!;
  const providers = readProviderList({ data: [{ slug: 'acme', name: named }] });
  const found = [
    { kind: 'models', gateway: 'g', models: models.models },
    { kind: 'endpoints', gateway: 'g', model: 'a/b', endpoints },
    { kind: 'providers', gateway: 'g', providers },
  ] as unknown as Found[];
  const kept = JSON.stringify(found.map((one) => cleanFound(one, redact)));
  expect(keyPieces(JSON.stringify(found)).length).toBeGreaterThan(0);
  expect(keyPieces(kept)).toEqual([]);
  expect(kept).not.toMatch(/\\u001b|\u202e/);
  expect(kept).toContain('"id":"a/b"');
  expect(kept).toContain('Acme');
});
