import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const models = resolve(import.meta.dirname ?? '.', '../../packages/starter/models/cognate');

/** Bytes of all files below a folder that pages fetch: cards and their pictures are for people. */
function bytesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => /\.(onnx|json)$/.test(path))
    .reduce((sum, path) => sum + statSync(path).size, 0);
}

test('the models that pages come with take 15 MB at most', () => {
  const sizes = readdirSync(models).map((name) => [name, bytesOf(join(models, name))]);
  assert.ok(sizes.length >= 4);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  assert.ok(total <= 15e6, `${total} bytes: ${sizes.map(([name, bytes]) => `${name} ${bytes}`).join(', ')}`);
});
