/** What `scripts/lib/python-peer.mjs` has started, or why there is none. */
export interface PythonPeer {
  readonly url?: string;
  readonly python?: string;
  /** Versions; null where the module is absent. */
  readonly numpy?: string | null;
  readonly torch?: string | null;
  readonly missing?: string;
}

/** The part of a page program's host that benchmarks use. */
export interface BenchHost {
  log(line: string): void;
}

/** Why the peer cannot take part, if so. */
export function lacking({ missing, python, ...versions }: PythonPeer, module: 'numpy' | 'torch'): string | undefined {
  return missing ?? (versions[module] ? undefined : `${python} has no ${module}`);
}

/** Runs the task a few times in Python. @returns the median of the milliseconds that it took there. */
export async function pythonMs({ url }: PythonPeer, task: 'procrustes' | 'contrastive'): Promise<number> {
  const { ms } = (await (await fetch(`${url}/${task}`)).json()) as { ms: number };
  return ms;
}
