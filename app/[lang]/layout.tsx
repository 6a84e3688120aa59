import type { ReactNode } from 'react';
import { wordsFor } from '#lib/words/words.ts';
import { here } from '../_data/context.ts';
import { DemoStrip } from '../_ui/demo-strip.tsx';
import { MarkShapes } from '../_ui/mark.tsx';
import { Shell } from '../_ui/shell.tsx';
import '../_ui/tokens.css';
import '../_ui/base.css';

export const dynamic = 'force-dynamic';

interface LayoutProps {
  children: ReactNode;
  params: Promise<{ lang: string }>;
}

export default async function Layout({ children, params }: LayoutProps) {
  const words = wordsFor((await params).lang);
  const { settings } = here();
  return (
    <html lang={words.lang === 'zh' ? 'zh-Hans' : 'en'}>
      <head>
        <noscript>
          <meta httpEquiv="refresh" content="60" />
        </noscript>
      </head>
      <body>
        <MarkShapes />
        {settings.demo ? <DemoStrip {...settings.demo} /> : null}
        <Shell
          words={words}
          title={settings.title}
          logo={settings.logo}
          links={settings.links}
          places={settings.vantages.map((v) => v.place ?? v.id)}
        >
          {children}
        </Shell>
        <script src="/live.js" defer />
      </body>
    </html>
  );
}
