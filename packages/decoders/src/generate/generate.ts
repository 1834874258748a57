import { CognateError, type CallOptions } from '@cognate/core';
import { beamSearch } from './beam-search.ts';
import { sampleRows } from './sample-rows.ts';
import type { Step, TokenModel } from './token-model.ts';

/** A text, as tokens. */
export interface Generation {
  /** Without the token that ended it. */
  readonly tokens: readonly number[];
  /** Sum over its tokens, the end included, in nats, as the model gives it: temperature and nucleus do not count. */
  readonly logProbability: number;
  /** False when it was cut off at the limit. */
  readonly finished: boolean;
}

export interface GenerateOptions extends Pick<CallOptions, 'signal'> {
  /** At most as many tokens; the model's own limit unless told. */
  readonly maxTokens?: number | undefined;
  /** Texts that are followed side by side; 1, the default, takes the likeliest token at each place, which is greedy. */
  readonly beams?: number | undefined;
  /** How many of the beams' texts are wanted, at most `beams`; 1 unless told. */
  readonly count?: number | undefined;
  /** Scores of beams are divided by length to this power: 0 prefers short texts, 1 compares means; 0.7 unless told. */
  readonly lengthPenalty?: number | undefined;
  /** Over 0, tokens are drawn at random: under 1 more of the likely ones, over 1 fewer. Not with beams. */
  readonly temperature?: number | undefined;
  /** Tokens are drawn from the fewest that hold this probability, 0 to 1; 1, all of them, unless told. */
  readonly topP?: number | undefined;
  /** Of the draws; 0 unless told. */
  readonly seed?: number | undefined;
  /** Told after each token: the text so far; with beams, the best one. */
  readonly onTokens?: ((tokens: readonly number[]) => void) | undefined;
}

/**
 * Writes a text token by token, from what the model makes of its prompt. The same options give the same text.
 * @param prompt one row.
 * @returns best first.
 * @throws {CognateError} `invalid-input` for settings out of range. Aborting rejects with `signal.reason` before the next
 * token.
 */
export async function generate<State>(
  model: TokenModel<State>,
  prompt: Step<State>,
  options: GenerateOptions = {},
): Promise<readonly Generation[]> {
  const { beams, count, temperature, topP, maxTokens, lengthPenalty } = resolve(model, options);
  const { seed = 0, signal, onTokens } = options;
  if (beams > 1) return beamSearch(model, prompt, { beams, count, maxTokens, lengthPenalty, signal, onTokens });
  const told = onTokens && ((_: number, tokens: readonly number[]): void => onTokens(tokens));
  return sampleRows(model, prompt, { maxTokens, temperature, topP, seeds: [seed], signal, onTokens: told });
}

export interface GenerateRowsOptions extends Pick<GenerateOptions, 'maxTokens' | 'temperature' | 'topP' | 'signal'> {
  /** One for each row of the prompt. */
  readonly seeds: readonly number[];
  /** Told after each token of a row: its text so far. */
  readonly onTokens?: ((row: number, tokens: readonly number[]) => void) | undefined;
}

/** One text for each row of the prompt, without beams: row i is written as `generate()` writes it alone. */
export async function generateRows<State>(
  model: TokenModel<State>,
  prompt: Step<State>,
  options: GenerateRowsOptions,
): Promise<readonly Generation[]> {
  const { temperature, topP, maxTokens } = resolve(model, options);
  return sampleRows(model, prompt, { ...options, temperature, topP, maxTokens });
}

type Resolved = Record<'beams' | 'count' | 'temperature' | 'topP' | 'maxTokens' | 'lengthPenalty', number>;

/** The settings with what is left out. @throws {CognateError} `invalid-input` for one out of range. */
function resolve<State>(model: TokenModel<State>, options: Omit<GenerateOptions, 'onTokens'>): Resolved {
  const { beams = 1, temperature = 0, count = 1, lengthPenalty = 0.7, topP = 1 } = options;
  const maxTokens = Math.min(model.maxTokens, options.maxTokens ?? Infinity);
  requireRange('beams', beams, 1, model.vocabulary, true);
  requireRange('count', count, 1, beams, true);
  requireRange('maxTokens', maxTokens, 1, Infinity);
  requireRange('temperature', temperature, 0, Infinity);
  requireRange('topP', topP, Number.MIN_VALUE, 1);
  requireRange('lengthPenalty', lengthPenalty, 0, Infinity);
  if (beams > 1 && temperature > 0) {
    throw new CognateError(
      'invalid-input',
      `generate() needs beams or a temperature, got both ${beams} and ${temperature}`,
    );
  }
  return { beams, count, temperature, topP, maxTokens, lengthPenalty };
}

function requireRange(name: string, value: number, low: number, high: number, whole = false): void {
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return;
  const range = Number.isFinite(high) ? `from ${low} to ${high}` : `of at least ${low}`;
  throw new CognateError(
    'invalid-input',
    `generate() needs ${whole ? 'a whole number' : 'a number'} ${range} as ${name}, got ${value}`,
  );
}
