import { CognateError, embeddings, normalize, random, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { effectiveRank } from './effective-rank.ts';
import { pairDistance, uniformity } from './alignment-uniformity.ts';
import { asifScores } from './asif.ts';
import { cka } from './cka.ts';
import { clipScore, refClipScore } from './clip-score.ts';
import { infoNceLoss, sigmoidLoss } from './contrastive-losses.ts';
import { crowding, cslsScores } from './csls-scores.ts';
import { frechetDistance, frechetOfNormals } from './frechet.ts';
import { modalityGap } from './gap.ts';
import { hubness, occurrences, skewness } from './hubness.ts';
import { canonicalCorrelations, rotationFit } from './linear-agreement.ts';
import { mutualKnn } from './mutual-knn.ts';
import { psnr, ssim } from './picture-quality.ts';
import { ranks, recallAt } from './ranks.ts';
import { slerp } from './slerp.ts';
import { zeroShotAccuracy } from './zero-shot.ts';

function points(rows: readonly (readonly number[])[], id = 'a'): Embeddings {
  return embeddings({ id, dim: rows[0]!.length, normalized: false }, Float32Array.from(rows.flat()));
}

function gaussian(count: number, dim: number, seed: number): Embeddings {
  const { normal } = random(seed);
  return embeddings({ id: `g${seed}`, dim, normalized: false }, Float32Array.from({ length: count * dim }, normal));
}

function expectClose(got: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-6): void {
  expect(got.length).to.equal(wanted.length);
  wanted.forEach((value, i) => expect(got[i], `at ${i}`).to.be.closeTo(value, tolerance));
}

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof CognateError) return error.code;
    throw error;
  }
  return undefined;
}

/** Half of the last digit of a number that is printed to six places. */
const printed = 6e-7;

const scores = [0.9, 0.2, 0.1, 0.8, 0.7, 0.6, 0.3, 0.5, 0.6, 0.1, 0.5, 0.2, 0.2, 0.3, 0.4, 0.9];
const five = points([[0, 0], [1, 0], [0, 2], [3, 1], [2, 2]]); // prettier-ignore
const partners = points([[0, 0, 1], [1, 0, 0], [0, 1, 2], [2, 1, 0], [1, 3, 1]], 'b'); // prettier-ignore

