import type { CallOptions, Embeddings } from '@cognate/core';
import type { Cognate, FitResult, FitSession } from '@cognate/web-workers';
import type { ReactiveControllerHost } from 'lit';
import type { Look, Reference } from './curves.ts';
import { gatherPairs, type Gathered, type PairsWanted } from './gather-pairs.ts';
import { planes, steady, type Plane } from './plane.ts';
import { apart, together, type Scene } from './space-picture.ts';

/** Tried one by one, for reference; the last run tries them again, with all that is to know about the pairs. */
const closedForms = [
  { method: 'procrustes', name: 'rotation', stage: 'Turning one cloud onto the other' },
  { method: 'ridge', name: 'ridge', stage: 'Solving for the best linear map' },
] as const;

/** As many points as an eye can follow. */
const shown = 160;

/** One training run as a page sees it: pairs are gathered, closed forms set the mark, then the aligner learns. */
export class Training {
  /** What is going on, in words; empty when nothing is. */
  stage = '';
  paused = false;
  looks: readonly Look[] = [];
  total = 1;
  /** Validation recall of the closed forms. */
  references: readonly Reference[] = [];
  secondsLeft: number | undefined;

  readonly #host: ReactiveControllerHost;
  readonly #show: (scene: Scene) => void;
  #session: FitSession | undefined;
  #seen: { readonly source: Embeddings; readonly target: Embeddings; fixed: Plane } | undefined;

  /** @param show is given each scene of the picture of the two spaces. */
  constructor(host: ReactiveControllerHost, show: (scene: Scene) => void) {
    this.#host = host;
    this.#show = show;
  }

  async run(cognate: Cognate, wanted: PairsWanted, settings: Settings, options: CallOptions): Promise<FitResult> {
    this.#update({ stage: 'Gathering pairs', paused: false, looks: [], references: [], secondsLeft: undefined });
    try {
      const pairs = await gatherPairs(cognate, wanted, options);
      await this.#lookAt(pairs);
      for (const { method, name, stage } of closedForms) {
        this.#update({ stage });
        const { alignment, report } = await this.#fit(cognate, pairs, { ...settings, method }, options);
        const value = report.tried[0]?.recallAt10;
        if (value !== undefined) this.#update({ references: [...this.references, { name, value }] });
        await this.#project(cognate, alignment, options);
      }
      this.#update({ stage: 'Learning from pairs' });
      const result = await this.#fit(cognate, pairs, settings, options);
      await this.#project(cognate, result.alignment, options);
      return result;
    } finally {
      this.#session = undefined;
      this.#update({ stage: '', paused: false, secondsLeft: undefined });
    }
  }

  pause(): void {
    this.#session?.pause();
    this.#update({ paused: true });
  }

  resume(): void {
    this.#session?.resume();
    this.#update({ paused: false });
  }

  async #fit(
    cognate: Cognate,
    { source, target, heldOut }: Gathered,
    settings: Settings & { readonly method?: 'procrustes' | 'ridge' },
    { signal }: CallOptions,
  ): Promise<FitResult> {
    let first: { readonly at: number; readonly step: number } | undefined;
    this.#session = cognate.fit(source, target, {
      ...settings,
      heldOut,
      watch: this.#seen,
      signal,
      onProgress: (progress) => {
        if (progress.phase !== 'fit') return;
        const { done: step, total, loss, heldOut: recall, watched } = progress;
        if (watched) void this.#place(watched.source, watched.target);
        const at = performance.now();
        first ??= { at, step };
        const secondsLeft =
          step > first.step ? ((at - first.at) / 1000 / (step - first.step)) * (total - step) : undefined;
        this.#update({ looks: [...this.looks, { step, loss, heldOut: recall }], total, secondsLeft });
      },
    });
    if (this.paused) this.#session.pause();
    return this.#session;
  }

  /** The spread of the held-out pairs, each side by itself. */
  async #lookAt({ heldOut }: Gathered): Promise<void> {
    const [source, target] = [firstRows(heldOut.source, shown), firstRows(heldOut.target, shown)];
    const [sourcePlane] = await planes(source);
    const [targetPlane] = await planes(target);
    this.#seen = { source, target, fixed: targetPlane };
    this.#show(apart(sourcePlane, targetPlane));
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
    this.#show(together(source, target));
  }

  #update(state: Partial<Pick<Training, 'stage' | 'paused' | 'looks' | 'total' | 'references' | 'secondsLeft'>>): void {
    Object.assign(this, state);
    this.#host.requestUpdate();
  }
}

/** What the visitor may set. */
export interface Settings {
  /** Same seed, same alignment. */
  readonly seed: number;
  /** Training steps at most; the aligner's own choice where none are given. */
  readonly steps?: number | undefined;
}

function firstRows({ space, count, data }: Embeddings, most: number): Embeddings {
  const kept = Math.min(count, most);
  return { space, count: kept, data: data.slice(0, kept * space.dim) };
}
