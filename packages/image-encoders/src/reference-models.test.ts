import { expect } from '@open-wc/testing';
import { row, type Encoder, type Picture } from '@cognate/core';
import { mirror, needMirror } from '../../../test/helpers/mirror.ts';
import { drawing, pngOf } from '../../../test/helpers/pictures.ts';
import { loadImageEncoder } from './index.ts';

const load = (model: string) => (): Promise<Encoder<Picture>> =>
  loadImageEncoder({ model, host: mirror }, { baseUrl: '/' });

for (const [model, dim] of [
  ['squeezenet1.0-dsc', 512],
  ['mobilenet_v2_0.35_224', 1280],
] as const) {
  describe(`${model} from a mirror on another origin`, () => {
    before(function () {
      needMirror(this);
    });

    it('puts two drawings of one thing nearer than two things', async () => {
      await using encoder = await load(model)();
      expect(encoder.space).to.deep.equal({ id: `${model}@main`, dim, normalized: true });
      const points = await encoder.encode([
        drawing('circle', 'tomato', 200),
        await pngOf(drawing('circle', 'tomato', 320)),
        drawing('stripes', 'teal', 200),
      ]);
      const cosine = (a: number, b: number): number =>
        row(points, a).reduce((sum, value, k) => sum + value * row(points, b)[k]!, 0);
      expect(cosine(0, 1)).to.be.greaterThan(cosine(0, 2) + 0.05);
    });
  });
}
