import type { CallOptions, Embeddings } from '@cognate/core';
import type { Breathe } from '../algebra/breathe.ts';
import { trainContrastive, type ContrastiveOptions } from './contrastive.ts';
import { applyPath, asMatrix, sharedDim, type Heads } from '../alignment/path.ts';
import { beats, judge, quality, type Quality } from '../measure/judge.ts';
import { prepare, type Fold } from '../sample.ts';

/** Points of either side. */
export interface Watch {
  readonly source: Embeddings;
  readonly target: Embeddings;
}

export interface ContrastiveRun extends ContrastiveOptions, CallOptions {
  /** Awaited between steps: while its promise is pending, the run is paused. */
  readonly gate?: (() => Promise<void>) | undefined;
  readonly watch?: Watch | undefined;
  /** Steps between two looks at the validation pairs. */
  readonly interval: number;
  /** Looks without a gain after which training ends. */
  readonly patience: number;
}

/** Trains on the fold from `start` and keeps the heads that did best on its test pairs, `start` among them. */
export async function fitContrastive(
  fold: Fold,
  start: Heads,
  { gate, watch, signal, onProgress, interval, patience, ...options }: ContrastiveRun,
  breathe: Breathe,
): Promise<{ heads: Heads; quality: Quality; steps: number }> {
  const look = async (heads: Heads): Promise<Quality> => quality(await judge({ heads, ...fold }, breathe));
  let best = { heads: start, quality: await look(start), steps: 0 };
  let heldOut = best.quality.recallAt10;
  let looksSinceGain = 0;
  const total = options.steps;
  await trainContrastive(prepare(fold.train), start, options, async ({ done, loss, heads }) => {
    let watched: Watch | undefined;
    if (done % interval === 0 || done === total) {
      const now = await heads();
      const found = await look(now);
      heldOut = found.recallAt10;
      watched = watch && seen(now, watch);
      looksSinceGain++;
      if (beats(found, best.quality)) {
        best = { heads: now, quality: found, steps: done };
        looksSinceGain = 0;
      }
    }
    onProgress?.({ phase: 'fit', done, total, loss, heldOut, ...(watched && { watched }) });
    await breathe();
    if (gate) await untilAborted(gate(), signal);
    signal?.throwIfAborted();
    return looksSinceGain >= patience;
  });
  return best;
}

/** The watched points in the shared space. */
function seen(heads: Heads, { source, target }: Watch): Watch {
  const space = { id: 'shared', dim: sharedDim(heads), normalized: true };
  const through = (side: 'source' | 'target', points: Embeddings): Embeddings => ({
    space,
    count: points.count,
    data: applyPath(heads[side], asMatrix(points)).data,
  });
  return { source: through('source', source), target: through('target', target) };
}

/** `promise`, unless the signal aborts first. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { signal: settled.signal });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    settled.abort();
  }
}
