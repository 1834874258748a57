import type { CallOptions } from '@cognate/core';

/** Adds up the bytes of all files of one load and reports them. */
export interface DownloadMeter {
  /** Registers a file before its size is known. */
  add(file: string): FileMeter;
}

export interface FileMeter {
  /** The server told the size in bytes. */
  expect(total: number | undefined): void;
  /** So many bytes are here. */
  reached(done: number): void;
  /** All bytes are here: `done` is the size. */
  finish(done: number): void;
}

/** Reports at most this often, except for the last byte. */
const intervalMs = 50;

/**
 * `done` never shrinks; `total` is absent until every registered file has told its size. A file that is fetched anew,
 * because a cached copy was broken, holds the number still until it has caught up.
 */
export function downloadMeter(onProgress: CallOptions['onProgress']): DownloadMeter {
  const files: { done: number; total: number | undefined }[] = [];
  let highest = 0;
  let reportedAt = -Infinity;
  const report = (name: string, urgent: boolean): void => {
    const now = performance.now();
    if (!onProgress || (!urgent && now - reportedAt < intervalMs)) return;
    reportedAt = now;
    highest = Math.max(
      highest,
      files.reduce((sum, file) => sum + file.done, 0),
    );
    const known = files.every((file) => file.total !== undefined);
    const total = files.reduce((sum, file) => sum + (file.total ?? 0), 0);
    onProgress({ phase: 'download', file: name, done: highest, ...(known ? { total: Math.max(total, highest) } : {}) });
  };
  return {
    add(name) {
      const file = { done: 0, total: undefined as number | undefined };
      files.push(file);
      return {
        expect(total) {
          file.total = total;
        },
        reached(done) {
          file.done = done;
          report(name, false);
        },
        finish(done) {
          file.done = done;
          file.total = done;
          report(
            name,
            files.every((each) => each.done === each.total),
          );
        },
      };
    },
  };
}
