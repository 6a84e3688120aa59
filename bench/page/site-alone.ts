import { keepBeating, startSite } from '../../e2e/site.ts';

/** The site alone in its process, so that the browser's driver does not stand in its way. */
const site = await startSite('calm');
keepBeating(site);
process.stdout.write(`${JSON.stringify({ url: site.url })}\n`);
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
