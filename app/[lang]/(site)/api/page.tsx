import type { Metadata } from 'next';
import { apiGroups } from '#app/_data/api-reference.ts';
import type { PageProps } from '#app/_data/params.ts';
import { web } from '#app/_data/web.ts';
import { ApiReference } from '#app/_ui/api-reference.tsx';
import { pageMetadata } from '#app/_ui/page-metadata.ts';
import { wordsFor } from '#lib/words/words.ts';

export default async function Page({ params }: PageProps) {
  const { openapi, settings } = web();
  const base = settings.url ?? 'http://localhost:3000';
  return <ApiReference groups={apiGroups(openapi?.())} base={base} words={wordsFor((await params).lang)} />;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { lang } = await params;
  const w = wordsFor(lang).apiPage;
  return pageMetadata({ title: w.title, description: w.lead, path: '/api', lang });
}
