/* Search over models and providers, fetched by live.js when somebody first wants it, and then the names once. */
const one = (selector) => document.querySelector(selector);
let names = null;

async function loadNames() {
  const { targets } = await (await fetch('/api/v1/health?view=routing&limit=1000')).json();
  const found = new Map();
  const path = (id) => id.replaceAll('/', '~');
  const prefix = document.documentElement.lang.startsWith('zh') ? '/zh' : '';
  for (const { provider, model } of targets) {
    if (model) found.set(model, `${prefix}/models/${path(model)}`);
    if (provider && provider !== 'any') {
      const base = provider.split('/')[0];
      found.set(base, `${prefix}/providers/${path(base)}`);
    }
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b));
}

export async function search(box) {
  /* What could not be fetched is fetched again when the next letter is typed. */
  names ??= loadNames().catch(() => {
    names = null;
    return [];
  });
  const known = await names;
  const wanted = box.value.trim().toLowerCase();
  const hits =
    wanted === '' ? [] : known.filter(([name]) => name.toLowerCase().includes(wanted)).slice(0, 10);
  one('[data-search-list]').replaceChildren(
    ...hits.map(([name, href]) => {
      const link = Object.assign(document.createElement('a'), { href, textContent: name });
      const item = document.createElement('li');
      item.append(link);
      return item;
    }),
  );
  one('[data-search-none]').hidden = wanted === '' || hits.length > 0;
  one('[data-search-results]').hidden = wanted === '';
}
