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
      <body>
        <MarkShapes />
        {children}
        <script src="/live.js" defer />
      </body>
    </html>
  );
}
