import { isCognateError, random, type Embeddings, type Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import {
  toyPainterRepository,
  toyPaintSize as size,
  toyPaintSpace as space,
  toyStyles,
  toyTint,
} from '../../../../test/helpers/toy-decoders.ts';
import { serveVirtually, type VirtualServer } from '../../../../test/helpers/virtual-files.ts';
import { loadPainter, type Painter, type PaintOptions } from '../index.ts';
import { toPicture } from './to-picture.ts';

const area = size ** 2;

const rows = (...numbers: readonly number[]): Embeddings => ({
  space,
  count: numbers.length / 3,
  data: Float32Array.from(numbers),
});

/**
 * What the toy painter arrives at: noise + style + point, and then `taken` of `steps` steps along the point, of .5 at first
 * and shorter from one to the next: 1/2 (1 + 7/8 + ... ) for eight.
 */
function expected(
  point: readonly number[],
  { level, seed, steps, taken = steps }: { level: number; seed: number; steps: number; taken?: number },
): Uint8ClampedArray {
  const { normal } = random(seed);
  let way = 0;
  for (let step = 0; step < taken; step++) way += 0.5 * (1 - step / steps);
  const planes = Float32Array.from({ length: 4 * area }, (_, i) => {
    return (
      0.4 +
      (level === toyStyles.bold ? toyTint : 0) +
      0.1 * ((seed === 0 ? 0 : normal()) + level + (1 + way) * (point[Math.floor(i / area)] ?? 0))
    );
  });
  return toPicture(planes, size).data;
}

function expectNear(picture: ImageData, wanted: Uint8ClampedArray): void {
  expect([picture.width, picture.height]).to.deep.equal([size, size]);
  picture.data.forEach((value, i) => expect(value, `byte ${i}`).to.be.closeTo(wanted[i]!, 1));
}

describe('painter()', () => {
  let server: VirtualServer;
  let painter: Painter;
  before(async () => {
    server = serveVirtually(toyPainterRepository('/starter/models/toy/painter', { trust: { slope: 9, offset: -3 } }));
    painter = await loadPainter({ model: 'toy/painter', device: 'wasm' }, { baseUrl: '/' });
  });
  after(async () => {
    await painter?.[Symbol.asyncDispose]();
    server.restore();
  });

  it('tells its space, its styles and how it was tuned', () => {
    expect(painter.space).to.deep.equal(space);
    expect(painter.styles).to.deep.equal(['plain', 'bold']);
    expect(painter).to.deep.include({ size, steps: 8, calibration: { slope: 9, offset: -3 } });
  });

  it('shakes the sketch of point and style with the noise of the seed, and goes where the goal leads', async () => {
    const [plain] = await painter.decode(rows(0, 1, 0), { seed: 3 });
    expectNear(plain!, expected([0, 1, 0], { level: toyStyles.plain, seed: 3, steps: 8 }));
    const [bold] = await painter.decode(rows(1, 0, 0), { seed: 4, style: 'bold', steps: 2 });
    expectNear(bold!, expected([1, 0, 0], { level: toyStyles.bold, seed: 4, steps: 2 }));
    const [likeliest] = await painter.decode(rows(0, 0, 1));
    expectNear(likeliest!, expected([0, 0, 1], { level: toyStyles.plain, seed: 0, steps: 8 }));
    const [sketch] = await painter.decode(rows(1, 0, 0), { seed: 4, steps: 0 });
    expectNear(sketch!, expected([1, 0, 0], { level: toyStyles.plain, seed: 4, steps: 0 }));
  });

  it('paints the same picture again to the bit, alone or among others, and another with another seed', async () => {
    const points = rows(1, 0, 0, 0, 1, 0, 0, 0.6, 0.8);
    const together = await painter.decode(points, { seed: [1, 2, 1] });
    const again = await painter.decode(points, { seed: [1, 2, 1] });
    expect(again.map(({ data }) => [...data])).to.deep.equal(together.map(({ data }) => [...data]));
    const [alone] = await painter.decode(rows(0, 1, 0), { seed: 2 });
    expect([...alone!.data]).to.deep.equal([...together[1]!.data]);
    const [other] = await painter.decode(rows(0, 1, 0), { seed: 3 });
    expect([...other!.data]).not.to.deep.equal([...alone!.data]);
    expect(await painter.decode(rows())).to.deep.equal([]);
  });

  it('shows the picture as it forms', async () => {
    const seen: Progress[] = [];
    const [picture] = await painter.decode(rows(0, 1, 0), { seed: 3, onProgress: (progress) => seen.push(progress) });
    const partial = seen.flatMap((each) => (each.phase === 'decode' && each.partial ? [each.partial] : []));
    expect(partial.map(({ index }) => index)).to.deep.equal([0, 0, 0, 0]);
    [0, 2, 4, 6].forEach((taken, i) =>
      expectNear(partial[i]!.picture!, expected([0, 1, 0], { level: toyStyles.plain, seed: 3, steps: 8, taken })),
    );
    expect(seen.at(-1)).to.deep.equal({ phase: 'decode', done: 1, total: 1 });
    const [unseen] = await painter.decode(rows(0, 1, 0), { seed: 3 });
    expect([...unseen!.data]).to.deep.equal([...picture!.data]);
  });

  it('stops between two steps when called off, and can be used again', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    let looks = 0;
    const onProgress = ({ phase }: Progress): void => {
      if (phase === 'decode' && ++looks === 1) stop.abort(reason);
    };
    const error: unknown = await painter
      .decode(rows(0, 1, 0), { signal: stop.signal, onProgress })
      .catch((caught: unknown) => caught);
    expect(error).to.equal(reason);
    expect(looks).to.equal(1);
    expect((await painter.decode(rows(0, 1, 0))).length).to.equal(1);
  });

  it('refuses what it cannot paint, and says why', async () => {
    const refusal = async (points: Embeddings, options?: PaintOptions): Promise<string> => {
      const error: unknown = await painter.decode(points, options).catch((caught: unknown) => caught);
      return isCognateError(error) ? `${error.code}: ${error.message}` : `not refused: ${String(error)}`;
    };
    expect(await refusal(rows(1, 0, 0, 0, Infinity, 0))).to.match(/^invalid-input: .*Infinity in row 1$/);
    expect(await refusal(rows(0, 0, 0))).to.match(/^invalid-input: .*row 0 is all zero$/);
    expect(await refusal({ ...rows(1, 0, 0), space: { ...space, id: 'toy-text@1' } })).to.match(/^space-mismatch: /);
    expect(await refusal(rows(1, 0, 0), { style: 'oil' })).to.match(/^invalid-input: .*plain, bold, not in "oil"$/);
    for (const options of [{ steps: -1 }, { steps: 1.5 }, { steps: NaN }, { seed: -1 }]) {
      expect(await refusal(rows(1, 0, 0), options), JSON.stringify(options)).to.match(/^invalid-input: /);
    }
  });
});

