import { onRightNode } from '../../bin/launch.mjs';

onRightNode(import.meta.url);
await import('./worker-host.ts');
