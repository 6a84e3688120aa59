/** A page's address in a language: English has no prefix. */
export function localPath(lang: string, path: string): string {
  if (lang !== 'zh') return path;
  return path === '/' || path.startsWith('/?') ? `/zh${path.slice(1)}` : `/zh${path}`;
}
