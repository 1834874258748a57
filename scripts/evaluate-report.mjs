// Forecasts and suspects of the reference sets, as they are and with pairs broken on purpose:
// `node scripts/evaluate-report.mjs [--only convirt,museum] [--seed 0] [--data a.npy b.npy] [--json]`.
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runInPage } from './lib/page-program.mjs';

const root = resolve(import.meta.dirname ?? '.', '..');
const fixtures = process.env.COGNATE_FIXTURES ?? resolve(root, '../shared');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    seed: { type: 'string', default: '0' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const files = values.data ? [values.data, ...positionals] : undefined;
for (const file of files ?? []) if (!existsSync(file)) throw new Error(`--data: there is no file ${file}`);
const log = console.log;
console.log = console.error; // what the page logs must not mix with the rows
const folders = (files ?? []).map((file, i) => [`/vectors/${i}/`, dirname(resolve(file))]);
const rows = await runInPage({
  name: 'evaluate-report',
  entry: 'bench/aligners/report.ts',
  options: {
    seed: Number(values.seed),
    ...(values.only && { only: values.only.split(',') }),
    ...(files && { files: files.map((file, i) => `${i}/${basename(file)}`) }),
  },
  mounts: { '/fixtures/': fixtures, ...Object.fromEntries(folders) },
});
console.log = log;
if (values.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
else console.table(rows.map((row) => Object.fromEntries(Object.entries(row).map(shortened))));

function shortened([name, value]) {
  return [name, typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(3)) : value];
}
