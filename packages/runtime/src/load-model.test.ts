import { expect } from '@open-wc/testing';
import { isCognateError, type CognateError, type Progress } from '@cognate/core';
import { toyDim, toyTextRepository } from '../../../test/helpers/toy-repository.ts';
import { serveVirtually, type VirtualFiles, type VirtualServer } from '../../../test/helpers/virtual-files.ts';
import { cachedModelFiles, clearModelCache, floatTensor, loadModel, type Model, type Tensors } from './index.ts';

const folder = '/starter/models/toy/text';
const graph = `${folder}/onnx/model.onnx`;
const toy = { model: 'toy/text', device: 'wasm' } as const;
const mirror = 'https://mirror.example';
const mirrored = { ...toy, host: mirror, dtype: 'fp32' } as const;
const atMirror = `${mirror}/toy/text/resolve/main`;
const options = { baseUrl: '/' };

/** "sun moon": the rows (2, 0, 0, 0) and (0, 3, 0, 0), summed and scaled to unit length. */
const sunMoon: Tensors = {
  input_ids: { type: 'int64', dims: [1, 2], data: BigInt64Array.of(2n, 3n) },
  attention_mask: { type: 'int64', dims: [1, 2], data: BigInt64Array.of(1n, 1n) },
};
const expected = [2 / Math.sqrt(13), 3 / Math.sqrt(13), 0, 0];

async function failure(promise: Promise<unknown>): Promise<CognateError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isCognateError(error)) throw new Error(`expected a CognateError, got ${String(error)}`);
  return error;
}

async function expectWorks(model: Model): Promise<void> {
  const { data, dims } = floatTensor(await model.run(sunMoon), 'sentence_embedding')!;
  expect(dims).to.deep.equal([1, toyDim]);
  data.forEach((value, i) => expect(value).to.be.closeTo(expected[i]!, 1e-6));
}

