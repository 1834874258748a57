import { expect } from '@open-wc/testing';
import { isCognateError, type Encoder } from '@cognate/core';
import { cachedModelFiles } from '@cognate/runtime';
import { encoderContract } from '../../../test/contracts/encoder.ts';
import { mirror, needMirror } from '../../../test/helpers/mirror.ts';
import { loadTextEncoder } from './index.ts';

const model = 'word2vec-emoji2vec-300d';
const load = (): Promise<Encoder<string>> => loadTextEncoder({ model, host: mirror }, { baseUrl: '/' });

describe(`${model} from a mirror on another origin`, () => {
  before(function () {
    needMirror(this);
  });

  it('loads, and keeps its files for the next time', async () => {
    await using encoder = await load();
    expect(encoder.space).to.deep.equal({ id: `${model}@main`, dim: 300, normalized: true });
    const kept = (await cachedModelFiles()).filter(({ url }) => url.includes(model));
    expect(kept.map(({ url }) => url.slice(url.indexOf(model) + model.length)).sort()).to.deep.equal([
      '/config.json',
      '/onnx/model.onnx',
      '/tokenizer.json',
      '/tokenizer_config.json',
    ]);
    expect(kept.every(({ url }) => new URL(url).origin !== location.origin)).to.equal(true);
  });

  it('puts a word nearer to its emoji than to others', async () => {
    await using encoder = await load();
    const { data } = await encoder.encode(['dog', '🐶', '🍕', '🚗']);
    const cosine = (i: number): number => data.subarray(0, 300).reduce((sum, v, k) => sum + v * data[i * 300 + k]!, 0);
    expect(cosine(1)).to.be.greaterThan(cosine(2) + 0.1);
    expect(cosine(1)).to.be.greaterThan(cosine(3) + 0.1);
  });

  it('names the text of which it knows no word, instead of giving a row without direction', async () => {
    await using encoder = await load();
    const error: unknown = await encoder.encode(['dog', 'qwxzyv']).catch((e: unknown) => e);
    if (!isCognateError(error)) throw new Error(`expected a CognateError, got ${String(error)}`);
    expect(error.code).to.equal('invalid-input');
    expect(error.message).to.include('text 1').and.include('qwxzyv');
  });

  describe('keeps the contract of encoders', () => {
    encoderContract<string>({ load, samples: ['dog', 'house tree', '🍕'], refused: [['an empty text', '']] });
  });
});