describe('loadPainter()', () => {
  const folder = '/starter/models/toy/painter';
  const toy = { model: 'toy/painter', device: 'wasm' } as const;
  let server: VirtualServer | undefined;
  afterEach(() => server?.restore());
  const refusal = async (promise: Promise<unknown>): Promise<string> => {
    const error: unknown = await promise.catch((caught: unknown) => caught);
    return isCognateError(error) ? `${error.code}: ${error.message}` : `not refused: ${String(error)}`;
  };

  it('counts the bytes of both graphs as one download', async () => {
    server = serveVirtually(toyPainterRepository(folder));
    const seen: Progress[] = [];
    await using painter = await loadPainter(toy, { baseUrl: '/', onProgress: (each) => seen.push(each) });
    const downloads = seen.filter(({ phase }) => phase === 'download');
    const last = downloads.at(-1)!;
    const bytes = Object.values(toyPainterRepository(folder)).reduce(
      (sum, file) => sum + (file instanceof Uint8Array ? file.length : 0),
      0,
    );
    expect(last.done).to.equal(last.total);
    expect(last.done).to.be.at.least(bytes);
    expect(painter.calibration).to.equal(undefined);
  });

  it('names the field of a config that is missing or of no use', async () => {
    for (const [config, what] of [
      [{ space: null }, 'cognate.space'],
      [{ styles: [1] }, 'cognate.styles'],
      [{ size: 0 }, 'cognate.size'],
      [{ latent: '64' }, 'cognate.latent'],
      [{ steps: 0.5 }, 'cognate.steps'],
      [{ rate: -1 }, 'cognate.rate'],
      [{ noise: 'some' }, 'cognate.noise'],
    ] as const) {
      server = serveVirtually(toyPainterRepository(folder, config));
      const message = await refusal(loadPainter(toy, { baseUrl: '/' }));
      expect(message, JSON.stringify(config))
        .to.include(what)
        .and.match(/^file-format: .* toy\/painter/);
      server.restore();
    }
  });

  it('says which graph is missing or another one', async () => {
    const files = toyPainterRepository(folder);
    const sketch = files[`${folder}/onnx/sketch.onnx`]!;
    server = serveVirtually({ ...files, [`${folder}/onnx/canvas.onnx`]: sketch });
    expect(await refusal(loadPainter(toy, { baseUrl: '/' }))).to.match(
      /^file-format: .*graph canvas from latents, goals, styles to pictures, direction/,
    );
    server.restore();
    server = serveVirtually({ ...files, [`${folder}/onnx/canvas.onnx`]: { body: '', status: 404 } });
    expect(await refusal(loadPainter(toy, { baseUrl: '/' }))).to.match(/^load-failed: .*onnx\/canvas\.onnx/);
  });

  it('stops loading when called off', async () => {
    server = serveVirtually(toyPainterRepository(folder));
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => stop.abort(reason);
    const error: unknown = await loadPainter(toy, { baseUrl: '/', signal: stop.signal, onProgress }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.equal(reason);
  });

  it('can be released twice, and then says so', async () => {
    server = serveVirtually(toyPainterRepository(folder));
    const painter = await loadPainter(toy, { baseUrl: '/' });
    await painter[Symbol.asyncDispose]();
    await painter[Symbol.asyncDispose]();
    expect(await refusal(painter.decode(rows(1, 0, 0)))).to.match(/^disposed: /);
  });
});

describe('toPicture()', () => {
  const pixel = (...planes: readonly number[]): number[] => [...toPicture(Float32Array.from(planes), 1).data];

  it('divides colours by opacity and rounds to the nearest of 255', () => {
    expect(pixel(0.25, 0.125, 0, 0.5)).to.deep.equal([128, 64, 0, 128]);
    expect(pixel(0.2, 0.4, 0.6, 1)).to.deep.equal([51, 102, 153, 255]);
    // 0.5 / 255 is the least opacity that shows.
    expect(pixel(0.001, 0.002, 0, 0.002)).to.deep.equal([128, 255, 0, 1]);
    expect(pixel(0.001, 0.001, 0.001, 0.0019)).to.deep.equal([0, 0, 0, 0]);
  });

  it('clips what is out of range', () => {
    expect(pixel(2, -1, 0.5, 1.5)).to.deep.equal([255, 0, 128, 255]);
    expect(pixel(0.5, 0.5, 0.5, -0.1)).to.deep.equal([0, 0, 0, 0]);
  });

  it('refuses NaN', () => {
    expect(() => pixel(0, NaN, 0, 1)).to.throw('no usable numbers');
    expect(() => pixel(0, 0, 0, NaN)).to.throw('no usable numbers');
  });
});
