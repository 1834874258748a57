import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { bundledPackages, licenceTexts } from './licences.mjs';

const root = resolve(import.meta.dirname, '../..');

describe('licences', () => {
  it('are those of packages whose code got into the build, also of packages inside packages', () => {
    const inputs = {
      'packages/core/src/index.ts': { bytesInOutput: 10 },
      'node_modules/comlink/dist/esm/comlink.mjs': { bytesInOutput: 10 },
      'node_modules/a/node_modules/@jax-js/jax/dist/index.js': { bytesInOutput: 10 },
      'node_modules/lit/index.js': { bytesInOutput: 0 },
    };
    assert.deepEqual(bundledPackages([{ inputs: {}, outputs: { 'dist/a.js': { inputs } } }]), [
      '@jax-js/jax',
      'comlink',
    ]);
  });

  it('are told in their own words', async () => {
    const text = await licenceTexts(root, ['comlink', 'lit']);
    assert.match(text, /^comlink 4\.\S+ \(Apache-2\.0/);
    assert.match(text, /Apache License\s+Version 2\.0/);
    assert.match(text, /\nlit 3\.\S+ \(BSD-3-Clause/);
    assert.match(text, /Redistribution and use in source and binary forms/);
  });
});
