import { breather, random, type CallOptions } from '@cognate/core';
import { largest, logSumExp, logTemperature, nucleus } from './distribution.ts';
import type { Generation } from './generate.ts';
import type { Step, TokenModel } from './token-model.ts';

export interface SampleOptions extends Pick<CallOptions, 'signal'> {
  readonly maxTokens: number;
  /** 0 takes the likeliest token at each place. */
  readonly temperature: number;
  readonly topP: number;
  /** One for each row of the prompt: row i draws as it would alone. */
  readonly seeds: readonly number[];
  /** Told after each token of a row: its text so far. */
  readonly onTokens?: ((row: number, tokens: readonly number[]) => void) | undefined;
}

interface Draft {
  readonly row: number;
  readonly tokens: number[];
  readonly next: () => number;
  logProbability: number;
}

/** Writes one text for each row of the prompt, all a token further at a time; those that have ended leave the batch. */
export async function sampleRows<State>(
  model: TokenModel<State>,
  prompt: Step<State>,
  { maxTokens, temperature, topP, seeds, signal, onTokens }: SampleOptions,
): Promise<readonly Generation[]> {
  const choose = (own: Float32Array, { next }: Draft): number =>
    temperature > 0 ? nucleus(logTemperature(own, temperature), topP, next()) : largest(own);
  const written: Generation[] = [];
  let alive = seeds.map((seed, row): Draft => ({ row, tokens: [], next: random(seed).next, logProbability: 0 }));
  let { logits, state } = prompt;
  const breathe = breather(signal, { everyMs: 8 });
  for (;;) {
    await breathe();
    signal?.throwIfAborted();
    const going: number[] = [];
    for (const [at, draft] of alive.entries()) {
      const own = logits.subarray(at * model.vocabulary, (at + 1) * model.vocabulary);
      const token = choose(own, draft);
      draft.logProbability += own[token]! - logSumExp(own, temperature > 0 ? undefined : token);
      const { row, tokens, logProbability } = draft;
      const finished = model.ends.includes(token);
      if (!finished) {
        tokens.push(token);
        if (onTokens) onTokens(row, [...tokens]);
      }
      if (finished || tokens.length >= maxTokens) written[row] = { tokens, logProbability, finished };
      else going.push(at);
    }
    if (going.length === 0) return written;
    if (going.length < alive.length) {
      state = model.select(state, going);
      alive = going.map((at) => alive[at]!);
    }
    const last = alive.map(({ tokens }) => tokens.at(-1)!);
    ({ logits, state } = await model.step(state, last, { signal }));
  }
}
