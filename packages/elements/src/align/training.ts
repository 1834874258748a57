import type { CallOptions, Embeddings, Forecast, Progress } from '@cognate/core';
import type { Cognate, FitOptions, FitResult, FitSession } from '@cognate/web-workers';
import type { ReactiveControllerHost } from 'lit';
import type { Look, Reference } from './curves.ts';
import { planes, steady, type Plane } from './plane.ts';
import { apart, together, type Scene } from './space-picture.ts';

/** Tried one by one, for reference; the last run tries them again, with all that is to know about the pairs. */
const closedForms = [
  { method: 'procrustes', name: 'rotation', stage: 'Turning one cloud onto the other' },
  { method: 'ridge', name: 'ridge', stage: 'Solving for the best linear map' },
] as const;

/** Steps are told of far more often than this. */
const quietMs = 4000;

/** As many points as an eye can follow. */
const shown = 160;

/** Pairs to learn from. Row i of `source` belongs to row i of `target`. */
export interface Pairs {
  readonly source: Embeddings;
  readonly target: Embeddings;
  /** Pairs of other things, to measure by; without them the aligner sets some aside. */
  readonly heldOut?: { readonly source: Embeddings; readonly target: Embeddings } | undefined;
}

/** A side of an alignment. */
type Side = 'source' | 'target';

/** What the visitor, or the page, has chosen. */
export interface TaskSettings {
  readonly method: NonNullable<FitOptions['method']>;
  /** Same seed, same alignment. */
  readonly seed: number;
  /** Training steps at most; the aligner's own choice where none are given. */
  readonly steps?: number | undefined;
}

/** What is to be done. */
export interface Task extends TaskSettings {
  /** Which side is drawn warm; asked when the pairs are there. */
  warm(): Side;
  gather(options: CallOptions): Promise<Pairs>;
  /** What goes on before the encoders are at work, in words. */
  readonly preparing?: string | undefined;
  /** Whether there is learning to be watched: rotation and ridge set a mark, and heads are trained, whatever else does best. */
  readonly show: boolean;
  /** Whether the two sides are compared beforehand. */
  readonly forecast: boolean;
  /** For people, should the run be interrupted. */
  readonly name?: string | undefined;
  /** An alignment of fewer pairs to go on from. */
  readonly from?: Uint8Array<ArrayBuffer> | undefined;
}

/** One training run as a page sees it: pairs are gathered, closed forms set the mark, then the aligner learns. */
export class Training {
  /** What is going on, in words; empty when nothing is. */
  stage = '';
  /** True while points are being found: progress then comes from the encoders. */
  gathering = false;
  /** What goes on before the encoders are at work, in words. */
  preparing: string | undefined;
  paused = false;
  looks: readonly Look[] = [];
  total = 1;
  /** Step that a reload of the page would go on from. */
  saved: number | undefined;
  /** What else should be known about the run. */
  warning: string | undefined;
  /** Validation recall of the closed forms. */
  references: readonly Reference[] = [];
  forecast: Forecast | undefined;
  secondsLeft: number | undefined;
  /** True when no step has been told of for a while: heads are refitted, or measured. */
  quiet = false;
  /** Methods tried so far, before any training. */
  tried: { readonly done: number; readonly total: number } | undefined;

  readonly #host: ReactiveControllerHost;
  readonly #show: (scene: Scene) => void;
  #session: FitSession | undefined;
  #warm: Side = 'target';
  #seen: { readonly source: Embeddings; readonly target: Embeddings; fixed: Plane } | undefined;

  /** @param show is given each scene of the picture of the two spaces. */
  constructor(host: ReactiveControllerHost, show: (scene: Scene) => void) {
    this.#host = host;
    this.#show = show;
  }

  async run(cognate: Cognate, task: Task, options: CallOptions): Promise<FitResult> {
    this.#begin('Gathering pairs');
    this.gathering = true;
    this.preparing = task.preparing;
    try {
      const pairs = await task.gather(options);
      this.gathering = false;
      this.#warm = task.warm();
      await this.#lookAt(pairs);
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
        if (value !== undefined) this.#update({ references: [...this.references, { name, value }] });
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
      return result;
    } finally {
      this.#end();
    }
  }

