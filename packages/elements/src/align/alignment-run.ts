import { CognateError, type AlignmentReport, type CallOptions } from '@cognate/core';
import type { Cognate } from '@cognate/web-workers';
import type { ReactiveControllerHost } from 'lit';
import { useAlignment } from '../connection.ts';
import { LatestRun } from '../latest-run.ts';
import type { Shown, Trained } from './training.ts';
import type { Unfinished } from './unfinished.ts';

/** A finished training run. */
export interface Aligned {
  /** A safetensors file. */
  readonly alignment: Uint8Array<ArrayBuffer>;
  readonly report: AlignmentReport;
}

/** The same with what it has shown on the way, where it was learned here. */
interface Kept extends Aligned {
  readonly shown?: Shown;
}

/** What the run needs of the element around it. */
interface Wanted {
  readonly open: () => Promise<Cognate>;
  readonly onFailure: (error: unknown) => void;
  /** There is an alignment that the page does not use. */
  readonly onAligned: (aligned: Aligned) => void;
  /** The page translates by this one from now on; by the starter's own where there is none. */
  readonly onUsed: (report: AlignmentReport | undefined) => void;
}

/** Where an alignment comes from: learned here, begun before a reload with rows that are not known any more, or a file. */
export type Origin = 'trained' | 'resumed' | 'loaded';

/** The alignment on show: learned here or loaded from a file, and then used by the page or not. */
export class AlignmentRun {
  /** True while the page's elements translate by it. */
  used = false;
  readonly latest: LatestRun<Kept>;

  readonly #host: ReactiveControllerHost;
  readonly #unfinished: Unfinished;
  readonly #wanted: Wanted;
  #origin: Origin = 'trained';
  #coming: Origin = 'trained';
  #using = false;

  constructor(host: ReactiveControllerHost, unfinished: Unfinished, wanted: Wanted) {
    this.latest = new LatestRun<Kept>(host, wanted.onFailure);
    this.#host = host;
    this.#unfinished = unfinished;
    this.#wanted = wanted;
  }

  /** True while another alignment is on its way. */
  get busy(): boolean {
    return this.latest.status === 'running' && !this.#using;
  }

  /** Where the alignment on show comes from, or the one that is on its way. */
  get origin(): Origin {
    return this.latest.status === 'running' ? this.#coming : this.#origin;
  }

  /** Runs a training, and leaves a note for the case that the page does not see its end. */
  async learn(
    work: (cognate: Cognate, options: CallOptions) => Promise<Trained>,
    origin: Origin = 'trained',
  ): Promise<void> {
    await this.#start(origin, async (cognate, options) => {
      this.#unfinished.running(true);
      try {
        const result = await work(cognate, options);
        options.signal?.throwIfAborted();
        this.#unfinished.running(false);
        this.used = false;
        return result;
      } catch (error) {
        if (!options.signal?.aborted) void this.#unfinished.failed(cognate);
        // Another one may have been begun since.
        else if (this.latest.status !== 'running') this.#unfinished.running(false);
        throw error;
      }
    });
  }

  /** Uses a saved alignment. @param file a safetensors file. */
  async load(file: Blob): Promise<void> {
    await this.#start('loaded', async (cognate) => {
      const alignment = new Uint8Array(await file.arrayBuffer());
      const summary = await useAlignment(cognate, alignment);
      if (!summary) throw new CognateError('file-format', 'This file holds no alignment.');
      this.used = true;
      return { alignment, report: summary.report };
    });
  }

  /** Lets the page's elements translate by it. */
  async use(): Promise<void> {
    const { result } = this.latest;
    if (!result) return;
    const work = async (cognate: Cognate): Promise<Kept> => {
      await useAlignment(cognate, result.alignment);
      this.used = true;
      return result;
    };
    await this.#start(this.#origin, work, true);
  }

  /** What has failed, once more. */
  async retry(): Promise<void> {
    await this.#settle(this.latest.retry());
  }

  async useStarter(): Promise<void> {
    await useAlignment(await this.#wanted.open(), undefined);
    this.used = false;
    this.#host.requestUpdate();
    this.#wanted.onUsed(undefined);
  }

  /** Back to the beginning: nothing is trained. */
  forget(): void {
    this.latest.reset();
    this.used = false;
  }

  async #start(
    origin: Origin,
    work: (cognate: Cognate, options: CallOptions) => Promise<Kept>,
    using = false,
  ): Promise<void> {
    this.#coming = origin;
    this.#using = using;
    const running = this.latest.start(async (options) => {
      const aligned = await work(await this.#wanted.open(), options);
      this.#origin = origin;
      return aligned;
    });
    await this.#settle(running);
  }

  async #settle(running: Promise<Kept | undefined>): Promise<void> {
    const kept = await running;
    if (!kept) return;
    const { alignment, report } = kept;
    if (this.used) this.#wanted.onUsed(report);
    else this.#wanted.onAligned({ alignment, report });
  }
}
