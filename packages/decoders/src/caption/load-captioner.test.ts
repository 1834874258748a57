import { isCognateError, type Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { toyCaptionerRepository, toyCaptionSpace as space } from '../../../../test/helpers/toy-decoders.ts';
import { toyTextRepository } from '../../../../test/helpers/toy-repository.ts';
import { serveVirtually, type VirtualServer } from '../../../../test/helpers/virtual-files.ts';
import { loadCaptioner } from '../index.ts';

const folder = '/starter/models/toy/captioner';
const options = { baseUrl: '/' };

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  return isCognateError(error) ? `${error.code}: ${error.message}` : `not refused: ${String(error)}`;
}

describe('loadCaptioner()', () => {
  let server: VirtualServer | undefined;
  afterEach(() => server?.restore());

  it('counts the bytes of all files as it loads them', async () => {
    server = serveVirtually(toyCaptionerRepository(folder));
    const seen: Progress[] = [];
    await using captioner = await loadCaptioner('toy/captioner', { ...options, onProgress: (each) => seen.push(each) });
    const last = seen.findLast(({ phase }) => phase === 'download');
    expect(last!.done).to.equal(last!.total);
    expect(last!.done).to.be.greaterThan(10_000);
    expect(captioner.calibration).to.equal(undefined);
  });

  it('names the field of a config that is missing or of no use', async () => {
    for (const [config, what] of [
      [{ space: undefined }, 'cognate.space'],
      [{ space: { id: 'toy-text@1' } }, 'cognate.space'],
      [{ languages: [] }, 'cognate.languages'],
      [{ languages: ['en', 'en'] }, 'cognate.languages'],
      [{ languages: 'en' }, 'cognate.languages'],
      [{ bos: undefined }, 'cognate.bos'],
      [{ eos: -1 }, 'cognate.eos'],
      [{ maxTokens: 2.5 }, 'cognate.maxTokens'],
      [{ trust: { slope: 'steep' } }, 'cognate.trust'],
    ] as const) {
      server = serveVirtually(toyCaptionerRepository(folder, config));
      const message = await refusal(loadCaptioner('toy/captioner', options));
      expect(message, JSON.stringify(config))
        .to.include(what)
        .and.match(/^file-format: .* toy\/captioner/);
      server.restore();
    }
  });

  it('refuses the graph of another model, and one for points of another size', async () => {
    const cognate = { space, languages: ['en'], bos: 0, eos: 1, maxTokens: 4 };
    server = serveVirtually(toyTextRepository(folder, { cognate }));
    expect(await refusal(loadCaptioner('toy/captioner', options))).to.match(/^file-format: .*point, language/);
    server.restore();
    server = serveVirtually(toyCaptionerRepository(folder, { space: { ...space, dim: 5 } }));
    expect(await refusal(loadCaptioner('toy/captioner', options))).to.match(/^file-format: .*5 numbers.*takes 4$/);
  });

  it('refuses a graph that is not the one that was promised', async () => {
    server = serveVirtually(toyCaptionerRepository(folder));
    const sha256 = { 'onnx/model.onnx': '0'.repeat(64) };
    const message = await refusal(loadCaptioner({ model: 'toy/captioner', sha256 }, options));
    expect(message).to.match(/onnx\/model\.onnx of toy\/captioner/);
  });

  it('stops loading when called off', async () => {
    const files = toyCaptionerRepository(folder);
    const gate = new Promise(() => undefined);
    const path = `${folder}/onnx/model.onnx`;
    server = serveVirtually({ ...files, [path]: { body: files[path] as Uint8Array<ArrayBuffer>, gate } });
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ phase }: Progress): void => {
      if (phase === 'download') stop.abort(reason);
    };
    const error: unknown = await loadCaptioner('toy/captioner', { ...options, signal: stop.signal, onProgress }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.equal(reason);
  });

  it('can be released twice, and then says so', async () => {
    server = serveVirtually(toyCaptionerRepository(folder));
    const captioner = await loadCaptioner('toy/captioner', options);
    await captioner[Symbol.asyncDispose]();
    await captioner[Symbol.asyncDispose]();
    const points = { space, count: 1, data: Float32Array.of(1, 0, 0, 0) };
    expect(await refusal(captioner.decode(points))).to.match(/^disposed: /);
  });
});
