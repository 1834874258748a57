import { expect } from '@open-wc/testing';
import { standardPreprocessing } from './standard-preprocessing.ts';
import { cubicFilter, resize } from './resize.ts';

const clip = {
  image_processor_type: 'CLIPImageProcessor',
  do_resize: true,
  size: { shortest_edge: 8 },
  resample: 3,
  do_center_crop: true,
  crop_size: { height: 8, width: 8 },
  do_convert_rgb: true,
  do_rescale: true,
  do_normalize: true,
  image_mean: [0.5, 0.25, 0],
  image_std: [0.5, 0.5, 2],
};

function plain(width: number, height: number, colour: (x: number, y: number) => readonly number[]): ImageData {
  const data = Array.from({ length: width * height }, (_, i) => [...colour(i % width, Math.floor(i / width)), 255]);
  return new ImageData(Uint8ClampedArray.from(data.flat()), width);
}

describe('standardPreprocessing()', () => {
  it('resizes the shorter edge, crops the centre and normalises', async () => {
    // Left and right third red, the middle blue: of 24 x 12 pixels only the middle 12 are seen.
    const picture = plain(24, 12, (x) => (x >= 8 && x < 16 ? [0, 0, 255] : [255, 0, 0]));
    const { dims, data } = await standardPreprocessing(clip)!(picture);
    expect(dims).to.deep.equal([3, 8, 8]);
    const at = (c: number, x: number): number => data[c * 64 + 3 * 8 + x]!;
    // Column 3 lies in the blue: (0 - 0.5) / 0.5, (0 - 0.25) / 0.5, (1 - 0) / 2.
    [-1, -0.5, 0.5].forEach((value, c) => expect(at(c, 3)).to.be.closeTo(value, 0.02));
    // Column 0 lies in the red.
    [1, -0.5, 0].forEach((value, c) => expect(at(c, 0)).to.be.closeTo(value, 0.05));
  });

  it('antialiases: a fine checkerboard becomes grey', async () => {
    const picture = plain(64, 64, (x, y) => ((x + y) % 2 ? [255, 255, 255] : [0, 0, 0]));
    const { data } = await standardPreprocessing({ ...clip, do_normalize: false })!(picture);
    data.forEach((value) => expect(value).to.be.closeTo(0.5, 0.02));
  });

  it('reads the old forms of sizes', async () => {
    const picture = plain(20, 10, () => [0, 128, 255]);
    for (const [size, crop] of [
      [8, 6],
      [{ height: 6, width: 6 }, undefined],
    ] as const) {
      const config = { ...clip, size, crop_size: crop, do_center_crop: crop !== undefined, resample: 2 };
      expect((await standardPreprocessing(config)!(picture)).dims).to.deep.equal([3, 6, 6]);
    }
  });

  it('leaves what it does not know to the model’s own processor', () => {
    for (const odd of [
      { do_pad: true },
      { crop_pct: 0.9 },
      { resample: 1 },
      { size: { longest_edge: 8 } },
      { crop_size: { height: 9, width: 9 } },
      { do_center_crop: false },
      { image_mean: [0.5] },
    ]) {
      expect(standardPreprocessing({ ...clip, ...odd }), JSON.stringify(odd)).to.equal(undefined);
    }
  });
});

describe('cubicFilter()', () => {
  it('keeps every pixel when nothing changes in size', () => {
    cubicFilter(5, 5).forEach(({ start, weights }, i) =>
      weights.forEach((weight, k) => expect(weight).to.be.closeTo(start + k === i ? 1 : 0, 1e-12)),
    );
  });

  it('halves with the weights of the textbook', () => {
    // Inside, x = -1.75, -1.25, ..., 1.75 in units of the widened kernel, from Keys' equation with a = -1/2.
    const inner = cubicFilter(16, 8)[4]!;
    expect(inner.start).to.equal(5);
    const expected = [-0.0117, -0.0352, 0.1133, 0.4336, 0.4336, 0.1133, -0.0352, -0.0117];
    expect(inner.weights.length).to.equal(8);
    inner.weights.forEach((weight, k) => expect(weight).to.be.closeTo(expected[k]!, 1e-4));
  });

  it('keeps an even colour even at the borders', () => {
    const even = plain(7, 5, () => [10, 200, 90]);
    const out = resize(even, cubicFilter(7, 3), cubicFilter(5, 9));
    out.forEach((value, i) => void expect(value).to.equal([10, 200, 90][i % 3]));
  });
});
