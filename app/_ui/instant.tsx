/** Instants are written in UTC; the page's script rewrites them in the reader's zone when asked to. */
const minuteMs = 60_000;

export type InstantForm = 'time' | 'day' | 'short' | 'full';

const forms: Record<InstantForm, Intl.DateTimeFormatOptions> = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  full: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
};
const formatters = new Map<string, Intl.DateTimeFormat>();

export function writeInstant(atMs: number, form: InstantForm, lang: string): string {
  const key = `${lang}|${form}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
    formatter = new Intl.DateTimeFormat(locale, { ...forms[form], timeZone: 'UTC' });
    formatters.set(key, formatter);
  }
  return formatter.format(atMs);
}

export function Instant({ atMs, form = 'short', lang }: { atMs: number; form?: InstantForm; lang: string }) {
  const zone = form === 'day' ? '' : ' UTC';
  return (
    <time dateTime={new Date(atMs).toISOString()} data-form={form}>
      {writeInstant(atMs, form, lang)}
      {zone}
    </time>
  );
}

/** The shortest form that is still unambiguous beside `nowMs`: the time alone within the last twelve hours. */
export function Since({ atMs, nowMs, lang }: { atMs: number; nowMs: number; lang: string }) {
  const isToday = nowMs - atMs < 720 * minuteMs;
  return <Instant atMs={atMs} form={isToday ? 'time' : 'short'} lang={lang} />;
}
