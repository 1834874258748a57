import type { CallOptions, Embeddings, Forecast, Progress } from '@cognate/core';
import type { Cognate, FitResult, FitSession } from '@cognate/web-workers';
import type { ReactiveControllerHost } from 'lit';
import type { Look, Reference } from './curves.ts';
import type { Scene } from './space-picture.ts';
import type { Finish, Pairs, Side, Task } from './task.ts';
import { WatchedPairs } from './watched-pairs.ts';

/** Tried one by one, for reference; the last run tries them again, with all that is to know about the pairs. */
const closedForms = [
  { method: 'procrustes', name: 'rotation', stage: 'Turning one cloud onto the other' },
  { method: 'ridge', name: 'ridge', stage: 'Solving for the best linear map' },
] as const;

/** Steps are told of far more often than this. */
const quietMs = 4000;

/** What a run has to show besides its report. */
export interface Shown {
  readonly looks: readonly Look[];
  /** Steps in all, as far as they are known. */
  readonly total: number;
  /** Validation recall of the closed forms. */
  readonly references: readonly Reference[];
  /** What else should be known about the run. */
  readonly warning: string | undefined;
  /** The two spaces as they were drawn last. */
  readonly scene: Scene | undefined;
}

/** What a run came to, with what it has shown on the way: both are kept, or neither. */
export interface Trained extends FitResult {
  readonly shown: Shown;
}

const nothingYet: Shown = { looks: [], total: 1, references: [], warning: undefined, scene: undefined };

/** One training run as a page sees it: pairs are gathered, closed forms set the mark, then the aligner learns. */
export class Training {
  /** What is going on, in words; empty when nothing is. */
  stage = '';
  /** True while points are being found: progress then comes from the encoders. */
  gathering = false;
  /** What goes on before the encoders are at work, in words. */
  preparing: string | undefined;
  paused = false;
  /** What the run under way has shown so far. */
  shown = nothingYet;
  /** Step that a reload of the page would go on from. */
  saved: number | undefined;
  forecast: Forecast | undefined;
  secondsLeft: number | undefined;
  /** True when no step has been told of for a while: heads are refitted, or measured. */
  quiet = false;
  /** Methods tried so far, before any training. */
  tried: { readonly done: number; readonly total: number } | undefined;

