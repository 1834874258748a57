import { random, type CognateError } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { generate } from './generate.ts';
import type { TokenModel } from './token-model.ts';

const end = 0;
const vocabulary = 5;

/** Remembers what was written; what may follow depends on the last two tokens, at random but fixed. */
function toyModel(seed: number, maxTokens = 5): TokenModel<readonly number[][]> & { steps: number } {
  const logitsAfter = (text: readonly number[]): number[] => {
    const { normal } = random(seed * 1000 + (text.at(-1) ?? 7) * 31 + (text.at(-2) ?? 7) * 17 + text.length);
    return Array.from({ length: vocabulary }, () => 1.5 * normal());
  };
  const model = {
    vocabulary,
    ends: [end],
    maxTokens,
    steps: 0,
    step(state: readonly number[][], tokens: readonly number[]) {
      model.steps++;
      const texts = state.map((text, i) => (tokens.length ? [...text, tokens[i]!] : text));
      return Promise.resolve({ logits: Float32Array.from(texts.flatMap(logitsAfter)), state: texts });
    },
    select: (state: readonly number[][], rows: readonly number[]) => rows.map((row) => state[row]!),
  };
  return model;
}

const start = (model: ReturnType<typeof toyModel>) => model.step([[]], []);

/** Every text that the model can write, with its probability. */
async function everything(
  model: ReturnType<typeof toyModel>,
): Promise<{ tokens: number[]; logProbability: number; finished: boolean }[]> {
  const out: { tokens: number[]; logProbability: number; finished: boolean }[] = [];
  const walk = async (tokens: number[], before: number): Promise<void> => {
    if (tokens.length === model.maxTokens) {
      out.push({ tokens, logProbability: before, finished: false });
      return;
    }
    const { logits } = await model.step([tokens], []);
    const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
    for (const [token, value] of logits.entries()) {
      const now = before + value - total;
      if (token === end) out.push({ tokens, logProbability: now, finished: true });
      else await walk([...tokens, token], now);
    }
  };
  await walk([], 0);
  return out;
}

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error as CognateError).code,
  );
}

describe('generate()', () => {
  it('takes the likeliest token at each place, and tells how likely the text is', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const model = toyModel(seed);
      const [found] = await generate(model, await start(model));
      const same = (await everything(model)).find(
        ({ tokens, finished }) => String(tokens) === String(found!.tokens) && finished === found!.finished,
      );
      expect(found!.logProbability).to.be.closeTo(same!.logProbability, 1e-4);
      let text: number[] = [];
      for (;;) {
        const { logits } = await model.step([text], []);
        const token = logits.indexOf(Math.max(...logits));
        if (token === end || text.length === model.maxTokens) break;
        text = [...text, token];
      }
      expect(found!.tokens).to.deep.equal(text);
    }
  });

  it('finds the best texts of all with beams enough', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const model = toyModel(seed, 3);
      const score = ({
        tokens,
        logProbability,
        finished,
      }: {
        tokens: readonly number[];
        logProbability: number;
        finished: boolean;
      }): number => logProbability / Math.max(1, tokens.length + (finished ? 1 : 0)) ** 0.7;
      const wanted = (await everything(model)).sort((a, b) => score(b) - score(a)).slice(0, 3);
      const found = await generate(model, await start(model), { beams: 5, count: 3 });
      // Five beams of four tokens that go on see every text of this model but the unlikeliest.
      expect(found[0]!.tokens).to.deep.equal(wanted[0]!.tokens);
      expect(score(found[0]!)).to.be.closeTo(score(wanted[0]!), 1e-4);
    }
  });

  it('never does worse with more beams than greedily, by its own score', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const model = toyModel(seed);
      const options = { lengthPenalty: 0 };
      const [greedy] = await generate(model, await start(model), options);
      const [beams] = await generate(model, await start(model), { ...options, beams: 4 });
      expect(beams!.logProbability).to.be.at.least(greedy!.logProbability - 1e-4);
    }
  });

  it('draws texts as often as they are likely, the same ones for the same seed', async () => {
    const model = toyModel(3, 2);
    const counts = new Map<string, number>();
    const draws = 600;
    for (let seed = 0; seed < draws; seed++) {
      const [drawn] = await generate(model, await start(model), { temperature: 1, seed });
      const key = `${drawn!.tokens.join()} ${drawn!.finished}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const { tokens, logProbability, finished } of await everything(model)) {
      const expected = Math.exp(logProbability);
      const seen = (counts.get(`${tokens.join()} ${finished}`) ?? 0) / draws;
      expect(seen).to.be.closeTo(expected, 4 * Math.sqrt((expected * (1 - expected)) / draws) + 0.01);
    }
    const again = await generate(model, await start(model), { temperature: 1, seed: 5 });
    expect(again).to.deep.equal(await generate(model, await start(model), { temperature: 1, seed: 5 }));
  });

  it('keeps to the likeliest tokens when told to', async () => {
    const model = toyModel(3);
    const [greedy] = await generate(model, await start(model));
    for (let seed = 0; seed < 10; seed++) {
      const [drawn] = await generate(model, await start(model), { temperature: 1, topP: 1e-6, seed });
      expect(drawn!.tokens).to.deep.equal(greedy!.tokens);
    }
  });

  it('tells the text as it grows, and stops between two tokens when called off', async () => {
    const model = { ...toyModel(1, 50), ends: [] };
    const told: number[] = [];
    const stop = new AbortController();
    const reason = new Error('enough');
    const onTokens = (tokens: readonly number[]): void => {
      told.push(tokens.length);
      if (tokens.length === 3) stop.abort(reason);
    };
    const error = await generate(model, await start(model as never), { onTokens, signal: stop.signal }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.equal(reason);
    expect(told).to.deep.equal([1, 2, 3]);
  });

  it('refuses settings out of range', async () => {
    const model = toyModel(1);
    const prompt = await start(model);
    for (const options of [
      { beams: 0 },
      { beams: 1.5 },
      { beams: 2, count: 3 },
      { temperature: -1 },
      { temperature: NaN },
      { topP: 0 },
      { maxTokens: 0 },
      { beams: 2, temperature: 1 },
    ]) {
      expect(await codeOf(generate(model, prompt, options)), JSON.stringify(options)).to.equal('invalid-input');
    }
  });
});
