// Methods x pairs on held-out pairs: `npm run evaluate:aligners [-- options]`. Everything is fitted anew.
//   --data a.npy b.npy    your vectors: row i of one pairs with row i of the other; or one file of [2, n, dim]
//   --only csa,auto       only methods whose names begin so         --sets convirt   only reference sets, likewise
//   --pairs 25,100,all    numbers of training pairs                 --splits 10      random splits
//   --held-out 100        pairs kept for the test                   --bank anchors   CSLS by the training rows
//   --seed 0              of the splits                             --json           rows for programs
// Below each table: the best published closed form of each column, and how far auto (or csa+csls) is above it, with the
// standard error over splits. In JSON that is `baseline` of auto's row; `recalls` are those of each split.
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { runInPage } from './lib/page-program.mjs';
import { printTables } from './lib/aligner-tables.mjs';
import { withBaselines } from './lib/baselines.mjs';

const root = resolve(import.meta.dirname ?? '.', '..');
const fixtures = process.env.COGNATE_FIXTURES ?? resolve(root, '../shared');
const known = ['data', 'only', 'sets', 'pairs', 'splits', 'held-out', 'bank', 'seed', 'json'];

class Problem extends Error {}

/** `--data a.npy b.npy --json` -> `{ data: ['a.npy', 'b.npy'], json: [] }`; commas part values too. */
function readArguments(argv) {
  const options = {};
  let values;
  for (const word of argv) {
    const [, name, inline] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name) {
      if (!known.includes(name)) throw new Problem(`--${name} is no option; there are --${known.join(', --')}`);
      values = options[name] = [];
    } else if (!values) throw new Problem(`options begin with --, got ${word}`);
    values.push(
      ...(name ? (inline ?? '') : word).split(name === 'data' || options.data === values ? '\0' : ',').filter(Boolean),
    );
  }
  return options;
}

function wholeNumber(name, [text], least) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new Problem(`--${name} needs a whole number from ${least}, got ${text}`);
  return value;
}

function pageOptions({ data, only, sets, pairs, splits, seed, bank, 'held-out': heldOut }) {
  if (bank && !['test', 'anchors'].includes(bank[0])) throw new Problem(`--bank is test or anchors, got ${bank[0]}`);
  if (data && (data.length < 1 || data.length > 2))
    throw new Problem(`--data needs one or two files, got ${data.length}`);
  for (const file of data ?? []) if (!existsSync(file)) throw new Problem(`--data: there is no file ${file}`);
  if (!data && !existsSync(resolve(fixtures, 'data'))) {
    throw new Problem(`the reference data are not at ${fixtures}: set COGNATE_FIXTURES, or give --data a.npy b.npy`);
  }
  return {
    ...(data && {
      files: data.map((file, i) => `${i}/${basename(file)}`),
      name: data.map((file) => basename(file, '.npy')).join(' + '),
    }),
    ...(only && { only }),
    ...(sets && { sets }),
    ...(pairs && { pairs: pairs.map((each) => (each === 'all' ? each : wholeNumber('pairs', [each], 5))) }),
    ...(heldOut && { heldOut: wholeNumber('held-out', heldOut, 2) }),
    splits: splits ? wholeNumber('splits', splits, 1) : 10,
    seed: seed ? wholeNumber('seed', seed, 0) : 0,
    bank: bank?.[0] ?? 'test',
  };
}

try {
  const asked = readArguments(process.argv.slice(2));
  const options = pageOptions(asked);
  const log = console.log;
  console.log = console.error; // what the page logs must not mix with the rows
  const folders = (asked.data ?? []).map((file, i) => [`/vectors/${i}/`, dirname(resolve(file))]);
  const {
    rows: found,
    headers,
    problem,
  } = await runInPage({
    name: 'evaluate-aligners',
    entry: 'bench/aligners/evaluate.ts',
    options,
    mounts: { '/fixtures/': fixtures, ...Object.fromEntries(folders) },
  });
  if (problem) throw new Problem(`${problem.code}: ${problem.message}`);
  console.log = log;
  const rows = withBaselines(found);
  if (asked.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else printTables(rows, headers, options);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`evaluate:aligners: ${error.message}`);
  process.exitCode = 2;
}