describe('metrics give their worked numbers', () => {
  it('CSLS of a small table, which lifts recall at 1 from a half to one', () => {
    const across = scores.map((_, i) => scores[(i % 4) * 4 + (i >> 2)]!);
    expectClose(crowding(scores, 4, 2), [0.85, 0.65, 0.55, 0.65]);
    expectClose(crowding(across, 4, 2), [0.8, 0.45, 0.45, 0.85]);
    const corrected = cslsScores(scores, 4, 2);
    expectClose([0, 5, 10, 15].map((i) => corrected[i]!), [0.15, 0.1, 0, 0.3]); // prettier-ignore
    expect([recallAt(ranks(scores, 4), 1), recallAt(ranks(corrected, 4), 1)]).to.deep.equal([0.5, 1]);
  });

  it('hubness of the same table', () => {
    expect([...occurrences(scores, 4, 1)]).to.deep.equal([3, 0, 0, 1]);
    expect(hubness(scores, 4, 1)).to.be.closeTo(0.816497, printed);
    expect([skewness([2, 2, 2]), skewness([0, 0]), skewness([0.1, 0.1, 0.1])]).to.deep.equal([0, 0, 0]);
    expect(skewness([1e-7, 2e-7, 9e-7])).to.be.closeTo(skewness([1, 2, 9]), 1e-12);
  });

  it('InfoNCE and sigmoid losses', () => {
    const z = [0.8, 0.2, 0.4, 0.6];
    const loss = infoNceLoss(z, 10);
    expectClose([loss.rows, loss.columns, loss.mean], [0.0647018, 0.0181499, 0.0414259], 1e-7);
    expect(infoNceLoss(z, 1 / 0.07).mean).to.be.closeTo(0.0156549, 1e-7);
    expect(sigmoidLoss(z, 10, -10)).to.be.closeTo(3.0739445, 1e-7);
    expect(sigmoidLoss(z, 10, -2.71)).to.be.closeTo(0.9873217, 1e-7);
    expect(sigmoidLoss([1, 0, 0, 1], 10, -10)).to.be.closeTo(0.6931926, 1e-7);
    expect(infoNceLoss([1, 1, 1, 1], 1e4).mean).to.be.closeTo(Math.log(2), 1e-12);
  });

  it('CKA, biased and unbiased', () => {
    expect(cka(five, partners, { biased: true })).to.be.closeTo(0.8407721, 1e-7);
    expect(cka(five, partners)).to.be.closeTo(0.8836322, 1e-7);
  });

  it('mutual nearest neighbours', () => {
    const a = points([[0, 0], [1, 0], [0, 1], [4, 4], [5, 4], [4, 6]]); // prettier-ignore
    const b = points([[0, 0, 0], [1, 0, 1], [3, 3, 3], [4, 4, 3], [4, 3, 5], [0, 1, 0]], 'b'); // prettier-ignore
    expect(mutualKnn(a, b, 2)).to.be.closeTo(1 / 3, 1e-9);
    expect(cka(a, b, { biased: true })).to.be.closeTo(0.154128, printed);
    expect(cka(a, b)).to.be.closeTo(-0.110676, printed);
  });

  it('the rotation of five rows, and their canonical correlations', async () => {
    const { singularValues, meanCosine, rotation } = await rotationFit(five, partners);
    expectClose(singularValues, [2.701584, 2.070723], printed);
    expect(meanCosine).to.be.closeTo(0.954461, printed);
    expectClose(rotation.data.subarray(0, 3), [0.724439, 0.449309, -0.52279], printed);
    expectClose(await canonicalCorrelations(five, partners), [1, 0.975267], printed);
  });

  it('canonical correlations of independent sides, none left out', async () => {
    const { normal } = random(1);
    const side = (dim: number): Embeddings => points(Array.from({ length: 900 }, () => Array.from({ length: dim }, normal)), `${dim}`); // prettier-ignore
    expect(await canonicalCorrelations(side(4), side(9))).to.have.length(4);
    const refused = await canonicalCorrelations(five, partners, { strength: NaN }).catch((error: unknown) => error);
    expect((refused as CognateError).code).to.equal('invalid-input');
  });

  it('likenesses far from the origin', () => {
    const moved = { ...five, data: five.data.map((value) => value + 4096) };
    expect(cka(moved, partners, { biased: true })).to.be.closeTo(0.8407721, 1e-3);
    expect(cka(moved, partners)).to.be.closeTo(0.8836322, 1e-3);
  });

  it('ASIF', () => {
    const anchors = {
      source: points([[1, 0], [0, 1], [1, 1]]), // prettier-ignore
      target: points([[1, 0.1, 0], [0, 1, 0.2], [0.5, 0.5, 1]], 'b'), // prettier-ignore
    };
    const texts = points([[1, 0.2, 0.1], [0, 1, 1]], 'b'); // prettier-ignore
    const found = asifScores(points([[2, 1]]), texts, anchors, { keep: 2, power: 2 });
    expectClose(found, [0.859214, 0.549199], printed);
  });

  it('alignment, uniformity and gap', () => {
    const x = points([[1, 0], [0, 1]]); // prettier-ignore
    const y = points([[1, 0], [-1, 0]]); // prettier-ignore
    expect(pairDistance(x, y)).to.equal(1);
    expect(uniformity(x)).to.be.closeTo(-4, 1e-6);
    expect(modalityGap(x, y)).to.be.closeTo(0.7071068, 1e-7);
  });

  it('the Fréchet distance', async () => {
    const one = await frechetOfNormals({ mean: [0], covariance: [1] }, { mean: [3], covariance: [4] });
    expect(one).to.be.closeTo(10, 1e-9);
    const a = { mean: [0, 0], covariance: [2, 0.5, 0.5, 1] };
    const b = { mean: [1, 2], covariance: [1, 0, 0, 3] };
    expect(await frechetOfNormals(a, b)).to.be.closeTo(5.8088529, 1e-7);
  });

  it('CLIPScore and its form with references', () => {
    expect([clipScore(0.3), clipScore(-0.2)]).to.deep.equal([0.75, 0]);
    expect(refClipScore(0.3, [0.2, 0.6])).to.be.closeTo((2 * 0.75 * 0.6) / 1.35, 1e-12);
    expect(refClipScore(-0.3, [0.6])).to.equal(0);
  });

  it('the way along the sphere', () => {
    expectClose(slerp([1, 0], [0, 1], 0.25), [0.92388, 0.382683], printed);
    expectClose(slerp([1, 0], [1, 0], 0.5), [1, 0]);
  });

  it('zero-shot accuracy, by the mean direction of a class’s prompts', () => {
    const classes = [points([[10, 0], [0, 1]]), points([[1, -1]])]; // prettier-ignore
    const asked = points([[1, 1], [1, -0.5], [1, 0.1], [-1, 0.5]]); // prettier-ignore
    expect(zeroShotAccuracy(asked, [0, 1, 1, 0], classes)).to.equal(0.75);
  });

  it('signal to noise in pictures', () => {
    expect(psnr([0, 0, 0, 0], [255, 0, 0, 0])).to.be.closeTo(10 * Math.log10(4), 1e-12);
    expect(psnr([1, 2], [1, 2])).to.equal(Infinity);
    const grey = Array.from({ length: 144 }, (_, i) => i);
    expect(ssim(grey, grey, 12)).to.be.closeTo(1, 1e-12);
  });
});

