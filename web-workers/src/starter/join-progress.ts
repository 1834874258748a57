import type { CallOptions, Progress } from '@cognate/core';

type Download = Extract<Progress, { phase: 'download' }>;

/**
 * Options for several loads that run at the same time for one caller. Their downloads are reported as one: bytes are
 * added up, and the total is told once every load that downloads anything has told its own. `done` never shrinks.
 * Other phases pass as they come.
 * @returns a function to call for each of the loads.
 */
export function joinProgress({ signal, onProgress }: CallOptions): () => CallOptions {
  if (!onProgress) return () => ({ signal });
  const downloads: (Download | undefined)[] = [];
  return () => {
    const mine = downloads.push(undefined) - 1;
    return {
      signal,
      onProgress(progress) {
        if (progress.phase !== 'download') return onProgress(progress);
        downloads[mine] = progress;
        const begun = downloads.filter((each) => each !== undefined);
        const done = begun.reduce((sum, each) => sum + each.done, 0);
        const known = begun.every((each) => each.total !== undefined);
        const total = begun.reduce((sum, each) => sum + (each.total ?? 0), 0);
        onProgress({ phase: 'download', file: progress.file, done, ...(known ? { total } : {}) });
      },
    };
  };
}
