import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { adminToken } from '#lib/testing/running-edge.ts';
import { jsonLines } from './child-lines.ts';
import { median, type Print } from './figure.ts';
import { canMeasure, loadPosts } from './rival.ts';

/** Own traffic as a gateway exports it: whole spans with prompt and answer, of which a few words are read. */
export const name = 'traces';

const rounds = 3;
const seconds = 3;
const spansEach = 100;

export async function run(print: Print): Promise<void> {
  if (!canMeasure) return print({ figure: 'skipped', value: 0, unit: '', note: 'wrk is not installed' });
  const child = spawn(process.execPath, [fileURLToPath(new URL('./edge-alone.ts', import.meta.url)), '300'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const { url, pid } = (await jsonLines(child)()) as { url: string; pid: number };
    const answer = await fetch(`${url}/api/v1/health?view=routing`);
    const { targets } = (await answer.json()) as { targets: { model: string; provider: string | null }[] };
    const plain = Buffer.from(JSON.stringify(exported(targets)));
    for (const [how, body, headers] of [
      ['', plain, {}],
      [', gzip', gzipSync(plain), { 'Content-Encoding': 'gzip' }],
    ] as const) {
      const before = rssOf(pid);
      const loads = [];
      for (let i = 0; i < rounds; i++)
        loads.push(
          await loadPosts(`${url}/v1/traces`, seconds, {
            headers: {
              'Content-Type': 'application/json',
              Authorization: `Bearer ${adminToken}`,
              ...headers,
            },
            body,
          }),
        );
      const errors = loads.reduce((sum, one) => sum + one.errors, 0);
      if (errors > 0) throw new Error(`${errors} requests were refused`);
      print({
        figure: `spans taken${how}`,
        value: median(loads.map((one) => one.perS)) * spansEach,
        unit: 'spans/s',
        limit: 5_000,
        isFloor: true,
        note: `${Math.round(plain.length / spansEach)} bytes a span; resident memory grew by ${Math.round((rssOf(pid) - before) / 1e6)} MB`,
      });
    }
  } finally {
    child.kill();
  }
}

function exported(targets: { model: string; provider: string | null }[]): object {
  const nowMs = Date.now();
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const spans = Array.from({ length: spansEach }, (_, i) => {
    const target = targets[i % targets.length];
    return {
      ...{ traceId: 'a'.repeat(32), spanId: String(i).padStart(16, '0'), name: 'chat', kind: 3 },
      startTimeUnixNano: `${nowMs - 900}000000`,
      endTimeUnixNano: `${nowMs}000000`,
      status: { code: i % 50 === 0 ? 2 : 1 },
      attributes: [
        text('gen_ai.operation.name', 'chat'),
        text('gen_ai.provider.name', 'openrouter'),
        text('gen_ai.request.model', target?.model ?? ''),
        text('openrouter.provider', target?.provider ?? ''),
        text('gen_ai.input.messages', JSON.stringify([{ role: 'user', content: 'x'.repeat(1_200) }])),
        text('gen_ai.output.messages', JSON.stringify([{ role: 'assistant', content: 'y'.repeat(600) }])),
        { key: 'gen_ai.usage.input_tokens', value: { intValue: '300' } },
        { key: 'gen_ai.usage.output_tokens', value: { intValue: '150' } },
        { key: 'gen_ai.server.time_to_first_token', value: { doubleValue: 0.41 } },
      ],
    };
  });
  return {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'openrouter')] },
        scopeSpans: [{ scope: { name: 'broadcast' }, spans }],
      },
    ],
  };
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