interface Golden {
  readonly x: number[][];
  readonly y: number[][];
  readonly z: number[][];
  readonly cka: { readonly biased: number; readonly unbiased: number };
  readonly mutualKnn: Readonly<Record<string, number>>;
  readonly frechet: number;
  readonly effectiveRank: { readonly x: number; readonly y: number };
  readonly skewness: { readonly values: number[]; readonly value: number };
  readonly uniformity: number;
  readonly losses: {
    readonly cosines: number[];
    readonly scale: number;
    readonly bias: number;
    readonly rows: number;
    readonly columns: number;
    readonly sigmoid: number;
  };
  readonly pictures: {
    readonly width: number;
    readonly a: number[];
    readonly b: number[];
    readonly psnr: number;
    readonly ssim: number;
  };
}

describe('metrics, next to NumPy, SciPy, PyTorch and scikit-image', () => {
  let golden: Golden;
  let x: Embeddings;
  let y: Embeddings;
  before(async () => {
    golden = (await (await fetch('/test/golden/metrics.json')).json()) as Golden;
    [x, y] = [points(golden.x), points(golden.y, 'b')];
  });

  it('agree on CKA, neighbours and the Fréchet distance of Gaussian rows', async () => {
    expect(cka(x, y, { biased: true })).to.be.closeTo(golden.cka.biased, 1e-9);
    expect(cka(x, y)).to.be.closeTo(golden.cka.unbiased, 1e-9);
    for (const [k, value] of Object.entries(golden.mutualKnn)) {
      expect(mutualKnn(x, y, Number(k)), `k = ${k}`).to.be.closeTo(value, 1e-9);
    }
    expect(await frechetDistance(x, points(golden.z))).to.be.closeTo(golden.frechet, 1e-9);
  });

  it('agree on effective rank, skewness and uniformity', async () => {
    expect(await effectiveRank(x)).to.be.closeTo(golden.effectiveRank.x, 1e-5);
    expect(await effectiveRank(y)).to.be.closeTo(golden.effectiveRank.y, 1e-5);
    expect(skewness(golden.skewness.values)).to.be.closeTo(golden.skewness.value, 1e-12);
    expect(uniformity(normalize(x))).to.be.closeTo(golden.uniformity, 1e-6);
  });

  it('agree on contrastive losses', () => {
    const { cosines, scale, bias, rows, columns, sigmoid } = golden.losses;
    const found = infoNceLoss(cosines, scale);
    expectClose([found.rows, found.columns, sigmoidLoss(cosines, scale, bias)], [rows, columns, sigmoid], 1e-9);
  });

  it('agree on pictures', () => {
    const { width, a, b, psnr: noise, ssim: likeness } = golden.pictures;
    expect(psnr(a, b)).to.be.closeTo(noise, 1e-9);
    expect(ssim(a, b, width)).to.be.closeTo(likeness, 1e-9);
  });
});