  readonly #host: ReactiveControllerHost;
  /** Of the latest run: one that was cancelled may end while the next is under way. */
  #signal: AbortSignal | undefined;
  #session: FitSession | undefined;
  #watched: WatchedPairs | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  run(cognate: Cognate, task: Task, options: CallOptions): Promise<Trained> {
    return this.#during('Gathering pairs', options, async () => {
      this.gathering = true;
      this.preparing = task.preparing;
      const pairs = await task.gather(options);
      options.signal?.throwIfAborted();
      this.gathering = false;
      const watched = new WatchedPairs(task.warm(), pairs);
      const scene = await watched.apart();
      options.signal?.throwIfAborted();
      this.#watched = watched;
      this.#tell({ scene });
      if (task.forecast) {
        this.#update({ stage: 'Looking whether the two sides are alike' });
        this.#update({ forecast: await cognate.forecast(pairs.source, pairs.target, { signal: options.signal }) });
      }
      const { seed, steps, method: chosen } = task;
      for (const { method, name, stage } of task.show ? closedForms : []) {
        this.#update({ stage });
        const session = cognate.fit(pairs.source, pairs.target, {
          ...this.#fitOptions(pairs, options),
          seed,
          method,
          report: 'brief',
          checkpoints: false,
        });
        const { alignment, report } = await this.#follow(session);
        const value = report.tried[0]?.recallAt10;
        if (value !== undefined) this.#tell({ references: [...this.shown.references, { name, value }] });
        await this.#project(cognate, alignment, options);
      }
      this.#update({ stage: 'Learning from pairs' });
      const { name, from } = task;
      const session = cognate.fit(pairs.source, pairs.target, {
        ...this.#fitOptions(pairs, options),
        method: chosen,
        seed,
        steps,
        trainHeads: task.show ? true : undefined,
        name,
        from,
      });
      const result = await this.#follow(session);
      await this.#project(cognate, result.alignment, options);
      await task.finish?.(result, options);
      return result;
    });
  }

  /** Goes on with a run that was interrupted, which tells of the same pairs as before. @param warm side that is drawn warm. */
  resumeRun(cognate: Cognate, key: string, warm: Side, options: CallOptions, finish?: Finish): Promise<Trained> {
    return this.#during('Going on where it stopped', options, async () => {
      this.#watched = new WatchedPairs(warm);
      const result = await this.#follow(cognate.resumeFit(key, this.#callOptions(options)));
      // Where the watched pairs lie by what was kept instead, only their rows would tell.
      if (result.report.method !== 'contrastive') this.#tell({ scene: undefined });
      await finish?.(result, options);
      return result;
    });
  }

  pause(): void {
    this.#session?.pause();
    this.#update({ paused: true });
  }

  resume(): void {
    this.quiet = false;
    this.#session?.resume();
    this.#update({ paused: false });
  }

  async #during(stage: string, { signal }: CallOptions, work: () => Promise<FitResult>): Promise<Trained> {
    this.#signal = signal;
    this.#end();
    this.#watched = undefined;
    this.#first = undefined;
    this.#update({ stage, shown: nothingYet, forecast: undefined, saved: undefined });
    try {
      return { ...(await work()), shown: this.shown };
    } finally {
      if (this.#signal === signal) this.#end();
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.quiet = false;
    this.#session = undefined;
    this.gathering = false;
    this.#update({ stage: '', paused: false, secondsLeft: undefined });
  }

  #fitOptions({ heldOut }: Pairs, options: CallOptions) {
    return { heldOut, watch: this.#watched?.rows, ...this.#callOptions(options) };
  }

  #callOptions({ signal }: CallOptions) {
    return {
      signal,
      onProgress: (progress: Progress) => {
        if (!signal?.aborted) this.#hear(progress);
      },
    };
  }

  async #follow(session: FitSession): Promise<FitResult> {
    this.#first = undefined;
    this.tried = undefined;
    this.#session = session;
    if (this.paused) session.pause();
    const result = await session;
    if (result.warning) this.#tell({ warning: result.warning });
    return result;
  }

  #timer: ReturnType<typeof setTimeout> | undefined;
  #first: { readonly at: number; readonly step: number } | undefined;

  #hear(progress: Progress): void {
    clearTimeout(this.#timer);
    this.quiet = false;
    if (progress.phase === 'prepare') this.#update({ tried: progress });
    this.#timer = setTimeout(() => {
      this.quiet = true;
      this.#host.requestUpdate();
    }, quietMs);
    if (progress.phase !== 'fit') return;
    const { done: step, total, loss, heldOut: recall, watched, saved = this.saved } = progress;
    const { looks, warning } = this.shown;
    if (watched) void this.#draw(watched.source, watched.target);
    const at = performance.now();
    this.#first ??= { at, step };
    const gone = step - this.#first.step;
    const secondsLeft = gone > 0 ? ((at - this.#first.at) / 1000 / gone) * (total - step) : undefined;
    // A pause tells its step once more, when that is safe.
    const before = looks.at(-1)?.step === step ? looks.slice(0, -1) : looks;
    this.#update({ secondsLeft, saved });
    this.#tell({
      looks: [...before, { step, loss, heldOut: recall }],
      total,
      warning: progress.warning ?? warning,
    });
  }

  /** Draws the watched pairs where the alignment puts them. */
  async #project(cognate: Cognate, alignment: Uint8Array<ArrayBuffer>, options: CallOptions): Promise<void> {
    const rows = this.#watched?.rows;
    if (!rows) return;
    const [source, target] = await Promise.all([
      cognate.project(alignment, rows.source, options),
      cognate.project(alignment, rows.target, options),
    ]);
    await this.#draw(source, target);
  }

  async #draw(source: Embeddings, target: Embeddings): Promise<void> {
    const watched = this.#watched;
    const scene = await watched?.together(source, target);
    if (scene && watched === this.#watched) this.#tell({ scene });
  }

  #tell(shown: Partial<Shown>): void {
    this.#update({ shown: { ...this.shown, ...shown } });
  }

  #update(
    state: Partial<Pick<Training, 'stage' | 'paused' | 'shown' | 'secondsLeft' | 'saved' | 'forecast' | 'tried'>>,
  ): void {
    Object.assign(this, state);
    this.#host.requestUpdate();
  }
}
