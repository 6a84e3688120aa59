import type { Words } from '#lib/words/words.ts';
import type { Cost } from '../_data/cost.ts';
import { Card } from './card.tsx';
import { writeCount, writeUsd } from './format.ts';

export function CostLine({ cost, hasRoutes, words }: { cost: Cost; hasRoutes: boolean; words: Words }) {
  if (!hasRoutes && cost.monthUsd === 0)
    return (
      <Card title={words.cost.heading}>
        <p>{words.cost.nothing}</p>
        {cost.isDiskFull && <p>{words.cost.diskFull}</p>}
      </Card>
    );
  const lines = [
    words.cost.today(writeUsd(cost.todayUsd), writeUsd(cost.limitPerDayUsd)),
    words.cost.month(writeUsd(cost.monthUsd), writeUsd(cost.limitPerMonthUsd)),
    words.cost.checks(writeCount(cost.todayChecks)),
  ];
  return (
    <Card title={words.cost.heading}>
      <p>{lines.join(' · ')}</p>
      {cost.isLimitReached && <p>{words.cost.reached}</p>}
      {cost.isDiskFull && <p>{words.cost.diskFull}</p>}
    </Card>
  );
}
