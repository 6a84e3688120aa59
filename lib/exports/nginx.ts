import { type Export, isAvoided } from './export.ts';

/** An include file for an `upstream` block: who is out is marked `down`. All out means nobody is. */
export const nginx: Export = (ask) => {
  const known = new Map(ask.targets.map((t) => [t.id.toLowerCase(), t]));
  const rows = ask.endpoints.map(({ id, host, port }) => {
    const target = known.get(id);
    const isOut = ask.hasOpinion && target !== undefined && isAvoided(target);
    return { address: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, isOut, id };
  });
  const isAllOut = rows.every((row) => row.isOut);
  const lines = rows.map(
    (row) => `server ${row.address}${row.isOut && !isAllOut ? ' down' : ''}; # ${row.id}`,
  );
  const body = `# signalbox ${ask.epoch}-${ask.seq} ${ask.generatedAt}\n${lines.join('\n')}\n`;
  return { type: 'text/plain; charset=utf-8', body };
};
