import type { ViewContext } from './context.ts';
import { readFresh } from './fresh.ts';
import { firstLine } from './overview.ts';
import type { WatchedAnswer } from './watch.ts';

export interface EmbedView {
  title: string;
  answer: WatchedAnswer;
  names: string[];
  untilMs: number | null;
  position: string;
  url: string;
  isEmpty: boolean;
}

export function embedView(ctx: ViewContext, scope: string | undefined): EmbedView {
  const fresh = readFresh(ctx);
  const { watch, answer } = firstLine(ctx, fresh, scope);
  return {
    title: ctx.settings.title,
    answer,
    names: watch?.items.map((item) => item.name) ?? [],
    untilMs: fresh.untilMs,
    position: fresh.position,
    url: ctx.settings.url ?? '/',
    isEmpty: fresh.freshness === 'never',
  };
}
