import type { CSSProperties, ReactNode } from 'react';
import { localPath } from '#lib/words/path.ts';
import type { Words } from '#lib/words/words.ts';
import styles from './shell.module.css';

interface ShellProps {
  words: Words;
  title: string;
  logo: string | null;
  accent: string | null;
  links: { text: string; url: string }[];
  places: string[];
  /** This page without its language. */
  path: string;
  children: ReactNode;
}

const first = ['incidents', 'explain', 'subscribe'] as const;
const second = ['compare', 'sla', 'reports', 'catalog', 'methodology', 'api'] as const;

export function Shell({ words, title, logo, accent, links, places, path, children }: ShellProps) {
  const to = (path: string): string => localPath(words.lang, path);
  return (
    <>
      <a className={styles.skip} href="#main">
        {words.skip}
      </a>
      <header className={styles.top} style={accentStyle(accent)}>
        <a className={styles.brand} href={to('/')}>
          {/* biome-ignore lint/performance/noImgElement: the owner's picture is served as it is, there is no optimiser */}
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
          <div className={styles.search} data-search>
            <input
              type="search"
              aria-label={words.controls.search}
              placeholder={words.controls.searchHint}
              autoComplete="off"
              spellCheck={false}
            />
            <div className={styles.results} data-search-results hidden>
              <ul data-search-list />
              <p data-search-none role="status" hidden>
                {words.controls.noMatch}
              </p>
            </div>
          </div>
          <button type="button" data-clock data-local={words.controls.local} title={words.controls.clock}>
            {words.controls.utc}
          </button>
          <button
            type="button"
            data-theme-toggle
            aria-label={words.controls.theme}
            title={words.controls.theme}
          >
            <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
              <path d="M8 1a7 7 0 1 0 0 14z" />
              <circle cx="8" cy="8" r="6.3" className={styles.ring} />
            </svg>
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
          <a href={localPath(words.otherLanguage.lang, path)} hrefLang={words.otherLanguage.lang}>
            {words.otherLanguage.name}
          </a>
        </nav>
        <p>{words.independent(places)}</p>
      </footer>
    </>
  );
}

/** The owner's colour is a line under the head: it never carries meaning and never stands behind text. */
function accentStyle(accent: string | null): CSSProperties | undefined {
  return accent && /^#[0-9a-f]{3,8}$/i.test(accent) ? { boxShadow: `inset 0 -3px 0 ${accent}` } : undefined;
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
