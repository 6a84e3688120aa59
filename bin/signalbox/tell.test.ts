import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { type PostOffice, startPostOffice } from '#lib/testing/post-office.ts';
import { tell } from './tell.ts';

let cwd = '';
let receiver: HostileReceiver;
let office: PostOffice;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'tell-'));
  receiver = await startHostileReceiver();
  office = await startPostOffice();
});
afterEach(async () => {
  await receiver.close();
  await office.close();
  rmSync(cwd, { recursive: true, force: true });
});

async function run(args: string[], yaml: string): Promise<{ status: number; said: string }> {
  writeFileSync(join(cwd, 'signalbox.yaml'), yaml);
  const said: string[] = [];
  const out = (text: string) => void said.push(text);
  const status = await tell.run(args, { out, err: out, isTerminal: false, env: {}, cwd, root: cwd });
  return { status, said: said.join('\n') };
}
const yaml = () => `
smtp: { url: "${office.url}", from: status@example.com }
channels:
  - { type: slack, name: ops, webhook_url: "${receiver.url}/hook" }
  - { type: email, to: ops@example.org }
`;

describe('signalbox tell', () => {
  it('sends a test message to every channel and says what each answered', async () => {
    const { status, said } = await run([], yaml());
    expect(said).toMatch(/ok {4}op_slack_ops {2}Slack .*: Slack answered ok/);
    expect(said).toMatch(/ok {4}op_email_\w+ {2}o…@example\.org: the mail server took it/);
    expect(status).toBe(0);
    expect(receiver.got[0]?.body).toContain('This is a test message');
    expect(office.got[0]?.headers.subject).toContain('Test: This is a test message');
  });

  it('sends only where it was told to, and fails when one does not take it', async () => {
    receiver.script({ status: 404, body: 'no_service' });
    const { status, said } = await run(['--only', 'slack'], yaml());
    expect([status, office.got.length]).toEqual([1, 0]);
    expect(said).toMatch(/^BAD .*answered 404/);
  });

  it('says so when there is no such channel', async () => {
    expect((await run(['--only', 'fax'], yaml())).status).toBe(3);
    expect((await run([], 'channels: []\n')).said).toMatch(/no such channel/);
  });
});
