import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { it } from 'node:test';
import { runInPage } from '../../scripts/lib/page-program.mjs';
import { findPython } from '../../scripts/lib/python.mjs';

const root = resolve(import.meta.dirname, '../..');
const python = findPython('numpy', 'onnxruntime');
const skip = python ? false : 'no Python with numpy and onnxruntime here (set COGNATE_PYTHON)';

it('an exported alignment gives the same numbers in Python', { skip }, async () => {
  await runInPage({ name: 'python-onnx', entry: 'test/python/write-alignment.ts' });
  const script = join(root, 'test/python/compare_onnx.py');
  const difference = Number(execFileSync(python, [script, join(root, '.cache/python-onnx')], { encoding: 'utf8' }));
  assert.ok(difference < 1e-5, `they differ by ${difference}`);
});
