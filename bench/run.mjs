// Times and sizes, side by side with named peers in the same run: `npm run bench [-- --json] [--only encode,search]`.
// Peers in Python take part where `$COGNATE_PYTHON`, else `python3`, has them.
// Each `bench/<name>.ts` runs in a headless, cross-origin isolated page; each `bench/<name>.page.mjs` drives the built site.
import { readdirSync } from 'node:fs';
import { parseOptions } from '../scripts/lib/options.mjs';
import { runInPage } from '../scripts/lib/page-program.mjs';
import { startPythonPeer } from '../scripts/lib/python-peer.mjs';
import { printRows } from '../scripts/lib/rows.mjs';

const { json = false, only, ...options } = parseOptions(process.argv.slice(2));
const say = (line) => console.error(line);
if (json) console.log = say; // what a page logs must not mix with the rows

const all = readdirSync(import.meta.dirname).filter((file) => /\.(page\.mjs|ts)$/.test(file));
const starts = String(only ?? '').split(',');
const files = all.filter((file) => starts.some((start) => file.startsWith(start))).sort();
if (files.length === 0) {
  say(`bench: nothing begins with ${only}; there are ${all.map((file) => file.split('.')[0]).join(', ')}`);
  process.exit(2);
}

const { peer, close } = await startPythonPeer();
const rows = [];
try {
  for (const file of files) {
    say(`bench: ${file}`);
    try {
      rows.push(...(await rowsOf(file)));
    } catch (error) {
      console.error(error); // the rows of the others are not lost
      process.exitCode = 1;
    }
  }
} finally {
  close();
}
if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
else printRows(rows);

async function rowsOf(file) {
  if (file.endsWith('.page.mjs')) return (await import(`./${file}`)).run(options);
  const name = `bench/${file.replace(/\.ts$/, '')}`;
  return runInPage({ name, entry: `bench/${file}`, options: { ...options, peer }, call: 'run' });
}
