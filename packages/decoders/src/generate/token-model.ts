import type { CallOptions } from '@cognate/core';

/** What a model says about the next token of each of its rows, and what it must remember to go on. */
export interface Step<State> {
  /** `[rows, vocabulary]`: unnormalised log probabilities. */
  readonly logits: Float32Array;
  readonly state: State;
}

/**
 * A language model as a search sees it: one more token for each row at a time. A state is never changed, so that a search
 * may go back to it.
 */
export interface TokenModel<State> {
  /** Number of tokens there are. */
  readonly vocabulary: number;
  /** Tokens that end a text. */
  readonly ends: readonly number[];
  /** Most tokens that a text may have. */
  readonly maxTokens: number;
  /** Appends a token to each row. `tokens[i]` goes to row i. */
  step(state: State, tokens: readonly number[], options?: Pick<CallOptions, 'signal'>): Promise<Step<State>>;
  /** The rows of a state in another order, some perhaps several times, some not at all. */
  select(state: State, rows: readonly number[]): State;
}
