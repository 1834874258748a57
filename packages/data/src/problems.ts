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

/** An empty list that counts everything and keeps the first 100. */
export function problemList(): Problems & { add(problem: Problem): void } {
  const listed: Problem[] = [];
  let count = 0;
  return {
    listed,
    get count() {
      return count;
    },
    add(problem) {
      count++;
      if (listed.length < mostListed) listed.push(problem);
    },
  };
}
