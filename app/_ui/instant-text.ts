/** Instants are written in UTC; the page's script rewrites them in the reader's zone when asked to. */
export type InstantForm = 'time' | 'second' | 'day' | 'short' | 'dated' | 'full';

const forms: Record<InstantForm, Intl.DateTimeFormatOptions> = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  dated: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
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

/** `2026-11` as people say it. */
export function writeMonth(month: string, lang: string): string {
  const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
  const atMs = Date.parse(`${month}-01T00:00:00Z`);
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(atMs);
}
