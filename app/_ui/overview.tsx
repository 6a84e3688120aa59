import type { Words } from '#lib/words/words.ts';
import type { OverviewView } from '../_data/overview.ts';
import { AnswerBand } from './answer.tsx';
import { Chains } from './chains.tsx';
import { ComponentRows } from './component-rows.tsx';
import { CostLine } from './cost-line.tsx';
import { GatewayCard } from './gateway-card.tsx';
import { OpenIncidents, RecentIncidents } from './incident-cards.tsx';
import { Main } from './main.tsx';
import { Matrix } from './matrix.tsx';
import { WatchLinks } from './watch-links.tsx';

interface Props {
  view: OverviewView;
  words: Words;
  nowMs: number;
}

export function Overview({ view, words, nowMs }: Props) {
  const { answer, freshness, hasRoutes, watch } = view;
  return (
    <Main
      untilMs={view.untilMs}
      verdict={answer.verdict}
      position={view.position}
      tells={words.incident.isOver}
    >
      <AnswerBand answer={answer} freshness={freshness} hasRoutes={hasRoutes} words={words} nowMs={nowMs} />
      {watch && <WatchLinks watch={watch} words={words} />}
      <OpenIncidents incidents={view.open} words={words} nowMs={nowMs} isSaid={view.open.length === 1} />
      {view.gateways.map((gateway) => (
        <GatewayCard
          key={gateway.id}
          gateway={gateway}
          hasRoutes={hasRoutes || freshness === 'never'}
          words={words}
          nowMs={nowMs}
        />
      ))}
      <Matrix matrix={view.matrix} words={words} />
      <Chains chains={view.chains} words={words} />
      <ComponentRows groups={view.groups} words={words} nowMs={nowMs} />
      <RecentIncidents incidents={view.recent} words={words} />
      {freshness !== 'never' && <CostLine cost={view.cost} hasRoutes={hasRoutes} words={words} />}
    </Main>
  );
}
