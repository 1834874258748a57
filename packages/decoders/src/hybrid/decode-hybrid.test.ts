import { CognateError, isCognateError, type Embeddings, type Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { cycleTrust, decodeHybrid, memory, rankByCycle, type Cycle, type HybridSettings } from '../index.ts';

const space = { id: 'plane', dim: 2, normalized: true };
const plane = (...numbers: readonly number[]): Embeddings => ({
  space,
  count: numbers.length / 2,
  data: Float32Array.from(numbers),
});

/** Words and where they lie; the empty one is nowhere. */
const lexicon: Readonly<Record<string, readonly [number, number]>> = {
  east: [1, 0],
  north: [0, 2],
  west: [-1, 0],
  between: [0.6, 0.8],
};

const words: Cycle<string> = {
  encode(samples) {
    const unknown = samples.find((sample) => !(sample in lexicon));
    if (unknown !== undefined)
      return Promise.reject(new CognateError('invalid-input', `encode() does not know "${unknown}"`));
    return Promise.resolve(plane(...samples.flatMap((sample) => lexicon[sample]!)));
  },
};

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  return isCognateError(error) ? error.code : error;
}

describe('rankByCycle()', () => {
  it('ranks samples by cosine with the point they were made of, as worked out by hand', async () => {
    const [first, second] = await rankByCycle(
      plane(4, 3, 0, 1),
      [['west', 'north', 'between', 'east'], ['east']],
      words,
    );
    expect(first!.map(({ sample }) => sample)).to.deep.equal(['between', 'east', 'north', 'west']);
    [0.96, 0.8, 0.6, -0.8].forEach((score, i) => expect(first![i]!.score).to.be.closeTo(score, 1e-6));
    expect(second).to.deep.equal([{ sample: 'east', score: 0 }]);
  });

  it('measures in the space where both sides meet', async () => {
    const other = { id: 'turned', dim: 2, normalized: true };
    // A quarter turn takes points of the plane to the other side.
    const project = (points: Embeddings): Embeddings =>
      points.space.id === 'plane'
        ? { ...points, space: other, data: points.data.map((_, i, all) => (i % 2 ? all[i - 1]! : -all[i + 1]!)) }
        : points;
    const [ranked] = await rankByCycle({ ...plane(0, 1), space: other }, [['north', 'east']], { ...words, project });
    expect(ranked).to.deep.equal([
      { sample: 'east', score: 1 },
      { sample: 'north', score: 0 },
    ]);
    expect(await codeOf(rankByCycle({ ...plane(0, 1), space: other }, [['east']], words))).to.equal('space-mismatch');
  });

  it('puts samples in which nothing is known last, and loses no other for them', async () => {
    const samples = ['', 'east', '?', 'north', ''];
    const [ranked] = await rankByCycle(plane(1, 0), [samples], words);
    expect(ranked!.map(({ sample, score }) => [sample, score])).to.deep.equal([
      ['east', 1],
      ['north', 0],
      ['', -1],
      ['?', -1],
      ['', -1],
    ]);
    const broken: Cycle<string> = { encode: () => Promise.reject(new CognateError('device-failed', 'broken')) };
    expect(await codeOf(rankByCycle(plane(1, 0), [['east']], broken))).to.equal('device-failed');
  });

  it('turns scores into probabilities where they were calibrated', async () => {
    const calibration = { slope: Math.log(3), offset: 0 };
    const [ranked] = await rankByCycle(plane(1, 0), [['east', 'north']], { ...words, calibration });
    expect(ranked![0]!.trust).to.be.closeTo(0.75, 1e-6);
    expect(ranked![1]!.trust).to.be.closeTo(0.5, 1e-6);
    expect(cycleTrust(calibration, -1)).to.be.closeTo(0.25, 1e-6);
  });

  it('needs a list of samples for each point', async () => {
    expect(await codeOf(rankByCycle(plane(1, 0), [], words))).to.equal('shape-mismatch');
    expect(await rankByCycle(plane(1, 0), [[]], words)).to.deep.equal([[]]);
  });
});

