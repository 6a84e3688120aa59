import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import type { WatchList } from '../_data/watch.ts';
import { Card } from './card.tsx';
import styles from './watch-links.module.css';

export function WatchLinks({ watch, words }: { watch: WatchList; words: Words }) {
  const links = [
    [words.watch.subscribe, localPath(words.lang, watch.subscribePath)],
    [words.watch.feed, watch.feedPath],
    [words.watch.atom, watch.atomPath],
    [words.watch.badge, watch.badgePath],
    [words.watch.embed, watch.embedPath],
  ] as const;
  return (
    <Card>
      {watch.items.length > 0 && <p>{words.watch.about(watch.items.map((i) => i.name).join(', '))}</p>}
      {watch.missing.length > 0 && <p>{words.watch.missing(watch.missing.join(', '))}</p>}
      <p className={styles.links}>
        {watch.items.length > 0 &&
          links.map(([text, href]) => (
            <a key={text} href={href}>
              {text}
            </a>
          ))}
        <a href={localPath(words.lang, '/')}>{words.watch.all}</a>
      </p>
    </Card>
  );
}
