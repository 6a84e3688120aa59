import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A key and a script that stand in everything the far side says, and the search for them in everything we say. */

const secret = 'c4n4ryQ7xW2mT9vB5kL8zR3pD6hJ1gF0';
export const canaryKey = `sk-or-v1-${secret}`;
const script = '<script>canary(1)</script>';
const text = `${script} "><img src=x onerror=canary(2)> [x](javascript:canary(3)) <!channel> \u202e\u001b[31m`;

/** The spellings in which a far side echoes a key. */
const spellings = [canaryKey, secret, btoa(canaryKey), btoa(`x:${canaryKey}`), encodeURIComponent(canaryKey)];
export const canaryText = `${text} ${canaryKey} ${btoa(canaryKey)}`;

function windowsOf(spelled: string, length: number): string[] {
  return Array.from({ length: Math.max(0, spelled.length - length + 1) }, (_, i) =>
    spelled.slice(i, i + length),
  );
}
const pieces = new Set([
  ...windowsOf(secret, 8),
  ...windowsOf(btoa(canaryKey), 16),
  ...windowsOf(btoa(`x:${canaryKey}`), 16),
]);

/** Which pieces of the key stand in this text. */
export function keyPieces(said: string): string[] {
  return [...pieces].filter((piece) => said.includes(piece));
}

/** Where the key was first found, with what stands around it: for the person who looks for the hole. */
export function firstTrace(said: string): string | null {
  const at = Math.min(...keyPieces(said).map((piece) => said.indexOf(piece)));
  return Number.isFinite(at) ? said.slice(Math.max(0, at - 120), at + 60).replace(/[^ -~]+/g, '·') : null;
}

/** What would run, mention or link if this text were taken for markup. */
export function liveMarkup(html: string): string[] {
  return html.match(/<script>canary|<img src=x onerror|href="javascript:/gi) ?? [];
}

const spoken =
  /^(name|description|message|title|body|text|label|html|raw|summary|impact_override|page|error_message)$/;

/** The same document with the canary in every field that is words and not an id, a number or an instant. */
export function plant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plant);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typeof one === 'string' && spoken.test(name) ? `${one} ${canaryText}` : plant(one),
    ]),
  );
}

const headers = {
  'x-echo': `Bearer ${canaryKey}`,
  'x-generation-id': script,
  'cf-ray': `${secret}-FRA`,
  'cf-cache-status': script,
  via: script,
};

/** Stands between us and the far side, and puts the canary into every answer. */
export async function startCanaryProxy(target: string): Promise<{ url: string; close(): void }> {
  const server = createServer((req, res) => pass(target, req, res));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

function pass(target: string, req: IncomingMessage, res: ServerResponse): void {
  const onward = ask(
    target + (req.url ?? '/'),
    { method: req.method, headers: { ...req.headers, host: new URL(target).host } },
    (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const type = answer.headers['content-type'] ?? 'text/plain';
        res.writeHead(answer.statusCode ?? 502, { ...headers, 'content-type': type });
        res.end(type.includes('event-stream') ? plantEvents(body) : plantText(body));
      });
    },
  );
  onward.on('error', () => res.destroy());
  req.pipe(onward);
}

function plantText(body: string): string {
  try {
    return JSON.stringify(plant(JSON.parse(body)));
  } catch {
    return body.replace('</body>', `${canaryText}</body>`);
  }
}

/** Comments carry it, and every error inside a stream; the answer itself stays right. */
function plantEvents(body: string): string {
  const lines = body.split('\n').map((line) => {
    if (!line.startsWith('data: {')) return line;
    return `data: ${plantText(line.slice(6))}`;
  });
  return `: ${script} ${spellings[0]}\n\n${lines.join('\n')}`;
}
