import { CognateError, random } from '@cognate/core';

/** Plain data: `batches(count, size, state)` goes on from here. */
export interface BatchesState {
  /** State of the generator before the current epoch was shuffled. */
  readonly random: number;
  readonly epoch: number;
  /** Items of the current epoch already handed out. */
  readonly done: number;
}

/** An endless stream of index batches. */
export interface Batches {
  /** `size` different indices below `count`. */
  next(): Uint32Array<ArrayBuffer>;
  /** Batches in an epoch. */
  readonly perEpoch: number;
  readonly state: BatchesState;
}

/**
 * Shuffles 0..count-1 anew for each epoch and hands it out in batches of one size. What is left at an epoch's end is
 * dropped: a shorter batch would compile anew, and one across two epochs could hold an item twice.
 * @param start a seed, or the state of an earlier stream.
 * @throws {CognateError} `invalid-input` when `count` items do not fill one batch.
 */
export function batches(count: number, size: number, start: number | BatchesState): Batches {
  if (!(size >= 1 && size <= count)) {
    throw new CognateError('invalid-input', `batches() needs a size from 1 to the count of ${count}, got ${size}`);
  }
  let { random: seed, epoch, done } = typeof start === 'number' ? { random: start >>> 0, epoch: 0, done: 0 } : start;
  let generator = random(seed);
  let order = generator.permutation(count);
  return {
    next() {
      if (done + size > count) {
        seed = generator.state;
        generator = random(seed);
        order = generator.permutation(count);
        epoch++;
        done = 0;
      }
      done += size;
      return order.slice(done - size, done);
    },
    perEpoch: Math.floor(count / size),
    get state() {
      return { random: seed, epoch, done };
    },
  };
}
