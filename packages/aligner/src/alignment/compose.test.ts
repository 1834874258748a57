import { CognateError, random, type Alignment, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fit } from '../fit.ts';
import { exampleMeasured, exampleReport } from '../../../../test/helpers/example-report.ts';
import { verdictOf } from '../measure/verdict.ts';
import { createAlignment, loadAlignment, partsOf } from './alignment.ts';
import { compose } from './compose.ts';
import { cycle } from './cycle.ts';
import { invert } from './invert.ts';

const things = 140;
/** Things whose pairs are learned from; the others measure. */
const learned = 100;

/** The same things as seen in a space of `dim` numbers, under noise. */
function view(id: string, dim: number, noise: number, seed: number): Embeddings {
  const hidden = 12;
  const { normal } = random(5);
  const latent = Float32Array.from({ length: things * hidden }, normal);
  const own = random(seed);
  const turn = Float32Array.from({ length: hidden * dim }, () => own.normal());
  const data = new Float32Array(things * dim);
  for (let i = 0; i < things; i++) {
    for (let j = 0; j < dim; j++) {
      let sum = noise * own.normal();
      for (let k = 0; k < hidden; k++) sum += latent[i * hidden + k]! * turn[k * dim + j]!;
      data[i * dim + j] = sum;
    }
  }
  return { space: { id, dim, normalized: false }, count: things, data };
}

function part({ space, data }: Embeddings, from: number, to: number): Embeddings {
  return { space, count: to - from, data: data.slice(from * space.dim, to * space.dim) };
}

const [a, b, c] = [view('a', 20, 0.3, 1), view('b', 16, 0.3, 2), view('c', 24, 0.3, 3)];
const train = (points: Embeddings): Embeddings => part(points, 0, learned);
const test = (points: Embeddings): Embeddings => part(points, learned, things);
const link = (x: Embeddings, y: Embeddings): Promise<Alignment> => fit(train(x), train(y), { method: 'csa' });

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
  } catch (error) {
    return (error as CognateError).code;
  }
  return undefined;
}