describe('metrics of rows', () => {
  it('show why CKA must be unbiased: independent rows look alike to the biased one', () => {
    const [a, b] = [gaussian(50, 512, 1), gaussian(50, 512, 2)];
    expect(cka(a, b, { biased: true })).to.be.closeTo(0.91, 0.02);
    expect(cka(a, b)).to.be.closeTo(0, 0.08);
  });

  it('do not see rotations, shifts and scales', () => {
    const a = gaussian(40, 2, 3);
    const turned = points(
      Array.from({ length: 40 }, (_, i) => {
        const [u, v] = [a.data[2 * i]!, a.data[2 * i + 1]!];
        return [3 * (0.6 * u - 0.8 * v) + 5, 3 * (0.8 * u + 0.6 * v) - 2];
      }),
    );
    expect(cka(a, turned)).to.be.closeTo(1, 1e-5);
    expect(mutualKnn(a, turned, 5)).to.equal(1);
  });

  it('find no neighbours in common where whole classes of rows are the same', () => {
    const { below } = random(3);
    const classes = (count: number, id: string): Embeddings =>
      points(
        Array.from({ length: 200 }, () => {
          const own = below(count);
          return Array.from({ length: count }, (_, i) => (i === own ? 1 : 0));
        }),
        id,
      );
    expect(mutualKnn(classes(4, 'a'), classes(5, 'b'))).to.be.closeTo(10 / 199, 0.02);
  });

  it('find correlations whatever the units of the columns', async () => {
    const [noise, shared] = [gaussian(200, 1, 1), gaussian(200, 1, 2)];
    for (const unit of [1, 1e4, 1e8]) {
      const x = points(Array.from(shared.data, (value, i) => [unit * noise.data[i]!, value]));
      const [first] = await canonicalCorrelations(x, { ...shared, space: { ...shared.space, id: 'b' } });
      expect(first, String(unit)).to.be.closeTo(1, 1e-6);
    }
  });

  it('tell more classes apart than a call takes arguments', () => {
    const many = 150_000;
    const classes = Array.from({ length: many }, (_, i) => points([[Math.cos(i), Math.sin(i)]]));
    expect(zeroShotAccuracy(points([[Math.cos(3), Math.sin(3)]]), [3], classes)).to.equal(1);
  });

  it('refuse what they cannot measure, with a code', async () => {
    const [a, b] = [gaussian(6, 3, 1), gaussian(5, 3, 2)];
    const bad = { ...a, data: a.data.with(4, NaN) };
    expect(codeOf(() => cka(a, b))).to.equal('shape-mismatch');
    expect(codeOf(() => mutualKnn(a, b))).to.equal('shape-mismatch');
    expect(codeOf(() => cka(a, bad))).to.equal('invalid-input');
    expect(codeOf(() => modalityGap(a, gaussian(6, 4, 1)))).to.equal('shape-mismatch');
    expect(codeOf(() => pairDistance(a, gaussian(6, 4, 1)))).to.equal('shape-mismatch');
    expect(codeOf(() => uniformity(gaussian(1, 3, 1)))).to.equal('invalid-input');
    expect(codeOf(() => ranks([1, 2, 3], 2))).to.equal('shape-mismatch');
    expect(codeOf(() => ranks([1, NaN], 2))).to.equal('invalid-input');
    expect(codeOf(() => ranks([1, 2], 2, () => []))).to.equal('invalid-input');
    expect(codeOf(() => ranks([1, 2], 2, () => [2]))).to.equal('invalid-input');
    expect(codeOf(() => infoNceLoss([1, 2, 3], 1))).to.equal('shape-mismatch');
    expect(codeOf(() => sigmoidLoss([], 10, -10))).to.equal('shape-mismatch');
    expect(codeOf(() => hubness([1, 2, 3], 2))).to.equal('shape-mismatch');
    expect(codeOf(() => clipScore(1.2))).to.equal('invalid-input');
    expect(codeOf(() => refClipScore(0.2, []))).to.equal('invalid-input');
    expect(codeOf(() => slerp([1], [1, 2], 0.5))).to.equal('shape-mismatch');
    expect(codeOf(() => psnr([1], [1, 2]))).to.equal('shape-mismatch');
    expect(codeOf(() => psnr([1], [NaN]))).to.equal('invalid-input');
    expect(codeOf(() => ssim(new Array(132).fill(1), new Array(132).fill(1), 11.5))).to.equal('invalid-input');
    for (const k of [0, -1, 1.5]) {
      expect(codeOf(() => mutualKnn(a, a, k))).to.equal('invalid-input');
      expect(codeOf(() => cslsScores([1, 2, 3, 4], 2, k))).to.equal('invalid-input');
      expect(codeOf(() => hubness([1, 2, 3, 4], 2, k))).to.equal('invalid-input');
    }
    for (const keep of [0, 2.5, NaN]) {
      expect(codeOf(() => asifScores(a, a, { source: a, target: a }, { keep, power: 2 }))).to.equal('invalid-input');
    }
    expect(codeOf(() => ssim([1, 2, 3, 4], [1, 2, 3, 4], 2))).to.equal('invalid-input');
    expect(codeOf(() => zeroShotAccuracy(a, [0, 0, 0, 0, 0, 1], [a]))).to.equal('invalid-input');
    const far = await frechetDistance(a, gaussian(6, 4, 1)).catch((error: unknown) => error);
    expect((far as CognateError).code).to.equal('shape-mismatch');
  });
});
