import { type InstantForm, writeInstant } from './instant-text.ts';

const minuteMs = 60_000;

export function Instant({ atMs, form = 'short', lang }: { atMs: number; form?: InstantForm; lang: string }) {
  const zone = form === 'day' ? '' : ' UTC';
  return (
    <time dateTime={new Date(atMs).toISOString()} data-form={form}>
      {`${writeInstant(atMs, form, lang)}${zone}`}
    </time>
  );
}

/** The shortest form that is still unambiguous beside `nowMs`: the time alone within the last twelve hours. */
export function Since({ atMs, nowMs, lang }: { atMs: number; nowMs: number; lang: string }) {
  const isToday = nowMs - atMs < 720 * minuteMs;
  return <Instant atMs={atMs} form={isToday ? 'time' : 'short'} lang={lang} />;
}
