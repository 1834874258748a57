import type { CallOptions, PartialSample, Progress, Translator } from '@cognate/core';
import type { Cognate, GenerateOptions } from '@cognate/web-workers';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { LatestRun } from './latest-run.ts';
import { Translators } from './translators.ts';

/** What one input came to, by target: a language, a style. */
export interface Answered<Input, Answer> {
  readonly input: Input;
  readonly by: ReadonlyMap<string, readonly Answer[]>;
}

/** A way to answer, such as finding or making. */
export interface Way<Input, Answer> {
  open(): Promise<Cognate>;
  /** What answers for one target; kept until `clear()`. */
  load(cognate: Cognate, target: string, options: CallOptions): Promise<Translator<Input, readonly Answer[]>>;
  /** For what makes: seed and count, as they are when it is asked. */
  settings?(): GenerateOptions;
  /** Hears of every input that was answered for all of its targets. */
  done(answered: Answered<Input, Answer>): void;
  /** Hears each error once. */
  failed(error: unknown): void;
}

/**
 * Answers to the latest input, one target after the other, so that the first appear as soon as they can. What was
 * answered before stays to be shown until something else takes its place.
 */
export class Answers<Input, Answer> implements ReactiveController {
  /** Status, progress and error of the input under way. */
  readonly run: LatestRun<Answered<Input, Answer>>;
  /** What is being made, by target. */
  readonly unfinished = new Map<string, PartialSample>();
  /** Whose turn it is. */
  target = '';

  readonly #host: ReactiveControllerHost;
  readonly #way: Way<Input, Answer>;
  #latest: ReadonlyMap<string, { readonly input: Input; readonly answers: readonly Answer[] }> = new Map();
  #input: Input | undefined;
  readonly #translators = new Translators<Input, readonly Answer[]>();

  constructor(host: ReactiveControllerHost, way: Way<Input, Answer>) {
    this.#host = host;
    this.#way = way;
    this.run = new LatestRun(host, (error) => way.failed(error));
    host.addController(this);
  }

  hostDisconnected(): void {
    this.clear();
  }

  get busy(): boolean {
    return this.run.status === 'running';
  }

  /** The last answers for a target; `stale` when something else was asked since. */
  of(target: string): { readonly answers: readonly Answer[]; readonly stale: boolean } | undefined {
    const last = this.#latest.get(target);
    return last && { answers: last.answers, stale: last.input !== this.#input };
  }

  /** Settles when all targets have answered, or an error is shown. */
  ask(input: Input, targets: readonly string[]): Promise<void> {
    this.#input = input;
    return this.#tell(this.run.start((options) => this.#askAll(input, targets, options)));
  }

  retry(): Promise<void> {
    return this.#tell(this.run.retry());
  }

  /** Has what answers for the target ready when the input comes. */
  warm(target: string | undefined): void {
    if (target === undefined) return;
    this.#way
      .open()
      .then((cognate) => this.#translators.warm(target, (options) => this.#way.load(cognate, target, options)))
      .catch(() => {});
  }

  /** Stops, and shows what was there before. */
  cancel(): void {
    this.unfinished.clear();
    this.run.cancel();
  }

  /** Forgets all answers. */
  reset(): void {
    if (this.run.status === 'idle') return;
    this.#latest = new Map();
    this.unfinished.clear();
    this.run.reset();
  }

  /** Releases what answers: it would not do so any more as it is wanted now. */
  clear(): void {
    this.#translators.clear();
  }

  async #tell(running: Promise<Answered<Input, Answer> | undefined>): Promise<void> {
    const answered = await running;
    if (answered) this.#way.done(answered);
  }

  async #askAll(
    input: Input,
    targets: readonly string[],
    { signal, onProgress }: Required<CallOptions>,
  ): Promise<Answered<Input, Answer>> {
    const cognate = await this.#way.open();
    this.unfinished.clear();
    const by = new Map<string, readonly Answer[]>();
    // First where there is nothing left to prepare.
    const ready = (target: string): number => Number(this.#translators.has(target));
    for (const target of targets.toSorted((a, b) => ready(b) - ready(a))) {
      this.target = target;
      const load = (options: CallOptions) => this.#way.load(cognate, target, options);
      const translator = await this.#translators.get(target, load, { signal, onProgress });
      const [answers = []] = await translator.translate([input], {
        ...this.#way.settings?.(),
        signal,
        onProgress: (progress) => {
          if (signal?.aborted) return;
          this.#look(target, progress);
          onProgress?.(progress);
        },
      });
      signal?.throwIfAborted();
      this.unfinished.delete(target);
      by.set(target, answers);
      this.#latest = new Map([...this.#latest, [target, { input, answers }]]);
      this.#host.requestUpdate();
    }
    return { input, by };
  }

  /** Where motion is not wanted, a picture appears when it is done. */
  #look(target: string, progress: Progress): void {
    if (progress.phase !== 'decode' || !progress.partial) return;
    if (progress.partial.picture && matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.unfinished.set(target, progress.partial);
  }
}
