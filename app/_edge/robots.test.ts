import { expect, test } from 'vitest';
import { robots } from './robots.ts';

test('search engines are told where not to go, and of the map only where there is an address for it', () => {
  expect(robots('https://status.example.com')).toContain(
    '\nSitemap: https://status.example.com/sitemap.xml\n',
  );
  expect(robots(null)).not.toContain('Sitemap');
  for (const path of ['/admin', '/zh/admin', '/subscriptions/'])
    expect(robots(null)).toContain(`Disallow: ${path}\n`);
});
