import { isCognateError, type Embeddings, type Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import {
  toyCaptionerRepository,
  toyCaptionSpace as space,
  toyLead,
  toyTexts,
} from '../../../../test/helpers/toy-decoders.ts';
import { serveVirtually, type VirtualServer } from '../../../../test/helpers/virtual-files.ts';
import { loadCaptioner, type Captioner, type CaptionOptions } from '../index.ts';

const folder = '/starter/models/toy/captioner';

/** One row for each axis given. */
function axes(...chosen: readonly number[]): Embeddings {
  const data = new Float32Array(chosen.length * 4);
  chosen.forEach((axis, row) => (data[4 * row + axis] = 1));
  return { space, count: chosen.length, data };
}

/** Points between axes, where drawn texts are all different. */
function between(count: number): Embeddings {
  return { space, count, data: new Float32Array(4 * count).fill(0.5) };
}

describe('captioner()', () => {
  let server: VirtualServer;
  let captioner: Captioner;
  before(async () => {
    server = serveVirtually(toyCaptionerRepository(folder, { trust: { slope: 2, offset: -1 } }));
    captioner = await loadCaptioner('toy/captioner', { baseUrl: '/' });
  });
  after(async () => {
    await captioner?.[Symbol.asyncDispose]();
    server.restore();
  });

  const texts = async (points: Embeddings, options?: CaptionOptions): Promise<string[]> =>
    (await captioner.decode(points, options)).map(({ text }) => text);

  it('tells its space, its languages and how far it can be trusted', () => {
    expect(captioner.space).to.deep.equal(space);
    expect(captioner.languages).to.deep.equal(['en', 'de']);
    expect(captioner.calibration).to.deep.equal({ slope: 2, offset: -1 });
  });

  it('writes each point in the language asked for, several in one call though their texts differ in length', async () => {
    expect(await texts(axes(0, 1, 2, 3))).to.deep.equal([...toyTexts.en]);
    expect(await texts(axes(3, 1, 0, 2, 1), { language: 'de' })).to.deep.equal(
      [3, 1, 0, 2, 1].map((axis) => toyTexts.de[axis]),
    );
    expect(await texts(axes())).to.deep.equal([]);
  });

  it('looks at the direction of a point alone', async () => {
    const points = axes(1);
    points.data[1] = 17;
    const [long] = await captioner.decode(points);
    const [unit] = await captioner.decode(axes(1));
    expect(long).to.deep.equal(unit);
    expect(points.data[1]).to.equal(17);
  });

  it('tells how likely the text is, whether it ended, and in which language and of which seed it is', async () => {
    const each = -Math.log(1 + 257 * Math.exp(-toyLead));
    const [whole] = await captioner.decode(axes(0), { seed: 7 });
    expect(whole).to.include({ text: 'sun', language: 'en', finished: true, seed: 7 });
    expect(whole!.logProbability).to.be.closeTo(4 * each, 1e-4);
    const [cut] = await captioner.decode(axes(0), { maxTokens: 2 });
    expect(cut).to.include({ text: 'su', finished: false });
    expect(cut!.logProbability).to.be.closeTo(2 * each, 1e-4);
  });

  it('finds the same text with beams, where each token is clear', async () => {
    const [greedy] = await captioner.decode(axes(1));
    const [beam] = await captioner.decode(axes(1), { beams: 3 });
    expect(beam!.text).to.equal(toyTexts.en[1]);
    expect(beam!.logProbability).to.be.closeTo(greedy!.logProbability, 1e-4);
  });

  it('draws by seed: the same again, another with another one, each row as it would alone', async () => {
    const drawn = { temperature: 1 };
    const seeds = Array.from({ length: 8 }, (_, i) => i);
    const together = await texts(between(8), { ...drawn, seed: seeds });
    expect(new Set(together).size).to.be.greaterThan(4);
    expect(await texts(between(8), { ...drawn, seed: seeds })).to.deep.equal(together);
    expect(await texts(between(1), { ...drawn, seed: 5 })).to.deep.equal([together[5]]);
    expect(await texts(between(2), { ...drawn, seed: 5 })).to.deep.equal([together[5], together[5]]);
  });

  it('writes more points than fit in a batch, in order', async () => {
    const many = Array.from({ length: 70 }, (_, i) => i % 4);
    const seen: Progress[] = [];
    const found = await texts(axes(...many), { onProgress: (progress) => seen.push(progress) });
    expect(found).to.deep.equal(many.map((axis) => toyTexts.en[axis]));
    expect(seen.at(-1)).to.deep.equal({ phase: 'decode', done: 70, total: 70 });
    const last = seen.findLast((each) => each.phase === 'decode' && each.partial?.index === 69);
    expect(last).to.deep.include({ partial: { index: 69, text: toyTexts.en[1] } });
  });

  it('shows the text as it grows, never half a character', async () => {
    for (const beams of [1, 2]) {
      for (const axis of [1, 2, 3]) {
        const seen: string[] = [];
        const onProgress = (progress: Progress): void => {
          if (progress.phase === 'decode' && progress.partial) seen.push(progress.partial.text!);
        };
        await captioner.decode(axes(axis), { beams, onProgress });
        const whole = toyTexts.en[axis]!;
        expect(seen.at(-1)).to.equal(whole);
        expect(seen.length).to.be.at.least(new TextEncoder().encode(whole).length);
        for (const text of seen) expect(whole.startsWith(text), `${text} of ${whole}`).to.equal(true);
      }
    }
    const [cut] = await captioner.decode(axes(2), { maxTokens: 4 });
    expect(cut).to.include({ text: '日', finished: false });
  });

  it('stops between two tokens when called off, and can be used again', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    const onProgress = (progress: Progress): void => {
      if (progress.phase !== 'decode' || !progress.partial) return;
      seen.push(progress.partial.text!.length);
      if (seen.length === 3) stop.abort(reason);
    };
    const error: unknown = await captioner
      .decode(axes(1), { signal: stop.signal, onProgress })
      .catch((caught: unknown) => caught);
    expect(error).to.equal(reason);
    expect(seen.length).to.equal(3);
    expect(await texts(axes(0))).to.deep.equal(['sun']);
  });

  it('refuses what it cannot write, and says why', async () => {
    const refusal = async (points: Embeddings, options?: CaptionOptions): Promise<string> => {
      const error: unknown = await captioner.decode(points, options).catch((caught: unknown) => caught);
      return isCognateError(error) ? `${error.code}: ${error.message}` : `not refused: ${String(error)}`;
    };
    const broken = axes(0, 1);
    broken.data[6] = NaN;
    expect(await refusal(broken)).to.match(/^invalid-input: .*NaN in row 1$/);
    const nowhere = axes(0, 1, 2);
    nowhere.data.fill(0, 8);
    expect(await refusal(nowhere)).to.match(/^invalid-input: .*row 2 is all zero$/);
    const foreign = { ...axes(0), space: { ...space, id: 'toy-image@1' } };
    expect(await refusal(foreign)).to.match(/^space-mismatch: .*toy-text@1 .*toy-image@1/);
    expect(await refusal(axes(0), { language: 'tlh' })).to.match(/^invalid-input: .*en, de, not in "tlh"$/);
    expect(await refusal(axes(0, 1), { seed: [1] })).to.match(/^shape-mismatch: .*2 points, got 1$/);
    for (const options of [
      { temperature: -1 },
      { beams: 0 },
      { topP: 0 },
      { maxTokens: 0 },
      { seed: -1 },
      { seed: 0.5 },
    ]) {
      expect(await refusal(axes(0), options), JSON.stringify(options)).to.match(/^invalid-input: /);
    }
    expect(await refusal(axes(0), { beams: 2, temperature: 1 })).to.match(/^invalid-input: .*beams or a temperature/);
  });
});
