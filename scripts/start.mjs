import { join } from 'node:path';
import { installDependencies, root, say } from './lib/setup.mjs';

// From a fresh clone to a page that answers: packages come from npm first, so everything that needs one is imported after.

const began = performance.now();
installDependencies();

say('Building pages, workers and the starter data into dist/ ...');
const { build } = await import('../esbuild.config.mjs');
await build({ watch: process.argv.includes('--watch') });

const { serve } = await import('./lib/server.mjs');
const server = await serve(join(root, 'dist'), { port: Number(process.env.PORT ?? 8080), retry: true });
say(`Ready after ${((performance.now() - began) / 1000).toFixed(1)} s. Ctrl-C stops.`);
console.log(`\n${server.url}\n`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
