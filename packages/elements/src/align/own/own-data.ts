import { CognateError, type CallOptions } from '@cognate/core';
import type { ReactiveControllerHost } from 'lit';
import { LatestRun } from '../../latest-run.ts';
import type { Brought, ReadColumn, Reading, ReadPairs, Told, Troubles } from './reading.ts';
import { countOf, joined, sameKind, without, type OwnPairs } from './side.ts';

/** Pairs to train on, and what is to be told of them. */
export interface Taken extends OwnPairs {
  readonly troubles: Troubles;
  /** Rows that the last data had, where not all of them were taken. */
  readonly of: number | undefined;
}

/** What the visitor has brought, from the first paste to the last pair added. */
export class OwnData {
  /** What is being looked at, before its pairs are taken. */
  readonly reading: LatestRun<Reading>;
  left = 0;
  right = 1;
  /** Rows of `pairs` that the visitor has dropped since they were last trained on. */
  dropped: ReadonlySet<number> = new Set();
  /** What was trained on last. */
  pairs: Taken | undefined;
  /** True while the visitor looks for pairs to put behind those taken. */
  adding = false;

  readonly #host: ReactiveControllerHost;
  #brought: Brought | undefined;
  #told: Told = {};

  constructor(host: ReactiveControllerHost, onFailure: (error: unknown) => void) {
    this.#host = host;
    this.reading = new LatestRun<Reading>(host, onFailure);
  }

  /** Looks at pasted text or at files, and guesses which two columns belong together. */
  async look(brought: Brought, told: Told = {}): Promise<void> {
    this.#brought = brought;
    this.#told = told;
    const reading = await this.reading.start(async (options) => {
      const { readOwn } = await import('./read-own.ts');
      return readOwn(brought, told, options);
    });
    if (!reading) return;
    this.left = reading.suggestion?.left ?? 0;
    this.right = reading.suggestion?.right ?? (this.left === 0 ? 1 : 0);
    this.#host.requestUpdate();
  }

  /** Looks again at the same, now that more is told of it. */
  tell(more: Told): void {
    if (this.#brought !== undefined) void this.look(this.#brought, { ...this.#told, ...more });
  }

  choose(side: 'left' | 'right', column: number): void {
    const other = side === 'left' ? 'right' : 'left';
    // The two trade places rather than become one.
    if (this[other] === column) this[other] = this[side];
    this[side] = column;
    this.#host.requestUpdate();
  }

  /**
   * The pairs to train on: those of the columns chosen, behind those trained on before, without those dropped. Nothing
   * changes by it: see `keep()`.
   * @throws {CognateError} `invalid-input` when there is nothing to take, or kinds do not fit.
   */
  async take(options: CallOptions): Promise<Taken> {
    const more = await this.found?.pairs(this.left, this.right, options);
    const taken = more ? this.#withMore(more) : this.pairs;
    if (!taken) throw new CognateError('invalid-input', 'There are no pairs yet: paste two columns, or choose a file.');
    return { ...taken, left: without(taken.left, this.dropped), right: without(taken.right, this.dropped) };
  }

  /** From now on these are the pairs: they were trained on, or are to be. */
  keep(taken: Taken): void {
    this.clear();
    this.pairs = taken;
  }

  /** What was read of what is there now: nothing of what was there before, when that could not be read. */
  get found(): Reading | undefined {
    return this.reading.status === 'failed' ? undefined : this.reading.result;
  }

  /** The columns to pair of what was read. */
  get chosen(): { readonly left: ReadColumn; readonly right: ReadColumn } | undefined {
    const [left, right] = [this.found?.columns[this.left], this.found?.columns[this.right]];
    return left && right && { left, right };
  }

  /** True when what is there now differs from what was trained on last. */
  get changed(): boolean {
    return this.dropped.size > 0 || this.found !== undefined;
  }

  get count(): number {
    return this.pairs ? countOf(this.pairs.left) - this.dropped.size : 0;
  }

  drop(pairs: Iterable<number>): void {
    this.dropped = new Set(pairs);
    this.#host.requestUpdate();
  }

  /** Opens the intake for more pairs, or closes it. */
  setAdding(adding: boolean): void {
    this.adding = adding;
    this.#host.requestUpdate();
  }

  clear(): void {
    this.reading.reset();
    this.pairs = undefined;
    this.dropped = new Set();
    this.adding = false;
    this.#host.requestUpdate();
  }

  #withMore(more: ReadPairs): Taken {
    const { troubles } = more;
    const of = more.of > countOf(more.left) ? more.of : undefined;
    const known = this.pairs;
    if (!known) return { left: more.left, right: more.right, troubles, of };
    if (!sameKind(known.left, more.left) || !sameKind(known.right, more.right)) {
      throw new CognateError(
        'invalid-input',
        `More pairs must be of the same kinds: ${known.left.kind} and ${known.right.kind}, got ${more.left.kind} and ${more.right.kind}.`,
      );
    }
    return { left: joined(known.left, more.left), right: joined(known.right, more.right), troubles, of };
  }
}
