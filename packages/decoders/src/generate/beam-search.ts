import { breather, topK } from '@cognate/core';
import { logSoftmax } from './distribution.ts';
import type { Generation, GenerateOptions } from './generate.ts';
import type { Step, TokenModel } from './token-model.ts';

interface BeamOptions extends Pick<GenerateOptions, 'signal' | 'onTokens'> {
  readonly beams: number;
  readonly count: number;
  readonly maxTokens: number;
  readonly lengthPenalty: number;
}

interface Beam {
  readonly tokens: readonly number[];
  readonly logProbability: number;
  /** Row of the model's state that it goes on from. */
  readonly row: number;
}

/**
 * Follows the `beams` likeliest beginnings side by side. Ends when no beginning can beat the texts that are finished:
 * a beginning's score is bounded by what it would get at full length without losing any more probability.
 * @see Wu et al. 2016, Google's Neural Machine Translation System, arXiv:1609.08144, for dividing by length.
 */
export async function beamSearch<State>(
  model: TokenModel<State>,
  prompt: Step<State>,
  { beams, count, maxTokens, lengthPenalty, signal, onTokens }: BeamOptions,
): Promise<readonly Generation[]> {
  const score = ({ logProbability }: { readonly logProbability: number }, length: number): number =>
    logProbability / Math.max(1, length) ** lengthPenalty;
  const scoreOf = (each: Generation): number => score(each, each.tokens.length + (each.finished ? 1 : 0));
  let finished: Generation[] = [];
  const finish = (each: Generation): void => {
    finished = [...finished, each].sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, beams);
  };

  let alive: Beam[] = [{ tokens: [], logProbability: 0, row: 0 }];
  let { logits, state } = prompt;
  const breathe = breather(signal, { everyMs: 8 });
  for (;;) {
    await breathe();
    signal?.throwIfAborted();
    const grown: Beam[] = [];
    // Each beam's best, so many that enough go on even when all ends are among them.
    const width = beams + model.ends.length;
    for (const [row, beam] of alive.entries()) {
      const chances = logSoftmax(logits.subarray(row * model.vocabulary, (row + 1) * model.vocabulary));
      for (const token of topK(chances, width)) {
        const logProbability = beam.logProbability + chances[token]!;
        if (model.ends.includes(token)) finish({ tokens: beam.tokens, logProbability, finished: true });
        else grown.push({ tokens: [...beam.tokens, token], logProbability, row });
      }
    }
    alive = grown.sort((a, b) => b.logProbability - a.logProbability).slice(0, beams);
    const length = alive[0]?.tokens.length ?? 0;
    if (length >= maxTokens)
      for (const { tokens, logProbability } of alive) finish({ tokens, logProbability, finished: false });
    onTokens?.(best(finished, alive, scoreOf, score));
    const enough = finished.length >= beams && finished[count - 1];
    const hopeless = enough && alive.every((beam) => score(beam, maxTokens + 1) <= scoreOf(enough));
    if (alive.length === 0 || length >= maxTokens || hopeless) return finished.slice(0, count);
    const next = model.select(
      state,
      alive.map(({ row }) => row),
    );
    const tokens = alive.map((beam) => beam.tokens.at(-1)!);
    ({ logits, state } = await model.step(next, tokens, { signal }));
  }
}

/** What would be given if the search ended now. */
function best(
  finished: readonly Generation[],
  alive: readonly Beam[],
  scoreOf: (each: Generation) => number,
  score: (each: Beam, length: number) => number,
): readonly number[] {
  const [done] = finished;
  const [going] = alive;
  if (!going) return done?.tokens ?? [];
  return done && scoreOf(done) >= score(going, going.tokens.length) ? done.tokens : going.tokens;
}
