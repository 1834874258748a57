import { expect } from '@open-wc/testing';
import { isCognateError } from '@cognate/core';
import { toyTextRepository } from '../../../test/helpers/toy-repository.ts';
import { serveVirtually } from '../../../test/helpers/virtual-files.ts';
import { floatTensor, loadModel } from './index.ts';

const toy = { model: 'toy/text', device: 'webgpu-software' } as const;
const folder = '/starter/models/toy/text';

/** The engine starts once per page, so these steps build on each other. */
describe('the engine', () => {
  it('names its file that is missing, and starts later when it is there', async () => {
    const missing = ['', '.jspi', '.asyncify'].map((variant) => `/ort/ort-wasm-simd-threaded${variant}.mjs`);
    const server = serveVirtually({
      ...toyTextRepository(folder),
      ...Object.fromEntries(missing.map((path) => [path, { body: '404', status: 404 }])),
    });
    try {
      const error: unknown = await loadModel(toy, { baseUrl: '/' }).catch((e: unknown) => e);
      if (!isCognateError(error)) throw new Error(`expected a CognateError, got ${String(error)}`);
      expect(error.code).to.equal('load-failed');
      expect(error.message).to.match(/ort-wasm-simd-threaded.*\.mjs/);
    } finally {
      server.restore();
    }
  });

  it('is started by whoever still waits when its first caller gives up', async () => {
    const server = serveVirtually(toyTextRepository(folder));
    try {
      const controller = new AbortController();
      const first = loadModel(toy, { baseUrl: '/', signal: controller.signal }).catch((e: unknown) => e);
      const second = loadModel(toy, { baseUrl: '/' });
      controller.abort();
      expect(await first).to.have.property('name', 'AbortError');
      await using model = await second;
      expect(model.device).to.equal('webgpu');
    } finally {
      server.restore();
    }
  });

  it('gives the same numbers on an emulated GPU as on wasm, and runs both in turn', async () => {
    const server = serveVirtually(toyTextRepository(folder));
    try {
      await using gpu = await loadModel(toy, { baseUrl: '/' });
      await using cpu = await loadModel({ ...toy, device: 'wasm' }, { baseUrl: '/' });
      expect([gpu.device, cpu.device]).to.deep.equal(['webgpu', 'wasm']);
      const feeds = {
        input_ids: { type: 'int64', dims: [1, 3], data: BigInt64Array.of(2n, 3n, 5n) },
        attention_mask: { type: 'int64', dims: [1, 3], data: BigInt64Array.of(1n, 1n, 1n) },
      } as const;
      const runs = await Promise.all([gpu, cpu, gpu, cpu, gpu].map((model) => model.run(feeds)));
      const rows = runs.map((outputs) => floatTensor(outputs, 'sentence_embedding')!.data);
      // (2,0,0,0) + (0,3,0,0) + (1,1,1,1) = (3,4,1,1), of length sqrt(27).
      for (const row of rows) {
        row.forEach((value, k) => expect(value).to.be.closeTo([3, 4, 1, 1][k]! / Math.sqrt(27), 1e-5));
      }
    } finally {
      server.restore();
    }
  });
});
