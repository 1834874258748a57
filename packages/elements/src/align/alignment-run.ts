import { CognateError, type AlignmentReport, type CallOptions } from '@cognate/core';
import type { Cognate } from '@cognate/web-workers';
import type { ReactiveControllerHost } from 'lit';
import { useAlignment } from '../connection.ts';
import { LatestRun } from '../latest-run.ts';
import type { Unfinished } from './unfinished.ts';

/** A finished training run. */
export interface Aligned {
  /** A safetensors file. */
  readonly alignment: Uint8Array<ArrayBuffer>;
  readonly report: AlignmentReport;
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

/** The alignment on show: learned here or loaded from a file, and then used by the page or not. */
export class AlignmentRun {
  /** Where it comes from. */
  origin: 'trained' | 'loaded' = 'trained';
  /** True while the page's elements translate by it. */
  used = false;
  readonly latest: LatestRun<Aligned>;

  readonly #host: ReactiveControllerHost;
  readonly #unfinished: Unfinished;
  readonly #wanted: Wanted;

  constructor(host: ReactiveControllerHost, unfinished: Unfinished, wanted: Wanted) {
    this.latest = new LatestRun<Aligned>(host, wanted.onFailure);
    this.#host = host;
    this.#unfinished = unfinished;
    this.#wanted = wanted;
  }

  /** Runs a training, and leaves a note for the case that the page does not see its end. */
  async learn(work: (cognate: Cognate, options: CallOptions) => Promise<Aligned>): Promise<void> {
    await this.#settle(
      this.latest.start(async (options) => {
        const cognate = await this.#wanted.open();
        this.#unfinished.running(true);
        try {
          const result = await work(cognate, options);
          this.#unfinished.running(false);
          this.origin = 'trained';
          return result;
        } catch (error) {
          if (options.signal?.aborted) this.#unfinished.running(false);
          else void this.#unfinished.look(cognate);
          throw error;
        }
      }),
    );
  }

  /** Uses a saved alignment. @param file a safetensors file. */
  async load(file: Blob): Promise<void> {
    await this.#settle(
      this.latest.start(async () => {
        const alignment = new Uint8Array(await file.arrayBuffer());
        const summary = await useAlignment(await this.#wanted.open(), alignment);
        if (!summary) throw new CognateError('file-format', 'This file holds no alignment.');
        this.origin = 'loaded';
        this.used = true;
        return { alignment, report: summary.report };
      }),
    );
  }

  /** Lets the page's elements translate by it. */
  async use(): Promise<void> {
    const { result } = this.latest;
    if (!result) return;
    await this.#settle(
      this.latest.start(async () => {
        await useAlignment(await this.#wanted.open(), result.alignment);
        this.used = true;
        return result;
      }),
    );
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

  async #settle(running: Promise<Aligned | undefined>): Promise<void> {
    const aligned = await running;
    if (!aligned) return;
    if (this.used) this.#wanted.onUsed(aligned.report);
    else this.#wanted.onAligned(aligned);
  }
}
