import { en, type Words } from './en.ts';
import { zh } from './zh.ts';

export type Lang = 'en' | 'zh';
export type { Words } from './en.ts';

const languages: Record<Lang, Words> = { en, zh };

export function wordsFor(lang: string): Words {
  return languages[lang === 'zh' ? 'zh' : 'en'];
}
