import { isCognateError, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { memory, type Neighbour } from './memory.ts';

const space = { id: 'plane', dim: 2, normalized: true };
const plane = (...numbers: readonly number[]): Embeddings => ({
  space,
  count: numbers.length / 2,
  data: Float32Array.from(numbers),
});

const rowsOf = (found: readonly Neighbour[]): readonly number[] => found.map(({ row }) => row);

describe('memory()', () => {
  const known = plane(1, 0, 0, 1, -1, 0);

  it('mixes known points by a softmax over cosines, as worked out by hand', async () => {
    // Cosines .8, .6, -.8; at 10 the weights are as 1 : exp(-2) : exp(-16); the mix (.8807970, .1192029) is .8888265 long.
    const { data } = await memory(known, { sharpness: 10 }).project(plane(0.8, 0.6));
    expect(data[0]).to.be.closeTo(0.990966, 1e-5);
    expect(data[1]).to.be.closeTo(0.134113, 1e-5);
    expect(Math.hypot(...data)).to.be.closeTo(1, 1e-6);
  });

  it('leaves a known point where it is, and takes any other to the nearest as it gets sharper', async () => {
    const there = await memory(known).project(plane(0, 1));
    expect(there.data[0]).to.be.closeTo(0, 1e-6);
    expect(there.data[1]).to.be.closeTo(1, 1e-6);
    const { data } = await memory(known, { sharpness: 1000 }).project(plane(0.8, 0.6));
    expect(data[0]).to.be.closeTo(1, 1e-6);
  });

  it('answers each point by itself, whatever its length', async () => {
    const { project } = memory(known);
    const { data, count } = await project(plane(0.8, 0.6, -8, 6));
    expect(count).to.equal(2);
    expect([...data.subarray(0, 2)]).to.deep.equal([...(await project(plane(4, 3))).data]);
    expect([...data.subarray(2)]).to.deep.equal([...(await project(plane(-0.8, 0.6))).data]);
  });

  it('finds the nearest known points, best first', async () => {
    const memorised = memory(known);
    const found = await memorised.nearest(plane(0.8, 0.6, -0.8, 0.6, 0.6, 0.8), 2);
    expect(found.map(rowsOf)).to.deep.equal([
      [0, 1],
      [2, 1],
      [1, 0],
    ]);
    expect([...memorised.rows([2, 0]).data]).to.deep.equal([-1, 0, 1, 0]);
    expect(rowsOf((await memorised.nearest(plane(1, 0), 9))[0]!)).to.deep.equal([0, 1, 2]);
  });

  it('tells their cosines, whatever the length of the point', async () => {
    const [found] = await memory(known).nearest(plane(4, 3), 2);
    [0.8, 0.6].forEach((cosine, i) => expect(found![i]!.cosine).to.be.closeTo(cosine, 1e-6));
  });

  it('looks for known points by their keys, where those are given', async () => {
    const line = { id: 'line', dim: 1, normalized: true };
    const keyed = memory(known, { keys: { space: line, count: 3, data: Float32Array.of(-1, 1, -1) }, sharpness: 50 });
    const asked = { space: line, count: 1, data: Float32Array.of(3) };
    expect(keyed.asked).to.equal(line);
    expect([...(await keyed.project(asked)).data]).to.deep.equal([0, 1]);
    expect(rowsOf((await keyed.nearest(asked, 1))[0]!)).to.deep.equal([1]);
  });

  it('refuses nothing to know, a sharpness of no use, and points of no use', async () => {
    const code = async (work: () => unknown): Promise<unknown> => {
      try {
        await work();
      } catch (error) {
        return isCognateError(error) ? error.code : error;
      }
      return 'not refused';
    };
    expect(await code(() => memory(plane()))).to.equal('invalid-input');
    expect(await code(() => memory(known, { sharpness: 0 }))).to.equal('invalid-input');
    expect(await code(() => memory(known).project(plane(NaN, 1)))).to.equal('invalid-input');
    expect(await code(() => memory(known).project(plane(0, 0)))).to.equal('invalid-input');
    expect(await code(() => memory(known, { keys: plane(1, 0) }))).to.equal('shape-mismatch');
    const foreign = { ...plane(1, 0), space: { ...space, id: 'sphere' } };
    expect(await code(() => memory(known).nearest(foreign, 1))).to.equal('space-mismatch');
  });
});
