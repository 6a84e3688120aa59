import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen } from '#probes/sim/main.ts';
import { demoFaults, type FaultId, type FaultPanel, faultIds } from './demo-faults.ts';
import type { Letter } from './mailbox.ts';
import type { Story } from './story.ts';

/** What the pages of the demo ask and order; on a port of its own, on loopback, in the demo only. */
export interface DemoStatus {
  active: FaultId[];
  isStoryTold: boolean;
  faults: { id: FaultId; label: string; about: string; cause: { kind: string; id: string } }[];
  log: FaultPanel['log'];
  letters: Letter[];
}

export function startControlApi(
  port: number,
  parts: { panel: FaultPanel; story: Story; letters: Letter[] },
): Promise<Server> {
  const server = createServer((req, res) => answer(parts, req, res));
  return listen(server, port).then(() => server);
}

function answer(
  parts: Parameters<typeof startControlApi>[1],
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const [, what = '', id = ''] = (req.url ?? '/').split('?')[0]?.split('/') ?? [];
  const isDone = req.method === 'GET' ? what === '' : req.method === 'POST' && order(parts, what, id);
  if (isDone) reply(res, 200, statusOf(parts));
  else reply(res, 404, { error: 'GET / or POST /strike/{fault}, /mend/{fault}, /mend, /story/{on|off}' });
}

function order({ panel, story }: Parameters<typeof startControlApi>[1], what: string, id: string): boolean {
  const fault = (faultIds as string[]).includes(id) ? (id as FaultId) : undefined;
  if (what === 'story') {
    story.set(id === 'on');
    return true;
  }
  if (what === 'strike' && fault) {
    story.set(false);
    panel.strike(fault, 'person');
    return true;
  }
  if (what !== 'mend' || (id !== '' && id !== 'all' && !fault)) return false;
  story.set(false);
  panel.mend(fault);
  return true;
}

function statusOf({ panel, story, letters }: Parameters<typeof startControlApi>[1]): DemoStatus {
  return {
    active: panel.active(),
    isStoryTold: story.isTold(),
    faults: faultIds.map((id) => {
      const { label, about, cause } = demoFaults[id];
      return { id, label, about, cause };
    }),
    log: panel.log,
    letters: letters.slice(0, 200),
  };
}

function reply(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}
