import type { CognateError } from '@cognate/core';
import { expect } from '@open-wc/testing';
import type { GeneratorChoice, GeneratorSettings } from '../shared/inference.ts';
import { checkChoice, checkSettings } from './check-settings.ts';

/** What is thrown, and nothing when nothing is. */
function thrown(check: () => void): Partial<CognateError> {
  try {
    check();
    return {};
  } catch (error) {
    return error as CognateError;
  }
}

describe('checkSettings()', () => {
  const refusal = (settings: GeneratorSettings): Partial<CognateError> =>
    thrown(() => checkSettings('translate()', settings));

  it('takes what is in range, and what is left out', () => {
    for (const settings of [
      {},
      { seed: 0, count: 1, candidates: 1, temperature: 0, beams: 1, steps: 0 },
      { seed: 2 ** 32 - 1, count: 64, candidates: 64, temperature: 4, steps: 100 },
      { beams: 16, temperature: 0 },
      { seed: undefined, steps: undefined },
    ]) {
      expect(refusal(settings), JSON.stringify(settings)).to.deep.equal({});
    }
  });

  it('names the setting that is out of range, its range and what was got', () => {
    for (const [settings, message] of [
      [{ seed: -1 }, 'translate() needs a whole number from 0 to 4294967295 as seed, got -1'],
      [{ count: 0 }, 'translate() needs a whole number from 1 to 64 as count, got 0'],
      [{ candidates: 2.5 }, 'translate() needs a whole number from 1 to 64 as candidates, got 2.5'],
      [{ temperature: NaN }, 'translate() needs a number from 0 to 4 as temperature, got NaN'],
      [{ beams: 17 }, 'translate() needs a whole number from 1 to 16 as beams, got 17'],
      [{ steps: Infinity }, 'translate() needs a whole number from 0 to 100 as steps, got Infinity'],
      [{ steps: '3' as never }, 'translate() needs a whole number from 0 to 100 as steps, got "3"'],
    ] as const) {
      expect(refusal(settings)).to.include({ code: 'invalid-input', message });
    }
  });

  it('names settings that do not go together', () => {
    expect(refusal({ count: 3, candidates: 2 }).message).to.match(/got 2 for a count of 3$/);
    expect(refusal({ beams: 4, temperature: 0.5 }).message).to.match(/4 beams and a temperature of 0.5$/);
  });
});

describe('checkChoice()', () => {
  const refusal = (choice: Partial<GeneratorChoice>): Partial<CognateError> =>
    thrown(() => checkChoice({ from: 'text', to: 'text', language: 'en', style: 'noto', alignment: 0, ...choice }));

  it('takes what the models can make', () => {
    expect(refusal({ language: 'fr' })).to.deep.equal({});
    expect(refusal({ to: 'image', style: 'twemoji' })).to.deep.equal({});
  });

  it('says what there is when asked for anything else', () => {
    expect(refusal({ language: 'tlh' }).message).to.match(/^generator\(\) writes in .*\bde, .*, not "tlh"$/);
    expect(refusal({ to: 'image', style: 'openmoji' }).message).to.match(
      /^generator\(\) paints in the styles noto, twemoji, fluent-flat, not "openmoji"$/,
    );
    expect(refusal({ from: 'sound' as never })).to.include({
      code: 'invalid-input',
      message: 'generator() starts from text, image, not "sound"',
    });
    expect(refusal({ to: undefined as never }).code).to.equal('invalid-input');
  });

  it('asks for no language where pictures are made, and for no style where texts are', () => {
    expect(refusal({ to: 'image', language: 'tlh' })).to.deep.equal({});
    expect(refusal({ style: 'openmoji' })).to.deep.equal({});
  });
});
