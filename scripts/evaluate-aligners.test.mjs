import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'evaluate-aligners-'));
after(() => rmSync(folder, { recursive: true }));

const things = 60;
const dim = 6;
/** Each thing twice, so that guessing is right more often than once among all rows. */
const count = 2 * things;

/** Writes `[count, dim]` to a file. @param {(row: number, column: number) => number} value */
function vectors(name, value, rows = count) {
  const shape = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dim}), }`;
  const header = Buffer.from(shape.padEnd(117) + '\n');
  const data = Float32Array.from({ length: rows * dim }, (_, i) => value(Math.floor(i / dim), i % dim));
  const file = join(folder, name);
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  writeFileSync(file, Buffer.concat([start, header, new Uint8Array(data.buffer)]));
  return file;
}

/** Numbers between -1 and 1 that look like noise and are the same in every run. */
function noise(a, b) {
  const x = Math.sin(127.1 * a + 311.7 * b) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

const thingOf = (row) => row % things;
const a = vectors('a.npy', (row, column) => noise(thingOf(row), column));
// The same axes in another order, with signs turned: a rotation that no method finds without the pairs.
const b = vectors('b #1.npy', (row, column) => (column % 2 ? 1 : -1) * noise(thingOf(row), (column + 2) % dim));

function evaluate(...args) {
  const script = join(root, 'scripts/evaluate-aligners.mjs');
  return spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8' });
}

describe('evaluate:aligners', () => {
  it('asks about things that were not learned from, and knows what guessing gives', () => {
    const columns = ['--only', 'procrustes,csa,auto,shuffled,untouched', '--pairs', '30,all', '--splits', '3'];
    const { stdout, status } = evaluate('--data', a, b, ...columns, '--held-out', '40', '--json');
    assert.equal(status, 0);
    const rows = JSON.parse(stdout);
    const of = (method) => rows.filter((row) => row.method === method);
    for (const row of rows) {
      assert.deepEqual(Object.keys(row).slice(0, 4), ['data', 'method', 'pairs', 'recallAt1']);
      assert.equal(row.recalls.length, 3);
      const mean = row.recalls.reduce((sum, each) => sum + each / 3, 0);
      assert.ok(Math.abs(mean - row.recallAt1) < 1e-9);
    }
    // Both rows of a thing stay on one side: 40 rows are 20 things, and 80 rows are left.
    assert.deepEqual(
      of('procrustes').map((row) => row.pairs),
      [30, 80],
    );
    for (const row of [...of('procrustes'), ...of('auto')]) assert.ok(row.recallAt1 > 0.99, JSON.stringify(row));
    // Two right of 40 by guessing; 240 questions have a standard deviation of .014.
    for (const row of of('shuffled')) assert.ok(row.recallAt1 < 0.15, JSON.stringify(row));
    for (const { baseline } of of('auto')) assert.equal(baseline.lead, 0);
  });

  it('prints chance, the best published and how far auto is above it', () => {
    const only = ['--only', 'procrustes,auto', '--splits', '1', '--pairs', '5,30'];
    const { stdout, stderr, status } = evaluate('--data', a, b, ...only);
    assert.equal(status, 0);
    assert.match(stderr, /no column of 5 pairs, which hold fewer than 5 different things/);
    assert.match(stdout, /a \+ b #1: 120 pairs, 6 and 6 dimensions, 40 held out/);
    assert.match(stdout, /^chance +\.050 +\/\.\d{3}$/m);
    assert.match(stdout, /^best published +procrustes(\+csls)? 1\.000$/m);
    assert.match(stdout, /^auto less that, ± standard error/m);
  });

  it('says what is wrong with the input', () => {
    const shorter = vectors('shorter.npy', noise, count - 1);
    const broken = vectors('broken.npy', (row, column) => (row === 7 ? NaN : noise(row, column)));
    for (const [args, message] of [
      [['--datum', a], /--datum is no option; there are --data, --only/],
      [['--data', join(folder, 'absent.npy')], /there is no file .*absent\.npy/],
      [['--data', a, b, '--splits', '1.5'], /--splits needs a whole number from 1, got 1\.5/],
      [['--data', a, b, '--pairs', '3'], /--pairs needs a whole number from 5, got 3/],
      [['--data', a, b, '--bank', 'all'], /--bank is test or anchors, got all/],
      [['--data', a, shorter], /120 .*119/],
      [['--data', a, broken], /NaN in row 7 of the second side/],
      [['--data', a, b, '--held-out', '118'], /118 of 120 pairs held out leave \d different things/],
      [['--data', a, b, '--only', 'procrustean'], /no method .* begins with procrustean; methods are identity, /],
    ]) {
      const { stdout, stderr, status } = evaluate(...args);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    }
  });
});
