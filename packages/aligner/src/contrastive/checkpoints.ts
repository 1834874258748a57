import { isCognateError, untilAborted } from '@cognate/core';
import { readCheckpoint, treeLeaves, writeCheckpoint, type Tensor, type Tree } from '@cognate/nn';
import type { Pairs } from '../pairs.ts';
import type { ContrastiveState, ContrastiveWeights } from './contrastive-training.ts';

/** Where a fit keeps what it needs to go on after it was cut off. A file says what it belongs to: others are ignored. */
export interface Checkpoints {
  /** What was last saved under the name, if anything. */
  load(name: string): Promise<Uint8Array | undefined>;
  /** Replaces what is there; `bytes` become the store's. A rejection ends the fit. */
  save(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Least time between two saves; 2000 unless told. Saving takes a twentieth of the time at most, however slow it is. */
  readonly everyMs?: number | undefined;
}

/** What a run knows at one moment: training, the best weights so far, and JSON-safe notes of its own. */
export interface Snapshot<Notes> {
  readonly state: ContrastiveState;
  /** Absent where nothing was better than the start. */
  readonly best?: ContrastiveWeights | undefined;
  readonly notes: Notes;
}

/** The checkpoint of one run. */
export interface Keeper<Notes> {
  /** What an earlier run of the same inputs and settings left, if anything. */
  readonly found?: Snapshot<Notes> | undefined;
  /** Whether it is time for `save()`. */
  readonly due: boolean;
  /** Step of the checkpoint; undefined while there is none. */
  readonly saved: number | undefined;
  save(snapshot: Snapshot<Notes>): Promise<void>;
}

/**
 * @param identity of the run: see `fingerprint()`.
 * @param signal ends waiting for a store that does not answer.
 */
export async function keeper<Notes>(
  checkpoints: Checkpoints | undefined,
  name: string,
  identity: string,
  signal?: AbortSignal,
): Promise<Keeper<Notes>> {
  if (!checkpoints) return { due: false, saved: undefined, save: async () => {} };
  const { everyMs = 2000 } = checkpoints;
  const found = read<Notes>(await untilAborted(checkpoints.load(name), signal), identity);
  let saved = found?.state.trainer.step;
  let next = performance.now() + everyMs;
  return {
    found,
    get saved() {
      return saved;
    },
    get due() {
      return performance.now() >= next;
    },
    async save({ state, best, notes }) {
      const start = performance.now();
      const bytes = writeCheckpoint({
        trainer: state.trainer,
        trees: best ? { best } : {},
        notes: { identity, batches: state.batches, notes },
      });
      await untilAborted(checkpoints.save(name, bytes), signal);
      saved = state.trainer.step;
      next = performance.now() + Math.max(everyMs, 20 * (performance.now() - start));
    },
  };
}

/** Undefined unless it is a whole checkpoint of the same run. */
function read<Notes>(bytes: Uint8Array | undefined, identity: string): Snapshot<Notes> | undefined {
  if (!bytes) return undefined;
  try {
    const { trainer, trees, notes } = readCheckpoint<ContrastiveWeights>(bytes);
    const kept = notes as { identity: string; batches: ContrastiveState['batches']; notes: Notes } | null;
    if (kept?.identity !== identity) return undefined;
    const best = trees?.['best'] as ContrastiveWeights | undefined;
    const { step, ...arrays } = trainer;
    if (!Number.isInteger(step) || !allFinite({ arrays, ...(best && { best }) })) return undefined; // damaged
    return { state: { trainer, batches: kept.batches }, best, notes: kept.notes };
  } catch (error) {
    // A torn file is as good as none: the run begins anew.
    if (isCognateError(error) && error.code === 'file-format') return undefined;
    throw error;
  }
}

function allFinite(tree: unknown): boolean {
  return [...treeLeaves(tree as Tree<Tensor>).values()].every(({ data }) => data.every(Number.isFinite));
}

/** Raised when a checkpoint of older code would go on differently. */
const version = 2;

/** What tells a run from others: 64 bits over all rows, groups and first weights, and the settings. */
export function fingerprint(parts: readonly Pairs[], start: ContrastiveWeights, settings: unknown): string {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  const take = (numbers: Float32Array | Int32Array): void => {
    // FNV-1a over words, in two lanes of different multipliers.
    const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
    for (let i = 0; i < words.length; i++) {
      a = Math.imul(a ^ words[i]!, 0x01000193);
      b = Math.imul(b ^ words[i]!, 0x85ebca6b);
      b ^= b >>> 13;
    }
  };
  for (const { source, target, groups } of parts) {
    for (const numbers of [source.data, source.mean, target.data, target.mean, groups]) take(numbers);
  }
  for (const { data } of treeLeaves(start as Tree<Tensor>).values()) take(data);
  const shapes = parts.map(({ source, target }) => [source.rows, source.cols, target.cols]);
  return JSON.stringify({ version, rows: [a >>> 0, b >>> 0], shapes, settings });
}