describe('loadModel()', () => {
  let server: VirtualServer;
  const serve = (files: VirtualFiles): void => {
    server = serveVirtually(files);
  };

  beforeEach(() => clearModelCache());
  afterEach(() => server.restore());

  it('loads a starter model from the page itself and runs it', async () => {
    serve(toyTextRepository(folder, { answer: 42 }));
    await using model = await loadModel(toy, { ...options, tokenizer: true });
    expect([model.device, model.dtype, model.config['answer']]).to.deep.equal(['wasm', 'fp32', 42]);
    expect(model.inputs.map(({ name }) => name)).to.deep.equal(['input_ids', 'attention_mask']);
    expect(model.outputs[0]).to.deep.equal({ name: 'sentence_embedding', type: 'float32', dims: ['b', toyDim] });
    const tokens = model.tokenizer!.encode(['Sun moon', 'star'], { maxTokens: 16 });
    expect([...tokens.input_ids.data]).to.deep.equal([2n, 3n, 4n, 0n]);
    expect([...tokens.attention_mask.data]).to.deep.equal([1n, 1n, 1n, 0n]);
    await expectWorks(model);
    expect(server.requests.every((url) => new URL(url).origin === location.origin)).to.equal(true);
  });

  it('loads from a host that the page names, by the paths of the hub, and keeps the files', async () => {
    serve(toyTextRepository(atMirror));
    const first = await loadModel(mirrored, { ...options, tokenizer: true });
    await expectWorks(first);
    await first[Symbol.asyncDispose]();
    const kept = await cachedModelFiles();
    expect(kept.map(({ url }) => url)).to.include(`${atMirror}/onnx/model.onnx`);
    expect(kept.every(({ bytes }) => bytes > 0)).to.equal(true);
    const asked = server.requests.length;
    const second = await loadModel(mirrored, { ...options, tokenizer: true });
    await expectWorks(second);
    await second[Symbol.asyncDispose]();
    expect(server.requests.slice(asked)).to.deep.equal([]);
    await clearModelCache();
    expect(await cachedModelFiles()).to.deep.equal([]);
  });

  it('takes a template for hosts with other paths', async () => {
    serve(toyTextRepository(`${mirror}/files/toy/text/v2`));
    await using model = await loadModel(
      { ...mirrored, host: `${mirror}/files/{model}/{revision}/`, revision: 'v2' },
      options,
    );
    await expectWorks(model);
  });

  it('asks for the small variant on wasm and takes the plain one where there is no other', async () => {
    serve({ ...toyTextRepository(atMirror), [`${atMirror}/onnx/model_quantized.onnx`]: { body: 'no', status: 404 } });
    await using model = await loadModel({ ...mirrored, dtype: undefined }, options);
    expect(model.dtype).to.equal('fp32');
    expect(server.requests).to.include(`${atMirror}/onnx/model_quantized.onnx`);
  });

  it('refuses a host that the page did not name, before any request', async () => {
    serve({});
    const error = await failure(loadModel(mirrored, { ...options, hosts: ['https://files.example'] }));
    expect(error.code).to.equal('load-failed');
    expect(error.message).to.include('mirror.example').and.include('https://files.example');
    expect(server.requests).to.deep.equal([]);
  });

  it('refuses what is no model name', async () => {
    serve({});
    for (const model of ['', '../../etc', 'https://mirror.example/x', 'a/b/c', 'a b']) {
      expect((await failure(loadModel({ model }, options))).code, model).to.equal('invalid-input');
    }
    expect((await failure(loadModel({ ...toy, host: 'ftp://mirror.example' }, options))).code).to.equal(
      'invalid-input',
    );
  });

  it('names the file that is missing', async () => {
    const files = toyTextRepository(folder);
    delete files[graph];
    serve(files);
    const error = await failure(loadModel(toy, options));
    expect(error.code).to.equal('load-failed');
    expect(error.message).to.include('onnx/model.onnx of toy/text').and.include('404');
  });

  it('names the host that cannot be reached', async () => {
    serve({});
    const error = await failure(loadModel({ ...mirrored, host: 'http://localhost:1/' }, options));
    expect(error.code).to.equal('load-failed');
    expect(error.message).to.include('localhost:1');
  });

  it('says that a web page is no model', async () => {
    serve({ ...toyTextRepository(folder), [graph]: { body: '<!doctype html><title>Shop</title>', type: 'text/html' } });
    const error = await failure(loadModel(toy, options));
    expect(error.code).to.equal('load-failed');
    expect(error.message).to.include('onnx/model.onnx').and.include('is a web page');
  });

  const whole = toyTextRepository(folder)[graph] as Uint8Array<ArrayBuffer>;
  const accidents: readonly (readonly [string, Uint8Array<ArrayBuffer> | string, string])[] = [
    ['a truncated file', whole.slice(0, whole.length - 40), 'cut off'],
    ['an empty file', '', 'empty'],
    ['a web page sent as bytes', '<!doctype html><title>Shop</title>', 'web page'],
    ['a pointer to the file', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n', 'Git LFS'],
    ['a file of another kind', 'PK\u0003\u0004 something else altogether', 'no ONNX model'],
  ];
  for (const [what, body, why] of accidents) {
    it(`refuses ${what} in place of the graph`, async () => {
      serve({ ...toyTextRepository(folder), [graph]: { body } });
      const error = await failure(loadModel(toy, options));
      expect(error.code).to.equal('file-format');
      expect(error.message).to.include('onnx/model.onnx of toy/text').and.include(why);
    });
  }

  it('refuses a tokenizer that is no JSON', async () => {
    serve({ ...toyTextRepository(folder), [`${folder}/tokenizer.json`]: { body: '{"version": ' } });
    const error = await failure(loadModel(toy, { ...options, tokenizer: true }));
    expect(error.code).to.equal('file-format');
    expect(error.message).to.include('tokenizer.json of toy/text');
  });

  it('refuses a file whose SHA-256 is another', async () => {
    serve(toyTextRepository(folder));
    const sha256 = { 'onnx/model.onnx': '0'.repeat(64) };
    const error = await failure(loadModel({ ...toy, sha256 }, options));
    expect(error.code).to.equal('file-format');
    expect(error.message).to.include('SHA-256');
  });

  it('a broken graph does not poison later loads and runs', async () => {
    const junk = Uint8Array.from([8, 8, 58, 2, 255, 255]);
    serve({ ...toyTextRepository(folder), '/starter/models/toy/junk/onnx/model.onnx': junk });
    const error = await failure(loadModel({ ...toy, model: 'toy/junk' }, options));
    expect(error.code).to.equal('file-format');
    await using model = await loadModel(toy, options);
    const outside = {
      ...sunMoon,
      input_ids: { type: 'int64', dims: [1, 2], data: BigInt64Array.of(2n, 99n) },
    } as const;
    expect((await failure(model.run(outside))).code).to.equal('invalid-input');
    await expectWorks(model);
  });

  it('evicts a kept file that is broken and fetches it anew', async () => {
    serve(toyTextRepository(atMirror));
    await (await loadModel(mirrored, options))[Symbol.asyncDispose]();
    const cache = await caches.open('cognate-models');
    await cache.put(`${atMirror}/onnx/model.onnx`, new Response('half a mod'));
    await using model = await loadModel(mirrored, options);
    await expectWorks(model);
  });

  it('keeps nothing that is broken', async () => {
    serve({ ...toyTextRepository(atMirror), [`${atMirror}/onnx/model.onnx`]: whole.slice(0, 100) });
    expect((await failure(loadModel(mirrored, options))).code).to.equal('file-format');
    expect((await cachedModelFiles()).map(({ url }) => url)).not.to.include(`${atMirror}/onnx/model.onnx`);
  });

  it('counts the bytes of all files, never backwards', async () => {
    serve(toyTextRepository(folder));
    const seen: Progress[] = [];
    await using model = await loadModel(toy, { ...options, tokenizer: true, onProgress: (p) => seen.push(p) });
    await expectWorks(model);
    const downloads = seen.filter((p) => p.phase === 'download');
    downloads.reduce((before, { done }) => (expect(done).to.be.at.least(before), done), 0);
    const last = downloads.at(-1)!;
    expect(last.done).to.equal(last.total);
    expect(last.done).to.be.greaterThan(whole.length);
    expect(seen.at(-1)).to.deep.equal({ phase: 'prepare', done: 1, total: 1 });
  });

  it('rejects with the reason when aborted before it begins', async () => {
    serve(toyTextRepository(folder));
    const reason = new Error('changed my mind');
    const error = await loadModel(toy, { ...options, signal: AbortSignal.abort(reason) }).catch((e: unknown) => e);
    expect(error).to.equal(reason);
    expect(server.requests).to.deep.equal([]);
  });

  it('stops when aborted while files arrive, and leaves other loads alone', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    serve({ ...toyTextRepository(folder), ...toyTextRepository(atMirror), [graph]: { body: whole, gate } });
    const controller = new AbortController();
    const stopped = loadModel(toy, { ...options, signal: controller.signal }).catch((e: unknown) => e);
    const other = loadModel(mirrored, options);
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    expect(await stopped).to.have.property('name', 'AbortError');
    await using model = await other;
    await expectWorks(model);
    open();
  });

  it('can be released twice, and says so when used afterwards', async () => {
    serve(toyTextRepository(folder));
    const model = await loadModel(toy, options);
    const running = model.run(sunMoon);
    await model[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
    expect(floatTensor(await running, 'sentence_embedding')!.data[0]).to.be.closeTo(expected[0]!, 1e-6);
    expect((await failure(model.run(sunMoon))).code).to.equal('disposed');
  });

  it('names the input that is not fed', async () => {
    serve(toyTextRepository(folder));
    await using model = await loadModel(toy, options);
    const error = await failure(model.run({ input_ids: sunMoon['input_ids']! }));
    expect(error.code).to.equal('invalid-input');
    expect(error.message).to.include('attention_mask');
  });

  it('takes wasm where the only GPU is emulated, and tells why', async () => {
    serve(toyTextRepository(folder));
    await using model = await loadModel({ model: 'toy/text' }, options);
    expect(model.device).to.equal('wasm');
    expect(model.fallback).to.match(/GPU|emulated/);
    const error = await failure(loadModel({ ...toy, device: 'webgpu' }, options));
    expect(error.code).to.equal('device-failed');
  });
});
