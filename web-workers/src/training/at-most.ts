import type { Progress } from '@cognate/core';

/**
 * Lets a report through at most every `intervalMs`, since a step may take a millisecond and drawing a curve more. The
 * last step of a run always goes through, and so does whatever tells a new recall or a new checkpoint.
 */
export function atMost(
  intervalMs: number,
  onProgress: ((progress: Progress) => void) | undefined,
): ((progress: Progress) => void) | undefined {
  let last = -Infinity;
  let recall: number | undefined;
  let kept: number | undefined;
  return (
    onProgress &&
    ((progress) => {
      const now = performance.now();
      const { heldOut, watched, saved } = progress.phase === 'fit' ? progress : {};
      const news = progress.done === progress.total || heldOut !== recall || saved !== kept || watched !== undefined;
      if (!news && now - last < intervalMs) return;
      last = now;
      recall = heldOut;
      kept = saved;
      onProgress(progress);
    })
  );
}