  /** Goes on with a run that was interrupted. */
  async resumeRun(cognate: Cognate, key: string, options: CallOptions): Promise<FitResult> {
    this.#begin('Going on where it stopped');
    try {
      const onProgress = (progress: Progress): void => this.#hear(progress);
      return await this.#follow(cognate.resumeFit(key, { signal: options.signal, onProgress }));
    } finally {
      this.#end();
    }
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

  /** Forgets what the last run has shown. */
  clear(): void {
    this.#seen = undefined;
    this.#update({ looks: [], references: [], forecast: undefined, warning: undefined });
  }

  #begin(stage: string): void {
    this.#first = undefined;
    this.clear();
    this.#update({ stage, paused: false, saved: undefined, secondsLeft: undefined });
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.quiet = false;
    this.#session = undefined;
    this.gathering = false;
    this.#update({ stage: '', paused: false, secondsLeft: undefined });
  }

  #fitOptions({ heldOut }: Pairs, { signal }: CallOptions) {
    return { heldOut, watch: this.#seen, signal, onProgress: (progress: Progress) => this.#hear(progress) };
  }

  async #follow(session: FitSession): Promise<FitResult> {
    this.#first = undefined;
    this.tried = undefined;
    this.#session = session;
    if (this.paused) session.pause();
    const result = await session;
    if (result.warning) this.#update({ warning: result.warning });
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
    const { done: step, total, loss, heldOut: recall, watched, saved = this.saved, warning = this.warning } = progress;
    if (watched) void this.#place(watched.source, watched.target);
    const at = performance.now();
    this.#first ??= { at, step };
    const gone = step - this.#first.step;
    const secondsLeft = gone > 0 ? ((at - this.#first.at) / 1000 / gone) * (total - step) : undefined;
    // A pause tells its step once more, when that is safe.
    const before = this.looks.at(-1)?.step === step ? this.looks.slice(0, -1) : this.looks;
    this.#update({ looks: [...before, { step, loss, heldOut: recall }], total, secondsLeft, saved, warning });
  }

  /** The spread of pairs, each side by itself: of those that nothing is learned from, where the page knows them. */
  async #lookAt({ source, target, heldOut }: Pairs): Promise<void> {
    const seen = { source: some(heldOut?.source ?? source), target: some(heldOut?.target ?? target) };
    const [sourcePlane] = await planes(seen.source);
    const [targetPlane] = await planes(seen.target);
    this.#seen = { ...seen, fixed: targetPlane };
    this.#show(this.#scene(apart, sourcePlane, targetPlane));
  }

  /** The same pairs where the alignment puts them. */
  async #project(cognate: Cognate, alignment: Uint8Array<ArrayBuffer>, options: CallOptions): Promise<void> {
    const seen = this.#seen;
    if (!seen) return;
    const [source, target] = await Promise.all([
      cognate.project(alignment, seen.source, options),
      cognate.project(alignment, seen.target, options),
    ]);
    await this.#place(source, target);
  }

  /** Both sides in one plane, turned as little as can be. */
  async #place(sourceRows: Embeddings, targetRows: Embeddings): Promise<void> {
    const seen = this.#seen;
    const [source, target] = await planes(sourceRows, targetRows);
    if (!seen || seen !== this.#seen) return;
    steady([source, target], target.slice(), seen.fixed);
    seen.fixed = target;
    this.#show(this.#scene(together, source, target));
  }

  #scene(draw: (cool: Plane, warm: Plane) => Scene, source: Plane, target: Plane): Scene {
    return this.#warm === 'target' ? draw(source, target) : draw(target, source);
  }

  #update(
    state: Partial<
      Pick<
        Training,
        | 'stage'
        | 'paused'
        | 'looks'
        | 'total'
        | 'references'
        | 'secondsLeft'
        | 'saved'
        | 'warning'
        | 'forecast'
        | 'tried'
      >
    >,
  ): void {
    Object.assign(this, state);
    this.#host.requestUpdate();
  }
}

/** Rows spread over the whole batch, as many as can be followed; the same rows for batches of one size. */
function some({ space, count, data }: Embeddings): Embeddings {
  const kept = Math.min(count, shown);
  const out = new Float32Array(kept * space.dim);
  for (let i = 0; i < kept; i++) {
    const row = Math.floor((i * count) / kept);
    out.set(data.subarray(row * space.dim, (row + 1) * space.dim), i * space.dim);
  }
  return { space, count: kept, data: out };
}
