import { launch } from '../launch.mjs';

await launch(import.meta.url, './web.ts');
