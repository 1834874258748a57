import type { CallOptions, Progress } from '@cognate/core';
import { packError, unpackError, type WireError } from './wire-error.ts';

/** Page -> worker. */
interface AbortMessage {
  readonly abort: WireError;
}

/** Worker -> page. `end` is the last word, so that no progress is lost behind the result. */
type ReportMessage = { readonly progress: Progress } | { readonly end: true };

/** The page's half of a call: signal and callback stay here, a port goes to the worker. */
export interface Loan {
  /** To be transferred with the call; absent when the call neither can be aborted nor wants progress. */
  readonly port: MessagePort | undefined;
  /** Settles once the worker has sent its last progress; at once when nobody listens. */
  readonly drained: Promise<void>;
  /** Ends the loan. Nothing is reported afterwards. */
  close(): void;
}

/** Lends one call a port of its own. `onAbort` runs at once with `signal.reason`; the worker hears of it by message. */
export function lendPort({ signal, onProgress }: CallOptions, onAbort: (reason: unknown) => void): Loan {
  if (!signal && !onProgress) return { port: undefined, drained: Promise.resolve(), close() {} };
  const { port1: mine, port2: port } = new MessageChannel();
  const drained = new Promise<void>((resolve) => {
    if (!onProgress) return resolve();
    mine.onmessage = ({ data }: MessageEvent<ReportMessage>) => {
      if ('end' in data) resolve();
      else onProgress(data.progress);
    };
  });
  const abort = (): void => {
    mine.postMessage({ abort: packError(signal?.reason) } satisfies AbortMessage);
    onAbort(signal?.reason);
  };
  signal?.addEventListener('abort', abort, { once: true });
  return {
    port,
    drained,
    close() {
      signal?.removeEventListener('abort', abort);
      mine.onmessage = null;
      mine.close();
    },
  };
}

/** The worker's half of a call: the options as the page gave them, made anew around the port. */
export interface Borrowed {
  readonly options: CallOptions;
  close(): void;
}

/** Turns a lent port back into `{ signal, onProgress }`. */
export function borrowPort(port: MessagePort | undefined): Borrowed {
  if (!port) return { options: {}, close() {} };
  const controller = new AbortController();
  port.onmessage = ({ data }: MessageEvent<AbortMessage>) => controller.abort(unpackError(data.abort));
  return {
    options: {
      signal: controller.signal,
      onProgress: (progress) => port.postMessage({ progress } satisfies ReportMessage),
    },
    close() {
      port.postMessage({ end: true } satisfies ReportMessage);
      port.close();
    },
  };
}
