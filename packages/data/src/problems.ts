import { isCognateError } from '@cognate/core';

/** Something of the input that was left out, or that deserves a look. */
export interface Problem {
  /** Line of the file, from 1, where the row begins. */
  readonly line?: number;
  /** Path inside the folder or archive. */
  readonly file?: string;
  readonly reason: string;
}

/** What was left out. Grows while rows are read. */
export interface Problems {
  /** All of them. */
  readonly count: number;
  /** The first 100. */
  readonly listed: readonly Problem[];
}

const mostListed = 100;

/** Problems that are being gathered. */
export interface ProblemList extends Problems {
  add(problem: Problem): void;
  /** Those of another list, however many it keeps, each in `file` if that is given. */
  addAll(others: Problems, file?: string): void;
}

/** An empty list that counts everything and keeps the first 100. */
export function problemList(): ProblemList {
  const listed: Problem[] = [];
  let count = 0;
  const add = (problem: Problem): void => {
    count++;
    if (listed.length < mostListed) listed.push(problem);
  };
  return {
    listed,
    get count() {
      return count;
    },
    add,
    addAll(others, file) {
      for (const problem of others.listed) add({ ...(file !== undefined && { file }), ...problem });
      count += others.count - others.listed.length;
    },
  };
}

/** What to list about a part that cannot be read, where the rest goes on. Throws what is no fault of the part. */
export function reasonOf(error: unknown, signal: AbortSignal | undefined): string {
  signal?.throwIfAborted();
  if (isCognateError(error)) return error.message;
  throw error;
}
