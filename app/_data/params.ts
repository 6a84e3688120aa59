/** What Next gives a page. */
export interface PageProps {
  params: Promise<{ lang: string; id?: string | string[]; slug?: string[] }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export function param(
  search: Record<string, string | string[] | undefined>,
  name: string,
): string | undefined {
  const value = search[name];
  return Array.isArray(value) ? value[0] : value;
}
