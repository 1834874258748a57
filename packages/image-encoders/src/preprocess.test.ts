import { expect } from '@open-wc/testing';
import { preprocess, triangleFilter, type Pixels } from './preprocess.ts';

const plain = { mean: [0, 0, 0], std: [1, 1, 1] } as const;

function picture(width: number, height: number, colour: (x: number, y: number) => readonly number[]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 4);
  return { width, height, data };
}

describe('preprocess()', () => {
  it('puts channels first and takes mean and deviation off', () => {
    const out = preprocess(
      picture(2, 2, () => [255, 51, 0, 255]),
      { size: 2, mean: [0.5, 0.2, 0.25], std: [0.5, 1, 0.25] },
    );
    [1, 1, 1, 1, 0, 0, 0, 0, -1, -1, -1, -1].forEach((value, i) => expect(out[i]).to.be.closeTo(value, 1e-6));
  });

  it('shows transparent pixels as white, half transparent black as mid grey', () => {
    const out = preprocess(
      picture(2, 1, (x) => (x === 0 ? [0, 0, 0, 0] : [0, 0, 0, 51])),
      { size: 2, ...plain },
    );
    expect(out[0]).to.be.closeTo(1, 1e-6);
    expect(out[1]).to.be.closeTo(0.8, 1e-6);
  });

  it('centres a wide picture on a white square', () => {
    const out = preprocess(
      picture(4, 2, () => [0, 0, 0, 255]),
      { size: 4, ...plain },
    );
    expect([...out.subarray(0, 16)]).to.deep.equal([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('centres a tall picture on a white square', () => {
    const out = preprocess(
      picture(2, 4, () => [0, 0, 0, 255]),
      { size: 4, ...plain },
    );
    expect([...out.subarray(0, 4)]).to.deep.equal([1, 0, 0, 1]);
  });

  it('halves with the triangle filter: eighths 1, 3, 3, 1 inside, sevenths 3, 3, 1 at the border', () => {
    // By hand, and as PIL.Image.resize((2, 1), BILINEAR) on floats: support 2, centres 1 and 3.
    const out = preprocess(
      picture(4, 4, (x) => [[0, 70, 140, 210][x]!, 0, 0, 255]),
      { size: 2, ...plain },
    );
    expect(out[0]! * 255).to.be.closeTo((3 * 0 + 3 * 70 + 140) / 7, 1e-3);
    expect(out[1]! * 255).to.be.closeTo((70 + 3 * 140 + 3 * 210) / 7, 1e-3);
  });

  it('doubles by interpolation: quarters, with flat borders', () => {
    const out = preprocess(
      picture(2, 2, (x) => [x === 0 ? 0 : 200, 0, 0, 255]),
      { size: 4, ...plain },
    );
    [0, 50, 150, 200].forEach((value, x) => expect(out[x]! * 255).to.be.closeTo(value, 1e-3));
  });

  it('keeps each picture as it is at its own size', () => {
    const source = picture(3, 3, (x, y) => [40 * x + 20 * y, 10, 90, 255]);
    const out = preprocess(source, { size: 3, ...plain });
    for (let i = 0; i < 9; i++) expect(out[i]! * 255).to.be.closeTo(source.data[4 * i]!, 1e-3);
  });
});

describe('preprocess() with trim', () => {
  const framed = (white: readonly number[]): Pixels =>
    picture(12, 10, (x, y) => (x >= 7 && x < 11 && y >= 2 && y < 6 ? [10 * x, 20 * y, 0, 255] : white));
  const bare = picture(4, 4, (x, y) => [10 * (x + 7), 20 * (y + 2), 0, 255]);

  it('gives the same numbers for a drawing whatever white or transparent margin it has', () => {
    const wanted = [...preprocess(bare, { size: 3, ...plain, trim: true })];
    expect([...preprocess(framed([255, 255, 255, 255]), { size: 3, ...plain, trim: true })]).to.deep.equal(wanted);
    expect([...preprocess(framed([0, 0, 0, 0]), { size: 3, ...plain, trim: true })]).to.deep.equal(wanted);
    expect([...preprocess(framed([0, 0, 0, 0]), { size: 3, ...plain })]).not.to.deep.equal(wanted);
  });

  it('takes an empty picture whole', () => {
    const out = preprocess(
      picture(5, 3, () => [0, 0, 0, 0]),
      { size: 2, ...plain, trim: true },
    );
    expect([...out]).to.deep.equal(Array<number>(12).fill(1));
  });
});

describe('triangleFilter()', () => {
  it('has weights that sum to 1 within the picture, whatever the sizes', () => {
    for (const [from, to] of [
      [7, 3],
      [72, 48],
      [5, 16],
      [1, 4],
      [97, 48],
    ] as const) {
      for (const { start, weights } of triangleFilter(from, to)) {
        expect(weights.reduce((a, b) => a + b)).to.be.closeTo(1, 1e-9);
        expect(start).to.be.at.least(0);
        expect(start + weights.length).to.be.at.most(from);
      }
    }
  });

  it('drops no pixel when it reduces: every one weighs something', () => {
    const weight = new Float64Array(10);
    for (const { start, weights } of triangleFilter(10, 3)) weights.forEach((w, k) => (weight[start + k]! += w));
    expect(Math.min(...weight)).to.be.above(0.05);
  });
});
