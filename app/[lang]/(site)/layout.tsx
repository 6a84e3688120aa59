import { headers } from 'next/headers.js';
import type { ReactNode } from 'react';
import { here } from '#app/_data/context.ts';
import { DemoStrip } from '#app/_ui/demo-strip.tsx';
import { Shell } from '#app/_ui/shell.tsx';
import { wordsFor } from '#lib/words/words.ts';

interface LayoutProps {
  children: ReactNode;
  params: Promise<{ lang: string }>;
}

export default async function Layout({ children, params }: LayoutProps) {
  const { settings } = here();
  const path = (await headers()).get('x-signalbox-path') ?? '/';
  return (
    <>
      {settings.demo ? <DemoStrip {...settings.demo} /> : null}
      <Shell
        words={wordsFor((await params).lang)}
        title={settings.title}
        logo={settings.logo}
        accent={settings.accent}
        links={settings.links}
        path={path}
        places={settings.vantages.map((v) => v.place ?? v.id)}
      >
        {children}
      </Shell>
    </>
  );
}
