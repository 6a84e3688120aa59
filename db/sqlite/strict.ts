import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Run after `npm run migrations`: adds what drizzle-kit cannot write. */

/** STRICT everywhere; a table whose key has several columns is its own index. */
export function makeStrict(sql: string): string {
  return sql.replace(/CREATE TABLE[\s\S]*?\n\)( STRICT[^;]*)?;/g, (table) => {
    const isKeyed = /^\tPRIMARY KEY\(/m.test(table);
    return table.replace(/\n\)( STRICT[^;]*)?;$/, `\n) STRICT${isKeyed ? ', WITHOUT ROWID' : ''};`);
  });
}

if (import.meta.main) {
  const folder = new URL('./migrations/', import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.sql'))) {
    const path = new URL(name, folder);
    writeFileSync(path, makeStrict(readFileSync(path, 'utf8')));
  }
}
