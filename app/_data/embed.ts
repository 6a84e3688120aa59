import { type Answer, answerOf } from './answer.ts';
import type { ViewContext } from './context.ts';
import { readFresh } from './fresh.ts';
import { narrowed, watchList } from './watch.ts';

export interface EmbedView {
  title: string;
  answer: Answer;
  names: string[];
  untilMs: number | null;
  position: string;
  url: string;
  isEmpty: boolean;
}

export function embedView(ctx: ViewContext, scope: string | undefined): EmbedView {
  const fresh = readFresh(ctx);
  const watch = watchList(fresh, scope);
  const answer = answerOf(watch ? narrowed(fresh, watch) : fresh, ctx.nowMs);
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
