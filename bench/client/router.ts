import { SignalboxClient } from '../../lib/client/index.ts';

/**
 * A router in a process of its own: follows the feed and says when its choice about one target changes. It makes no
 * calls, so that its own breaker has nothing to say. A line on stdin makes its clock run faster from then on.
 */
const [url = '', watched = '', ...ids] = process.argv.slice(2);
const draws = 400;
let speed = 1;
let sinceMs = performance.now();
let baseMs = 0;
const clockMs = () => baseMs + (performance.now() - sinceMs) * speed;
const client = await new SignalboxClient({ url, monoMs: clockMs }).start();

/** Somebody that is out is never first; one on trial now and then; one that is in about as often as the others. */
function standing(): 'out' | 'trial' | 'in' {
  let firsts = 0;
  for (let i = 0; i < draws; i++) if (client.order(ids)[0] === watched) firsts += 1;
  return firsts === 0 ? 'out' : firsts < draws * 0.15 ? 'trial' : 'in';
}

const say = (line: object) =>
  process.stdout.write(`${JSON.stringify({ ...line, atMs: Date.now(), clockMs: clockMs() })}\n`);
let last = '';
setInterval(() => {
  const is = standing();
  const freshness = client.freshness();
  if (`${is} ${freshness}` === last) return;
  last = `${is} ${freshness}`;
  say({ is, freshness });
}, 10);
process.stdin.on('data', (text) => {
  baseMs = clockMs();
  sinceMs = performance.now();
  speed = Number(text);
  say({ is: 'hurried' });
});
process.stdin.on('end', () => process.exit(0));