describe('decodeHybrid()', () => {
  const known = memory(plane(1, 0, 0, 1, -1, 0), { sharpness: 10 });
  /** Notes what it is asked, and says the word that is nearest, with a mark for another seed. */
  const speaker = (): HybridSettings<string> & { asked: { x: number; y: number; seed: number }[] } => {
    const asked: { x: number; y: number; seed: number }[] = [];
    return {
      asked,
      decode(points, seeds, { onProgress }) {
        const texts = seeds.map((seed, i) => {
          const [x, y] = [points.data[2 * i]!, points.data[2 * i + 1]!];
          asked.push({ x, y, seed });
          onProgress?.({ phase: 'decode', done: i, total: seeds.length, partial: { index: i, text: 'n' } });
          return x > 0.99 ? 'east' : y > 0.99 ? 'north' : 'between';
        });
        return Promise.resolve(texts);
      },
      cycle: words,
    };
  };

  it('decodes the point itself when one candidate is wanted', async () => {
    const settings = speaker();
    const found = await decodeHybrid(plane(0.6, 0.8, 2, 0), { ...settings, memory: known });
    expect(settings.asked.map(({ x, y, seed }) => [x, y, seed].map((each) => +each.toFixed(6)))).to.deep.equal([
      [0.6, 0.8, 0],
      [1, 0, 0],
    ]);
    expect(found.map((list) => list.map(({ sample, from, seed }) => [sample, from, seed]))).to.deep.equal([
      [['between', 'point', 0]],
      [['east', 'point', 0]],
    ]);
    expect(found[0]![0]!.score).to.be.closeTo(1, 1e-6);
  });

  it('lets the known points propose too, and gives the best by cycle, best first', async () => {
    const settings = speaker();
    const [found] = await decodeHybrid(
      plane(0.8, 0.6),
      { ...settings, memory: known },
      { candidates: 5, count: 5, seed: 7 },
    );
    const made = settings.asked.map(({ x, y, seed }) => [+x.toFixed(3), +y.toFixed(3), seed]);
    expect(made).to.deep.equal([
      [0.8, 0.6, 7],
      [0.991, 0.134, 7],
      [1, 0, 7],
      [0, 1, 7],
      [0.8, 0.6, 8],
    ]);
    expect(found!.map(({ sample, from }) => [sample, from])).to.deep.equal([
      ['between', 'point'],
      ['between', 'point'],
      ['east', 'memory'],
      ['east', 'known'],
      ['north', 'known'],
    ]);
  });

  it('asks a memory by its keys where both sides meet', async () => {
    const shared = { id: 'turned', dim: 2, normalized: true };
    const turned = (points: Embeddings): Embeddings => ({
      ...points,
      space: shared,
      data: points.data.map((_, i, all) => (i % 2 ? all[i - 1]! : -all[i + 1]!)),
    });
    // East is looked for where north comes to lie, and the other way round.
    const keyed = memory(plane(1, 0, 0, 1), { keys: turned(plane(0, 1, 1, 0)) });
    const settings = { ...speaker(), cycle: { ...words, project: turned }, memory: keyed, origins: ['known'] as const };
    const [found] = await decodeHybrid(plane(0.1, 1), settings);
    expect(settings.asked).to.deep.equal([{ x: 1, y: 0, seed: 0 }]);
    expect(found!.map(({ sample, from }) => [sample, from])).to.deep.equal([['east', 'known']]);
  });

  it('gives only as many as are wanted, and the same sample once', async () => {
    const settings = { ...speaker(), memory: known, keyOf: (sample: string) => sample };
    const [two] = await decodeHybrid(plane(0.8, 0.6), settings, { candidates: 5, count: 2 });
    expect(two!.map(({ sample, from }) => [sample, from])).to.deep.equal([
      ['between', 'point'],
      ['east', 'memory'],
    ]);
    const [all] = await decodeHybrid(plane(0.8, 0.6), settings, { candidates: 5, count: 5 });
    expect(all!.length).to.equal(3);
  });

  it('asks a memory by its keys where the points came from', async () => {
    const pictures = { id: 'pictures', dim: 2, normalized: true };
    const keyed = memory(plane(1, 0, 0, 1), { keys: { ...plane(0, 1, 1, 0), space: pictures } });
    const asked = { ...plane(0.1, 1), space: pictures };
    const settings = { ...speaker(), memory: keyed, origins: ['known'] as const };
    const cycle = { ...words, project: (batch: Embeddings) => ({ ...batch, space }) };
    await decodeHybrid(plane(0.1, 1), { ...settings, cycle }, { asked });
    expect(settings.asked).to.deep.equal([{ x: 1, y: 0, seed: 0 }]);
  });

  describe('by consensus', () => {
    const likeness = (a: string, b: string): number => Number(a === b);
    const keyOf = (sample: string): string => sample;
    const order = async (point: Embeddings, candidates: number, isSure?: (sample: string) => boolean) => {
      const consensus = { likeness, sharpness: 10, ...(isSure && { isSure }) };
      const settings = { ...speaker(), memory: known, keyOf, consensus };
      const [found] = await decodeHybrid(point, settings, { candidates, count: candidates });
      return found!.map(({ sample, from, weight }) => [sample, from, +weight.toFixed(4)]);
    };

    it('lets known points share a half by their cosines, and adds up what is said twice', async () => {
      // Of (.8, .6), by softmax at 10, east has .8808 and north .1192 of that half; the mix says "east", too.
      expect(await order(plane(0.8, 0.6), 4)).to.deep.equal([
        ['east', 'memory', 1.3808],
        ['between', 'point', 0.5],
        ['north', 'known', 0.1192],
      ]);
    });

    it('puts the own sample of a point first that is sure of it, and no other', async () => {
      const samples = async (word: string) =>
        (await order(plane(0.8, 0.6), 4, (sample) => sample === word)).map(([sample]) => sample);
      expect(await samples('between')).to.deep.equal(['between', 'east', 'north']);
      expect(await samples('north')).to.deep.equal(['east', 'between', 'north']);
    });
  });

  it('takes another order of origins, and the point alone without known ones', async () => {
    const settings = speaker();
    const [found] = await decodeHybrid(plane(0.8, 0.6), { ...settings, memory: known, origins: ['known', 'known'] }, { candidates: 2, count: 2 }); // prettier-ignore
    expect(found!.map(({ from }) => from)).to.deep.equal(['known', 'known']);
    expect(settings.asked.map(({ x, y }) => [x, y])).to.deep.equal([
      [1, 0],
      [0, 1],
    ]);
    const [alone] = await decodeHybrid(plane(0.8, 0.6), speaker(), { candidates: 3, count: 3 });
    expect(alone!.map(({ from, seed }) => [from, seed])).to.deep.equal([
      ['point', 0],
      ['point', 1],
      ['point', 2],
    ]);
  });

  it('scores against the points that were asked about, where they are told', async () => {
    const [found] = await decodeHybrid(plane(1, 0), speaker(), { asked: plane(0, 5) });
    expect(found![0]).to.deep.include({ sample: 'east', score: 0 });
  });

  it('tells progress by point, however many candidates each has', async () => {
    const seen: Progress[] = [];
    const onProgress = (progress: Progress): void => void seen.push(progress);
    await decodeHybrid(plane(1, 0, 0, 1), speaker(), { candidates: 2, onProgress });
    const told = seen.map((each) => (each.phase === 'decode' ? [each.done, each.total, each.partial?.index] : each));
    expect(told).to.deep.equal([
      [0, 2, 0],
      [0, 2, 0],
      [1, 2, 1],
      [1, 2, 1],
    ]);
  });

  it('drafts all candidates and decodes only those that are wanted, which keep the scores of their drafts', async () => {
    const settings = speaker();
    const decoded: number[][] = [];
    const seen: Progress[] = [];
    const found = await decodeHybrid(
      plane(0.8, 0.6, 0.6, 0.8),
      {
        ...settings,
        memory: known,
        draft: (points, seeds) => settings.decode(points, seeds, {}),
        decode(points, seeds, { onProgress }) {
          decoded.push(
            [...points.data].map((each) => +each.toFixed(2)),
            [...seeds],
          );
          seeds.forEach((_, index) => {
            const partial = { index, text: 'f' };
            onProgress?.({ phase: 'decode', done: index, total: seeds.length, partial });
          });
          onProgress?.({ phase: 'decode', done: seeds.length, total: seeds.length });
          return Promise.resolve(seeds.map((_, i) => `full ${i}`));
        },
      },
      { candidates: 4, count: 2, seed: 3, onProgress: (progress) => seen.push(progress) },
    );
    expect(settings.asked.length).to.equal(8);
    expect(decoded[1]).to.deep.equal([3, 3, 3, 3]);
    expect(decoded[0]!.slice(0, 2)).to.deep.equal([0.8, 0.6]);
    expect(found.flat().map(({ sample }) => sample)).to.deep.equal(['full 0', 'full 1', 'full 2', 'full 3']);
    // Of the draft 'between', which lies at (.6, .8).
    expect(found[0]![0]!.score).to.be.closeTo(0.8 * 0.6 + 0.6 * 0.8, 1e-6);
    expect(found[0]![0]).to.not.have.property('at');
    const told = seen.map((each) => each.phase === 'decode' && [each.done, each.total, each.partial?.index]);
    expect(told).to.deep.equal([
      [0, 2, 0],
      [0, 2, 0],
      [1, 2, 1],
      [1, 2, 1],
      [2, 2, undefined],
    ]);
  });

  it('refuses counts of no use', async () => {
    for (const options of [{ count: 0 }, { count: 2, candidates: 1 }, { candidates: 1.5 }]) {
      expect(await codeOf(decodeHybrid(plane(1, 0), speaker(), options))).to.equal('invalid-input');
    }
  });
});
