import { isCognateError, random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { batches } from './batches.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { bagMeans, bags, initEmbeddingTable, updateBags, type EmbeddingTable } from './embedding-table.ts';
import { startEngine } from './engine.ts';
import { initMlp, l2Normalize, mlp, type Mlp } from './layers.ts';
import { infoNce } from './losses.ts';
import { trainer, type Trainer } from './trainer.ts';
import { filled, normal, tensor, type DeviceArray, type Tensor } from './tree.ts';

type Model = { head: Mlp<Tensor>; logScale: Tensor };
type Batch = { target: DeviceArray };
type Lookups = { bag: DeviceArray };

const count = 40;
const size = 16;
const draw = random(11);
const targets = normal(draw, [count, 8], 1);
const texts = Array.from({ length: count }, () => Array.from({ length: 3 }, () => draw.below(50)));

function contrastive(): Trainer<Model, Batch, Lookups> {
  return trainer({
    params: { head: initMlp(random(1), 6, 12, 8), logScale: filled([], 1) },
    loss: (p, { target }: Batch, { bag }: Lookups) =>
      infoNce(l2Normalize(mlp(p.head, bag)), l2Normalize(target), p.logScale),
    emaDecay: 0.9,
  });
}

async function step(
  training: Trainer<Model, Batch, Lookups>,
  table: EmbeddingTable,
  ids: Uint32Array,
): Promise<number> {
  const picked = bags([...ids].map((i) => texts[i]!));
  const target = new Float32Array(size * 8);
  ids.forEach((id, i) => target.set(targets.data.subarray(id * 8, id * 8 + 8), i * 8));
  const lookups = { bag: bagMeans(table, picked) };
  const { loss, lookupGradients } = await training.update({ target: tensor([size, 8], target) }, 0.01, lookups);
  updateBags(table, picked, lookupGradients.bag, 0.01);
  return loss;
}

describe('trainer()', () => {
  before(() => startEngine({ device: 'wasm' }));

  it('takes the AdamW steps computed by hand', async () => {
    // loss = 3 w + 4 b for a matrix [[w]] and a vector [b]: gradient (3, 4), norm 5, clipped to (0.6, 0.8).
    using training = trainer({
      params: { w: filled([1, 1], 2), b: filled([1], 2) },
      loss: (p) => p.w.mul(3).sum().add(p.b.mul(4).sum()),
      optimizer: { weightDecay: 0.1, clipNorm: 1, epsilon: 1e-1 },
      emaDecay: 0.75,
    });
    const first = await training.update({}, 0.01);
    expect(first.loss).to.equal(14);
    expect(first.gradientNorm).to.equal(5);
    await training.update({}, 0.01);
    // Bias-corrected moments of a constant gradient are g and g^2, so that each step is lr g / (|g| + epsilon).
    const after = (w: number, decay: number, g: number): number => w * (1 - 0.01 * decay) - (0.01 * g) / (g + 0.1);
    const { params, ema } = await training.save();
    expect(params.w.data[0]).to.be.closeTo(after(after(2, 0.1, 0.6), 0.1, 0.6), 1e-6);
    expect(params.b.data[0]).to.be.closeTo(after(after(2, 0, 0.8), 0, 0.8), 1e-6);
    const average = 0.75 * (0.75 * 2 + 0.25 * after(2, 0, 0.8)) + 0.25 * params.b.data[0]!;
    expect(ema!.b.data[0]).to.be.closeTo(average, 1e-6);
  });

  it('learns, through the table that lives outside', async () => {
    const [training, table, stream] = [contrastive(), initEmbeddingTable(random(2), 50, 6), batches(count, size, 3)];
    const losses: number[] = [];
    for (let i = 0; i < 60; i++) losses.push(await step(training, table, stream.next()));
    training[Symbol.dispose]();
    expect(losses[0]).to.be.closeTo(Math.log(size), 1.5);
    expect(losses.at(-1)).to.be.lessThan(losses[0]! * 0.75);
  });

  it('goes on from a checkpoint with the numbers of an uninterrupted run', async () => {
    const [straight, stream] = [contrastive(), batches(count, size, 3)];
    let table = initEmbeddingTable(random(2), 50, 6);
    for (let i = 0; i < 4; i++) await step(straight, table, stream.next());
    const bytes = writeCheckpoint({ trainer: await straight.save(), tables: { words: table }, notes: stream.state });
    const wanted: number[] = [];
    for (let i = 0; i < 4; i++) wanted.push(await step(straight, table, stream.next()));

    const saved = readCheckpoint<Model>(bytes);
    const resumed = contrastive();
    resumed.restore(saved.trainer);
    expect(resumed.step).to.equal(4);
    const rest = batches(count, size, saved.notes as typeof stream.state);
    table = saved.tables!['words']!;
    for (const loss of wanted) expect(await step(resumed, table, rest.next())).to.be.closeTo(loss, 1e-5);
    const [a, b] = [await straight.weights(), await resumed.weights()];
    a.head.up.weight.data.forEach((value, i) => expect(b.head.up.weight.data[i]).to.be.closeTo(value, 1e-5));
    straight[Symbol.dispose]();
    resumed[Symbol.dispose]();
  });

  it('refuses the state of another model', async () => {
    using training = contrastive();
    const state = await training.save();
    const other = { ...state, params: { ...state.params, head: initMlp(random(1), 6, 13, 8) } };
    expect(() => training.restore(other)).to.throw(
      'restore() needs head.up.weight of shape [6, 12], got shape [6, 13]',
    );
  });

  it('starts its average from the weights of a state that has none', async () => {
    using training = contrastive();
    const { ema: _, ...state } = await training.save();
    training.restore(state);
    const { params, ema } = await training.save();
    expect(ema).to.deep.equal(params);
  });

  it('may be disposed of during its first step, which is then lost', async () => {
    const training = contrastive();
    const running = step(training, initEmbeddingTable(random(2), 50, 6), batches(count, size, 3).next());
    training[Symbol.dispose]();
    const error: unknown = await running.catch((e: unknown) => e);
    expect(isCognateError(error) && error.code).to.equal('disposed');
  });

  it('says so when it is used after disposal', async () => {
    const training = contrastive();
    training[Symbol.dispose]();
    training[Symbol.dispose]();
    const error: unknown = await training.weights().catch((e: unknown) => e);
    expect(isCognateError(error) && error.code).to.equal('disposed');
  });
});

describe('EmbeddingTable', () => {
  it('averages bags and moves only the rows that were touched', () => {
    const table = initEmbeddingTable(random(1), 4, 2);
    table.weights.set([1, 2, 3, 4, 5, 6, 7, 8]);
    const lists = bags([[0, 2], [], [2, 2]]);
    const means = bagMeans(table, lists);
    expect([...means.data]).to.deep.equal([3, 4, 0, 0, 5, 6]);
    const gradient: Tensor = tensor([3, 2], new Float32Array([2, 0, 9, 9, 3, -1]));
    updateBags(table, lists, gradient, 0.5, { epsilon: 0 });
    // Row 0 has the gradient (1, 0), row 2 (1 + 3, -1); a first step has the length of the learning rate.
    expect(
      [...table.weights.subarray(0, 1), ...table.weights.subarray(2)].map((x) => Math.round(x * 1e4) / 1e4),
    ).to.deep.equal([0.5, 3, 4, 4.5, 6.5, 7, 8]);
    expect([...table.touches]).to.deep.equal([1, 0, 1, 0]);
  });
});
