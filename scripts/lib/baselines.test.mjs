import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withBaselines } from './baselines.mjs';

const row = (method, recalls, pairs = 25) => ({
  data: 'emoji',
  method,
  pairs,
  recalls,
  recallAt1: recalls.reduce((sum, each) => sum + each, 0) / recalls.length,
});
const close = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

it('compares auto with the best published closed form, split by split', () => {
  const rows = [
    row('ridge', [0.1, 0.2, 0.3]),
    row('ridge+csls', [0.2, 0.3, 0.4]),
    row('kernel+csls', [0.9, 0.9, 0.9]), // not published by others
    row('csa+csls', [0.2, 0.2, 0.2]),
    row('auto', [0.3, 0.4, 0.8]),
  ];
  const found = withBaselines(rows);
  assert.deepEqual(found.slice(0, -1), rows.slice(0, -1));
  const { method, recallAt1, lead, error } = found.at(-1).baseline;
  assert.equal(method, 'ridge+csls');
  close(recallAt1, 0.3);
  close(lead, 0.2);
  close(error, Math.sqrt((0.1 ** 2 + 0.1 ** 2 + 0.2 ** 2) / 2 / 3));
});

it('takes CSA with CSLS where auto was not asked for, and each number of pairs by itself', () => {
  const found = withBaselines([
    row('procrustes', [0.1, 0.1]),
    row('csa+csls', [0.1, 0.3]),
    row('procrustes', [0.4, 0.4], 50),
    row('csa+csls', [0.3, 0.3], 50),
    row('csa+csls', [0.3, 0.3], 100), // nothing to compare with
  ]);
  close(found[1].baseline.lead, 0.1);
  close(found[3].baseline.lead, -0.1);
  assert.equal(found[4].baseline, undefined);
});

it('knows no error of a single split', () => {
  const [, auto] = withBaselines([row('ridge', [0.1]), row('auto', [0.2])]);
  assert.ok(Number.isNaN(auto.baseline.error));
});
