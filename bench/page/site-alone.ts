import type { SceneName } from '#lib/testing/scene.ts';
import { keepBeating, startSite } from '../../e2e/site.ts';

/** The site alone in its process, so that the browser's driver does not stand in its way. */
const [scene = 'calm'] = process.argv.slice(2) as SceneName[];
const site = await startSite(scene);
keepBeating(site);
process.stdout.write(`${JSON.stringify({ url: site.url })}\n`);
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