describe('alignments of alignments', () => {
  let ab: Alignment;
  let bc: Alignment;
  before(async () => {
    [ab, bc] = [await link(a, b), await link(b, c)];
  });

  it('compose through a pivot to what walking the links one by one gives', async () => {
    const ac = await compose([ab, bc]);
    const wanted = bc.forward(ab.forward(test(a))).data;
    ac.forward(test(a)).data.forEach((value, i) => expect(value).to.be.closeTo(wanted[i]!, 1e-5));
    const back = ab.backward(bc.backward(test(c))).data;
    ac.backward(test(c)).data.forEach((value, i) => expect(value).to.be.closeTo(back[i]!, 1e-5));
  });

  it('find things across a chain that no pair was given for, and say what the chain lost', async () => {
    const heldOut = { source: test(a), through: [test(b)], target: test(c) };
    const { report } = await compose([ab, bc], { heldOut });
    expect(report.forward!.recallAt1).to.be.above(10 * report.chance.recallAt1);
    expect(report.chain!.map(({ source, target }) => source.id + target.id)).to.deep.equal(['ab', 'bc']);
    expect(report.verdict.level).to.equal('pass');
    expect(report.verdict.reasons[0]).to.match(/its links reach [\d.]+ and [\d.]+ on the same things: it lost/);
    expect(report.cycle!.source.recallAt1).to.be.above(0.5);
  });

  it('judge a chain by few things as far as these go', async () => {
    const few = (points: Embeddings): Embeddings => part(points, learned, learned + 12);
    const heldOut = { source: few(a), through: [few(b)], target: few(c) };
    const ac = await compose([ab, bc], { heldOut });
    expect(ac.report.forward!.recallAt1).to.be.above(0.8);
    expect(ac.report.verdict.level).to.equal('caution');
    expect(ac.report.verdict.reasons.join(' ')).to.match(/The scores are uncertain: .* measured on 12 pairs/);
    const { report } = invert(ac);
    expect(report.reason).to.equal('2 alignments one after the other: c -> b -> a.');
    expect(invert(invert(ac)).report).to.deep.equal(ac.report);
  });

  it('tell when a link of the chain is worthless', async () => {
    const order = [...random(3).permutation(learned)];
    const shuffled = { ...train(c), data: Float32Array.from(order.flatMap((i) => [...part(c, i, i + 1).data])) };
    const broken = await fit(train(b), shuffled, { method: 'csa' });
    const heldOut = { source: test(a), target: test(c) };
    const { report } = await compose([ab, broken], { heldOut });
    expect(report.verdict.level).to.equal('fail');
    expect(report.forward!.recallAt10).to.be.below(2 * report.chance.recallAt10);
  });

  it('say that nothing measured a chain without held-out things', async () => {
    const { report } = await compose([ab, bc]);
    expect(report.forward).to.equal(undefined);
    expect(report.verdict.reasons[0]).to.match(/^No pairs of both ends/);
  });

  it('turn links round where they point the other way', async () => {
    const there = await compose([ab, bc]);
    const turned = await compose([invert(ab), invert(bc)]);
    expect(turned.source.id + turned.target.id).to.equal('ac');
    expect([...turned.forward(test(a)).data]).to.deep.equal([...there.forward(test(a)).data]);
  });

  it('survive saving, and chains of chains', async () => {
    const d = view('d', 18, 0.3, 4);
    const ad = await compose([await compose([ab, bc]), await link(c, d)]);
    const loaded = loadAlignment(ad.save());
    expect([...loaded.forward(test(a)).data]).to.deep.equal([...ad.forward(test(a)).data]);
    expect([...loaded.project(test(a)).data]).to.deep.equal([...ad.project(test(a)).data]);
    expect(loaded.report).to.deep.equal(ad.report);
  });

  it('invert to the same correspondence read backwards, twice to the same alignment', async () => {
    const ba = invert(ab);
    expect([...ba.forward(test(b)).data]).to.deep.equal([...ab.backward(test(b)).data]);
    expect([...ba.anchors.source.data]).to.deep.equal([...ab.anchors.target.data]);
    expect(ba.report.forward).to.deep.equal(ab.report.backward);
    expect([...invert(ba).save()]).to.deep.equal([...ab.save()]);
  });

  it('invert what their verdict says of directions', () => {
    const oneWay = exampleReport({ backward: exampleMeasured(0.1) });
    const report = { ...oneWay, verdict: verdictOf(oneWay) };
    const alignment = createAlignment({ ...partsOf('the test', ab), report });
    expect(report.verdict.reasons.join(' ')).to.include('Only from source to target');
    expect(invert(alignment).report.verdict.reasons.join(' ')).to.include('Only from target to source');
    expect(invert(invert(alignment)).report).to.deep.equal(report);
  });

  it('send points there and back: near to themselves along a good way, lost along a broken one', async () => {
    const good = await cycle(ab, test(a));
    expect(good.recallAt1).to.be.above(0.9);
    expect(good.cosine).to.be.above(0.8);
    expect(good.cosines.length).to.equal(things - learned);
    const other = await link(view('x', 20, 0, 1), {
      ...b,
      data: Float32Array.from({ length: b.data.length }, random(9).normal),
    });
    const lost = await cycle(other, test(b));
    expect(lost.cosine).to.be.below(good.cosine - 0.2);
  });

  it('refuse what does not meet, pair or differ', async () => {
    const heldOut = { source: test(a), target: test(c) };
    expect(await codeOf(compose([ab]))).to.equal('invalid-input');
    expect(await codeOf(compose([ab, await link(c, view('d', 8, 0.3, 4))]))).to.equal('space-mismatch');
    expect(await codeOf(compose([ab, invert(ab)]))).to.equal('space-mismatch');
    expect(await codeOf(compose([ab, bc], { heldOut: { ...heldOut, target: train(c) } }))).to.equal('shape-mismatch');
    expect(await codeOf(compose([ab, bc], { heldOut: { ...heldOut, target: test(b) } }))).to.equal('space-mismatch');
    expect(await codeOf(compose([ab, bc], { heldOut: { ...heldOut, through: [] } }))).to.equal('shape-mismatch');
    expect(await codeOf(cycle(ab, test(c)))).to.equal('space-mismatch');
    expect(await codeOf(cycle(ab, part(a, 0, 1)))).to.equal('invalid-input');
    expect(await codeOf(cycle(ab, { ...c, space: { ...c.space, id: 'a' } }))).to.equal('space-mismatch');
    expect(await codeOf(cycle(ab, { ...a, data: a.data.slice(1) }))).to.equal('shape-mismatch');
    expect(await codeOf(cycle(ab, { ...a, data: a.data.map((v, i) => (i === 7 ? NaN : v)) }))).to.equal(
      'invalid-input',
    );
    const aborted = AbortSignal.abort(new CognateError('disposed', 'enough'));
    expect(await codeOf(compose([ab, bc], { signal: aborted }))).to.equal('disposed');
  });
});
