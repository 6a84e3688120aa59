import type { ReactNode } from 'react';
import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import styles from './shell.module.css';

interface ShellProps {
  words: Words;
  title: string;
  logo: string | null;
  links: { text: string; url: string }[];
  places: string[];
  children: ReactNode;
}

const first = ['incidents', 'explain', 'subscribe'] as const;
const second = ['compare', 'sla', 'reports', 'catalog', 'methodology', 'api'] as const;

export function Shell({ words, title, logo, links, places, children }: ShellProps) {
  const to = (path: string): string => localPath(words.lang, path);
  return (
    <>
      <a className={styles.skip} href="#main">
        {words.skip}
      </a>
      <header className={styles.top}>
        <a className={styles.brand} href={to('/')}>
          {logo ? <img src={logo} alt="" height="24" /> : <Signal />}
          <span>{title}</span>
        </a>
        <nav className={styles.nav} aria-label={words.nav.main}>
          {first.map((name) => (
            <a key={name} href={to(`/${name}`)}>
              {words.nav[name]}
            </a>
          ))}
        </nav>
        <div className={styles.tools} data-tools hidden>
          <button type="button" data-clock aria-label={words.controls.clock}>
            UTC
          </button>
          <button type="button" data-theme-toggle aria-label={words.controls.theme}>
            ◐
          </button>
        </div>
      </header>
      {children}
      <footer className={styles.foot}>
        <nav aria-label={words.nav.more}>
          {second.map((name) => (
            <a key={name} href={to(`/${name}`)}>
              {words.nav[name]}
            </a>
          ))}
          {links.map((link) => (
            <a key={link.url} href={link.url} rel="noopener">
              {link.text}
            </a>
          ))}
          <a href={localPath(words.otherLanguage.lang, '/')} hrefLang={words.otherLanguage.lang}>
            {words.otherLanguage.name}
          </a>
        </nav>
        <p>{words.independent(places)}</p>
      </footer>
    </>
  );
}

function Signal() {
  return (
    <svg viewBox="0 0 16 24" width="14" height="22" aria-hidden="true" className={styles.signal}>
      <rect x="2" y="1" width="12" height="22" rx="6" />
      <circle cx="8" cy="7" r="3" className={styles.lampA} />
      <circle cx="8" cy="16" r="3" className={styles.lampB} />
    </svg>
  );
}
