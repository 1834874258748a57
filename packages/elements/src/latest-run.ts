import type { CallOptions, Progress } from '@cognate/core';
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Work done for one input; follows `signal` and tells its progress. */
export type Work<Result> = (options: Required<Pick<CallOptions, 'signal' | 'onProgress'>>) => Promise<Result>;

/** Shorter waits show no loading state: a flash of one reads as a flicker, not as news. */
const patienceMs = 200;

/**
 * Runs one piece of work at a time: a new one aborts the one before, whose late answer is dropped. The last result
 * stays while the next is under way, so that a page does not jump.
 */
export class LatestRun<Result> implements ReactiveController {
  status: 'idle' | 'running' | 'done' | 'failed' = 'idle';
  /** True when the running work has taken long enough to be told about. */
  slow = false;
  progress: Progress | undefined;
  result: Result | undefined;
  error: unknown;

  readonly #host: ReactiveControllerHost;
  readonly #onFailure: (error: unknown) => void;
  #abort: AbortController | undefined;
  #work: Work<Result> | undefined;

  /** @param onFailure hears each error once; aborted and overtaken work does not fail. */
  constructor(host: ReactiveControllerHost, onFailure: (error: unknown) => void) {
    this.#host = host;
    this.#onFailure = onFailure;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  /** @returns the result, or undefined when the work failed (`error` says why), was cancelled, or was overtaken. */
  async start(work: Work<Result>): Promise<Result | undefined> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#work = work;
    this.#show('running');
    this.slow = false;
    this.progress = undefined;
    this.error = undefined;
    const timer = setTimeout(() => {
      this.slow = true;
      this.#host.requestUpdate();
    }, patienceMs);
    try {
      const { signal } = abort;
      const result = await work({ signal, onProgress: (progress) => this.#report(abort, progress) });
      if (this.#abort !== abort || signal.aborted) return undefined;
      this.result = result;
      this.#show('done');
      return result;
    } catch (error) {
      if (this.#abort === abort && !abort.signal.aborted) {
        this.error = error;
        this.#show('failed');
        this.#onFailure(error);
      }
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last work once more, after a failure. */
  retry(): Promise<Result | undefined> {
    return this.#work ? this.start(this.#work) : Promise.resolve(undefined);
  }

  /** Stops the running work, or lets go of what it failed with, and shows the last result again, if there is one. */
  cancel(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    if (this.status === 'running' || this.status === 'failed') this.#show(this.result === undefined ? 'idle' : 'done');
  }

  /** Forgets result and error. */
  reset(): void {
    this.cancel();
    this.result = undefined;
    this.error = undefined;
    this.#show('idle');
  }

  #report(abort: AbortController, progress: Progress): void {
    if (this.#abort !== abort) return;
    this.progress = progress;
    this.#host.requestUpdate();
  }

  #show(status: LatestRun<Result>['status']): void {
    this.status = status;
    this.#host.requestUpdate();
  }
}
