import type { ReactNode } from 'react';
import { MarkShapes } from '#app/_ui/mark.tsx';
import { wordsFor } from '#lib/words/words.ts';
import '#app/_ui/tokens.css';
import '#app/_ui/base.css';

export const dynamic = 'force-dynamic';

interface LayoutProps {
  children: ReactNode;
  params: Promise<{ lang: string }>;
}

export default async function Layout({ children, params }: LayoutProps) {
  const words = wordsFor((await params).lang);
  return (
    <html lang={words.lang === 'zh' ? 'zh-Hans' : 'en'} suppressHydrationWarning>
      <head>
        <link rel="alternate" type="application/atom+xml" title="Atom" href="/feed.atom" />
        <link rel="alternate" type="application/rss+xml" title="RSS" href="/feed.rss" />
      </head>
      <body>
        <MarkShapes />
        {children}
        <script src="/live.js" defer />
      </body>
    </html>
  );
}
