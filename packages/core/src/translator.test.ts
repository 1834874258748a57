import { expect } from '@open-wc/testing';
import type { Alignment, CallOptions, Decoder, Encoder } from './contracts.ts';
import { embeddings, type Embeddings, type Space } from './embeddings.ts';
import { bridge, translator } from './translator.ts';

const warm: Space = { id: 'warm@1', dim: 1, normalized: false };
const cool: Space = { id: 'cool@1', dim: 1, normalized: false };
const shared: Space = { id: 'shared@1', dim: 1, normalized: false };

const to = (space: Space, change: (x: number) => number) => (points: Embeddings) =>
  embeddings(space, points.data.map(change));

/** Source x is target x + 100; in between lies x + 10. */
const alignment = {
  source: warm,
  target: cool,
  shared,
  project: to(shared, (x) => x + 10),
  forward: to(cool, (x) => x + 100),
  backward: to(warm, (x) => x - 100),
} as unknown as Alignment;

function toys(decoderSpace: Space) {
  const released: string[] = [];
  const encoder: Encoder<string> = {
    space: warm,
    encode: (inputs) =>
      Promise.resolve(
        embeddings(
          warm,
          Float32Array.from(inputs, (text) => text.length),
        ),
      ),
    [Symbol.asyncDispose]: async () => void released.push('encoder'),
  };
  const decoder: Decoder<number> = {
    space: decoderSpace,
    decode: (points) => Promise.resolve([...points.data]),
    [Symbol.asyncDispose]: async () => void released.push('decoder'),
  };
  return { encoder, decoder, released };
}

describe('translator()', () => {
  it('goes down one side and up the other, in order', async () => {
    const { encoder, decoder } = toys(cool);
    const translate = translator({ encoder, decoder, bridges: [bridge(alignment, warm, cool)] });
    expect(await translate.translate(['a', 'bcd'])).to.deep.equal([101, 103]);
    expect(await translate.translate([])).to.deep.equal([]);
  });

  it('needs no bridge within one space', async () => {
    const { encoder, decoder } = toys(warm);
    expect(await translator({ encoder, decoder }).translate(['abc'])).to.deep.equal([3]);
  });

  it('refuses at once parts that do not meet', () => {
    const { encoder, decoder } = toys(cool);
    expect(() => translator({ encoder, decoder })).to.throw('cool@1');
    expect(() => translator({ encoder, decoder, bridges: [bridge(alignment, cool, warm)] })).to.throw('warm@1');
  });

  it('stops between encoding and decoding when the caller aborts', async () => {
    const { encoder, decoder } = toys(warm);
    const controller = new AbortController();
    const reason = new Error('enough');
    const impatient: Encoder<string> = {
      ...encoder,
      encode: (inputs, options?: CallOptions) => {
        controller.abort(reason);
        return encoder.encode(inputs, options);
      },
    };
    const outcome = translator({ encoder: impatient, decoder }).translate(['a'], { signal: controller.signal });
    expect(await outcome.catch((error: unknown) => error)).to.equal(reason);
  });

  it('releases its parts only when it owns them', async () => {
    const lent = toys(warm);
    await translator(lent)[Symbol.asyncDispose]();
    expect(lent.released).to.deep.equal([]);
    const given = toys(warm);
    await translator(given, { owned: true })[Symbol.asyncDispose]();
    expect(given.released).to.deep.equal(['encoder', 'decoder']);
  });
});

describe('bridge()', () => {
  it('finds each walk through an alignment', () => {
    const walk = (from: Space, target: Space): number =>
      bridge(alignment, from, target).map(embeddings(from, new Float32Array([1]))).data[0]!;
    expect(walk(warm, cool)).to.equal(101);
    expect(walk(cool, warm)).to.equal(-99);
    expect(walk(warm, shared)).to.equal(11);
    expect(walk(cool, shared)).to.equal(11);
  });

  it('says which spaces the alignment joins when there is no walk', () => {
    expect(() => bridge(alignment, shared, warm)).to.throw('from shared@1 to warm@1, got one of warm@1 and cool@1');
  });
});
