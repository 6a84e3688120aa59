/** What is for one reader only is not for search engines; a map of the pages wants the whole address. */
export function robots(url: string | null): string {
  const lines = [
    'User-agent: *',
    'Disallow: /admin',
    'Disallow: /zh/admin',
    'Disallow: /subscriptions/',
    'Disallow: /acknowledge/',
    'Allow: /',
    ...(url === null ? [] : [`Sitemap: ${url}/sitemap.xml`]),
  ];
  return `${lines.join('\n')}\n`;
}
