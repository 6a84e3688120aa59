import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import { Card } from './card.tsx';
import { Main } from './main.tsx';

/** Rendered as an ordinary page: Next's own way of saying "not found" shows nothing without scripts. */
export function NotFound({ words }: { words: Words }) {
  return (
    <Main isNarrow status={404}>
      <h1>{words.notFound.title}</h1>
      <Card>
        <p>{words.notFound.text}</p>
        <p>
          <a href={localPath(words.lang, '/')}>{words.notFound.home}</a>
        </p>
      </Card>
    </Main>
  );
}
