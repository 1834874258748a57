import { CognateError, type Embeddings } from '@cognate/core';
import type { FitSettings, UnfinishedFit } from '../shared/training.ts';
import type { Folder } from '../storage/folder.ts';
import { heldLocks, holdLock, type Release } from '../storage/hold-lock.ts';
import { digest, pack, unpack } from '../storage/pack.ts';

/** All that a run is made of. */
export interface FitInputs {
  readonly source: Embeddings;
  readonly target: Embeddings;
  readonly settings: FitSettings;
  /** For people. */
  readonly name?: string | undefined;
}

/** What a run in progress keeps, in the terms of the aligner. Loading and saving never reject: at worst nothing is kept. */
export interface KeptFit {
  readonly checkpoints: {
    load(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
    save(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  };
  /** Steps that a new start need not repeat; undefined when nothing is saved. */
  readonly saved: number | undefined;
  /** Why nothing is kept (any more), for people. */
  readonly warning: string | undefined;
  /** False when nothing can be kept, as when the same run is going on in another tab. */
  claim(): Promise<boolean>;
  /** How far the run has come, to be told with the next checkpoint. */
  reached(done: number, total: number): void;
  /** Ends the keeping. Of a run that is over, nothing is left. */
  close(over: boolean): Promise<void>;
}

/** Runs that were interrupted, each in a folder named by the digest of its inputs. */
export interface KeptFits {
  /** Keeps a run that begins, or goes on from what an interrupted one of the same inputs has left. */
  open(inputs: FitInputs, session: string): KeptFit;
  /** Newest first. None that is going on, here or in another tab. */
  unfinished(): Promise<UnfinishedFit[]>;
  /** Key of the run that a session of the page has begun. */
  keyOf(session: string): Promise<string | undefined>;
  /** What a run was begun with; undefined for one that is unknown or damaged. */
  inputs(key: string): Promise<FitInputs | undefined>;
  /** @throws {CognateError} `invalid-input` when the run is going on. */
  discard(key: string): Promise<void>;
}

/** `about` in the folder of a run. */
interface About extends Omit<UnfinishedFit, 'key'> {
  readonly session: string;
  /** Of the code that wrote the checkpoints. */
  readonly revision: string;
}

/** What a lock is waited for: a worker that was killed, or a run that was cancelled, is about to let go. */
const patienceMs = 2000;

/** A page that has just been loaded may be faster than the end of its former self. */
const blinkMs = 300;

/** Runs that nobody has gone on with for so long are dropped, and the oldest when all together take more room. */
const longestMs = 30 * 24 * 3600_000;
const mostBytes = 2 ** 31;

const lockOf = (key: string): string => `cognate-fit-${key}`;

/** Whether nobody is at work on the run. */
async function isFree(key: string): Promise<boolean> {
  const release = await holdLock(lockOf(key), blinkMs);
  release?.();
  return release !== undefined;
}

/** @param revision names the build: checkpoints of another are not gone on from. */
export function keptFits(folder: Folder, revision: () => Promise<string>): KeptFits {
  let building: Promise<string> | undefined;
  const build = (): Promise<string> => (building ??= revision());

  async function about(key: string): Promise<About | undefined> {
    const bytes = await folder.folder(key).read('about');
    try {
      return bytes && (unpack(bytes) as About);
    } catch {
      return undefined;
    }
  }

  async function all(): Promise<{ readonly key: string; readonly about: About | undefined }[]> {
    const keys = await folder.names();
    return Promise.all(keys.map(async (key) => ({ key, about: await about(key) })));
  }

  /** Drops what is damaged, too old or too much, to make room for a run that begins. */
  async function prune(): Promise<void> {
    const held = await heldLocks();
    const newest = (await all()).sort((a, b) => (b.about?.savedAt ?? 0) - (a.about?.savedAt ?? 0));
    let bytes = 0;
    for (const { key, about } of newest) {
      bytes += about?.bytes ?? 0;
      const stays = about && bytes <= mostBytes && Date.now() - about.savedAt <= longestMs;
      if (!stays && !held.has(lockOf(key))) await folder.remove(key);
    }
  }

  return {
    open: (inputs, session) => keptFit({ folder, about, build, prune }, inputs, session),
    async unfinished() {
      const found: UnfinishedFit[] = [];
      for (const { key, about } of await all()) {
        if (!about || !(await isFree(key))) continue;
        const { session: _, revision: __, ...told } = about;
        found.push({ key, ...told });
      }
      return found.sort((a, b) => b.savedAt - a.savedAt);
    },
    async keyOf(session) {
      return (await all()).find(({ about }) => about?.session === session)?.key;
    },
    async inputs(key) {
      try {
        const bytes = await folder.folder(key).read('inputs');
        const inputs = bytes && (unpack(bytes) as FitInputs);
        return inputs && (await keyFor(inputs)) === key ? inputs : undefined;
      } catch {
        return undefined;
      }
    },
    async discard(key) {
      if (!(await folder.names()).includes(key)) return;
      const release = await holdLock(lockOf(key), patienceMs);
      if (!release) throw new CognateError('invalid-input', `discardFit() needs a run that is not going on: cancel it`);
      try {
        await folder.remove(key);
      } finally {
        release();
      }
    },
  };
}

/** What every run needs of the others. */
interface Store {
  readonly folder: Folder;
  readonly about: (key: string) => Promise<About | undefined>;
  readonly build: () => Promise<string>;
  readonly prune: () => Promise<void>;
}

/** Nothing is touched before the first checkpoint is asked for: most runs never do. */
function keptFit(store: Store, inputs: FitInputs, session: string): KeptFit {
  const { source, target, settings, name } = inputs;
  let run: Promise<{ readonly key: string; readonly files: Folder; readonly release: Release } | undefined> | undefined;
  /** What an interrupted run of the same inputs has left, and then this one. */
  let known: About | undefined;
  let reached = { done: 0, total: settings.steps ?? 0 };
  const bytesOf: Record<string, number> = {};
  let saved: number | undefined;
  let warning: string | undefined;

  const giveUp = (why: string): undefined => {
    const then = saved === undefined ? 'begin this run anew' : `go on from step ${saved}`;
    warning ??= `${why}: after a reload, the page would ${then}.`;
    return undefined;
  };

  async function begin(): Promise<Awaited<typeof run>> {
    let release: Release | undefined;
    try {
      const key = await keyFor(inputs);
      release = await holdLock(lockOf(key), patienceMs);
      if (!release) return giveUp('The same run is going on elsewhere, so this one is not saved');
      known = await store.about(key);
      if (known && known.revision !== (await store.build())) {
        await store.folder.remove(key);
        known = undefined;
      }
      const files = store.folder.folder(key);
      if (known) {
        // Of this session from now on, so that it can be found again by it.
        known = { ...known, session };
        await files.write('about', pack(known)).catch(() => {});
      } else await store.prune();
      return { key, files, release };
    } catch {
      release?.();
      return giveUp('The browser keeps no files for this page');
    }
  }

  async function save(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const begun = await (run ??= begin());
    if (!begun || warning !== undefined) return;
    const { key, files } = begun;
    try {
      const parts = pack(inputs);
      if (!known) await files.write('inputs', parts);
      const { done, total } = reached;
      await files.write(file, [new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), bytes]);
      bytesOf['inputs'] = parts.reduce((sum, { length }) => sum + length, 0);
      bytesOf[file] = bytes.length;
      const now = Date.now();
      known = {
        ...{ session, name, startedAt: known?.startedAt ?? now, savedAt: now, done, total },
        ...{ pairs: source.count, source: source.space, target: target.space, method: settings.method ?? 'auto' },
        bytes: Object.values(bytesOf).reduce((sum, each) => sum + each, 0),
        revision: await store.build(),
      };
      await files.write('about', pack(known));
      saved = done;
    } catch (error) {
      const full = error instanceof DOMException && error.name === 'QuotaExceededError';
      giveUp(full ? 'The browser has no more room for this page' : 'The browser cannot write files for this page');
      if (saved === undefined) await store.folder.remove(key).catch(() => {});
    }
  }

  return {
    checkpoints: {
      async load(name) {
        const begun = await (run ??= begin());
        if (!begun || !known) return undefined;
        const file = await begun.files.read(name).catch(() => undefined);
        const bytes = file && (await verified(file));
        if (bytes) saved = known.done;
        return bytes;
      },
      save,
    },
    get saved() {
      return saved;
    },
    get warning() {
      return warning;
    },
    claim: async () => (await (run ??= begin())) !== undefined,
    reached(done, total) {
      reached = { done, total };
    },
    async close(over) {
      const begun = await run;
      if (!begun) return;
      // A folder that cannot be removed now is found unfinished later: no harm.
      if (over) await store.folder.remove(begun.key).catch(() => {});
      begun.release();
    },
  };
}

/** Names a run by what decides its result: neither its name nor the points that are watched do. */
function keyFor({ source, target, settings }: FitInputs): Promise<string> {
  const { watch: _, ...deciding } = settings;
  return digest(pack({ source, target, settings: deciding }));
}

/** The bytes after their digest; undefined when they are not those that were written. */
async function verified(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const [hash, bytes] = [file.subarray(0, 32), file.slice(32)];
  const found = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return found.every((byte, i) => byte === hash[i]) ? bytes : undefined;
}
