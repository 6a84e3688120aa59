import v8 from 'node:v8';
import { onRightNode } from '../../bin/launch.mjs';

// As `bin/worker.mjs` does it: a small young generation, and the compile cache for both threads.
v8.setFlagsFromString('--semi-space-growth-factor=1');
onRightNode(import.meta.url);
await import('./host.ts');
