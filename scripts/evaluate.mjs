// Quality of the shipped models on held-out concepts: `npm run evaluate [-- --json]`.
// Everything is measured anew from the committed models, in a headless page, beside chance and baselines.
import { resolve } from 'node:path';
import { build } from '../esbuild.config.mjs';
import { parseOptions } from './lib/options.mjs';
import { runInPage } from './lib/page-program.mjs';
import { printRows } from './lib/rows.mjs';

const { json = false, ...options } = parseOptions(process.argv.slice(2));
if (json) console.log = console.error; // what the page logs must not mix with the rows
await build({ log: console.error }); // the page loads the inference runtime from dist/
const fixtures = process.env.COGNATE_FIXTURES ?? resolve(import.meta.dirname ?? '.', '../../shared');
const rows = await runInPage({
  name: 'evaluate',
  entry: 'packages/starter/train/evaluate.ts',
  options,
  mounts: { '/fixtures/': fixtures }, // models of others that judge pictures, if they are there
});
if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
else printRows(rows);
