import { random, type CognateError, type Embeddings } from '@cognate/core';
import { initLinear, linear, startEngine, tensor, type Linear, type Tensor } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import { fit } from '../fit.ts';
import { trainTowers, type Tower } from './train-towers.ts';

const [from, to] = [12, 3];

/** Rows of which the last three numbers are the other side's points, under a little noise. */
function inputsOf(count: number, seed: number): { x: Tensor; y: Tensor } {
  const { normal } = random(seed);
  const x = Float32Array.from({ length: count * from }, normal);
  const y = new Float32Array(count * to);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < to; j++) y[i * to + j] = x[i * from + from - to + j]! + 0.05 * normal();
  }
  return { x: tensor([count, from], x), y: tensor([count, to], y) };
}

/** How well `fit()` finds partners among rows that nothing has seen, from what the tower makes of others. */
async function asked({ weight, bias }: Linear<Tensor>): Promise<number> {
  const sides = ({ x, y }: ReturnType<typeof inputsOf>): Record<'source' | 'target', Embeddings> => {
    const count = x.shape[0]!;
    const points = new Float32Array(count * to);
    for (let i = 0, at = 0; i < count; i++) {
      for (let j = 0; j < to; j++, at++) {
        points[at] = bias.data[j]!;
        for (let k = 0; k < from; k++) points[at]! += x.data[i * from + k]! * weight.data[k * to + j]!;
      }
    }
    const side = (id: string, data: Float32Array<ArrayBuffer>): Embeddings => ({
      space: { id, dim: to, normalized: false },
      count,
      data,
    });
    return { source: side('a', points), target: side('b', y.data as Float32Array<ArrayBuffer>) };
  };
  const { source, target } = sides(inputsOf(400, 1));
  const { report } = await fit(source, target, { method: 'csa', heldOut: sides(inputsOf(100, 2)), report: 'brief' });
  return report.forward!.mrr;
}

describe('trainTowers()', function () {
  this.timeout(60_000);
  before(() => startEngine());

  const { x, y } = inputsOf(400, 1);
  const narrow = initLinear(random(7), from, to); // three directions at random: most of what matters is lost
  const tower = (unlocked: boolean): Tower<Linear<Tensor>> => ({ params: narrow, apply: linear, inputs: x, unlocked });
  const plain: Tower<object> = { params: {}, apply: (_, rows) => rows, inputs: y };
  const options = { steps: 150, batch: 64, hidden: 0, learningRate: 1e-2, seed: 1 };

  it('keeps towers locked unless told otherwise', async () => {
    const { source } = await trainTowers(tower(false), plain, { ...options, steps: 20 });
    expect(source).to.equal(narrow);
    expect(await asked(source)).to.be.below(0.4);
  });

  it('lets an unlocked tower learn what no map behind a locked one can', async () => {
    const losses: number[] = [];
    const { source } = await trainTowers(tower(true), plain, {
      ...options,
      onProgress: (progress) => progress.phase === 'fit' && losses.push(progress.loss),
    });
    expect(await asked(source)).to.be.above(0.8);
    expect(losses.at(-1)).to.be.below(losses[0]! / 2);
    expect(losses).to.have.length(150);
  });

  it('refuses numbers that are none, groups of another number and options without sense', async () => {
    const code = async (changes: Partial<Tower<object>>, more: object = {}): Promise<string> =>
      trainTowers({ ...plain, ...changes }, plain, { ...options, ...more }).then(
        () => 'no rejection',
        (error: unknown) => (error as CognateError).code,
      );
    expect(await code({ inputs: { ...y, data: (y.data as Float32Array).with(5, NaN) } })).to.equal('invalid-input');
    expect(await code({}, { groups: [1, 2, 3] })).to.equal('shape-mismatch');
    expect(await code({}, { steps: NaN })).to.equal('invalid-input');
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    const running = trainTowers(tower(true), plain, {
      ...options,
      signal: stop.signal,
      onProgress: () => stop.abort('enough'),
    });
    expect(await running.catch((reason: unknown) => reason)).to.equal('enough');
    const late = trainTowers(tower(true), plain, { ...options, steps: 1, signal: AbortSignal.abort('before') });
    expect(await late.catch((reason: unknown) => reason)).to.equal('before');
  });
});
