import { expect } from '@open-wc/testing';
import { isCognateError, row, type Encoder, type Progress } from '@cognate/core';

export interface EncoderCase<Input> {
  readonly load: () => Promise<Encoder<Input>>;
  /** At least three inputs that an encoder tells apart. */
  readonly samples: readonly [Input, Input, Input, ...Input[]];
  /** Values that must be refused, each with what it is. */
  readonly refused: readonly (readonly [string, unknown])[];
}

/** More inputs than fit in one batch, so that an abort arrives between two. */
const many = 200;

/** What every encoder must do, whatever it encodes. Call inside `describe`. */
export function encoderContract<Input>({ load, samples, refused }: EncoderCase<Input>): void {
  let encoder: Encoder<Input>;
  before(async () => {
    encoder = await load();
  });
  after(() => encoder[Symbol.asyncDispose]());

  const cycle = (count: number): Input[] => Array.from({ length: count }, (_, i) => samples[i % samples.length]!);

  it('gives one unit row per input, in its own space', async () => {
    const { space, count, data } = await encoder.encode(samples);
    expect(space).to.deep.equal(encoder.space);
    expect([count, data.length]).to.deep.equal([samples.length, samples.length * space.dim]);
    if (!space.normalized) return;
    for (let i = 0; i < count; i++) {
      const length = Math.hypot(...row({ space, count, data }, i));
      expect(length).to.be.closeTo(1, 1e-4);
    }
  });

  it('gives no rows for no inputs', async () => {
    const { count, data } = await encoder.encode([]);
    expect([count, data.length]).to.deep.equal([0, 0]);
  });

  it('encodes a batch as it encodes its parts, in order', async () => {
    const inputs = cycle(Math.min(40, 12 * samples.length)).reverse();
    const batch = await encoder.encode(inputs);
    for (let i = 0; i < inputs.length; i += 5) {
      const alone = await encoder.encode([inputs[i]!]);
      row(batch, i).forEach((value, k) => expect(value).to.be.closeTo(alone.data[k]!, 1e-4));
    }
  });

  it('tells inputs apart', async () => {
    const batch = await encoder.encode(samples);
    const cosine = row(batch, 0).reduce((sum, value, k) => sum + value * row(batch, 1)[k]!, 0);
    expect(cosine).to.be.lessThan(0.9999);
  });

  it('reports progress up to the last input', async () => {
    const seen: Progress[] = [];
    await encoder.encode(cycle(many), { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).to.be.greaterThan(1);
    expect(seen.at(-1)).to.deep.equal({ phase: 'encode', done: many, total: many });
  });

  it('stops at once when the signal has been aborted before', async () => {
    const reason = new Error('not needed any more');
    const error = await encoder.encode(samples, { signal: AbortSignal.abort(reason) }).catch((e: unknown) => e);
    expect(error).to.equal(reason);
  });

  it('stops between batches when aborted, and is usable afterwards', async () => {
    const controller = new AbortController();
    const reason = new Error('not needed any more');
    let done = 0;
    const onProgress = (progress: Progress): void => {
      done = progress.done;
      // From a task of its own, as a message from another thread would be.
      setTimeout(() => controller.abort(reason));
    };
    const error = await encoder.encode(cycle(many), { signal: controller.signal, onProgress }).catch((e: unknown) => e);
    expect(error).to.equal(reason);
    expect(done).to.be.lessThan(many);
    expect((await encoder.encode(samples)).count).to.equal(samples.length);
  });

  for (const [what, value] of refused) {
    it(`refuses ${what}, naming its position, and works on afterwards`, async () => {
      const inputs = [samples[0], samples[1], value as Input];
      const error: unknown = await encoder.encode(inputs).catch((e: unknown) => e);
      if (!isCognateError(error)) throw new Error(`expected a CognateError, got ${String(error)}`);
      expect(error.code).to.equal('invalid-input');
      expect(error.message).to.match(/\b2\b/);
      expect((await encoder.encode(samples)).count).to.equal(samples.length);
    });
  }

  it('can be released twice, and says so when used afterwards', async () => {
    const other = await load();
    await other[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    const error: unknown = await other.encode(samples).catch((e: unknown) => e);
    expect(isCognateError(error) && error.code).to.equal('disposed');
  });
}
