/**
 * Methods x pairs on held-out pairs, over random splits: what each method of the aligner reaches by itself, and what
 * `fit()` makes of the same pairs when nobody tells it which to use.
 */
import { breather, CognateError, isCognateError, random, rows, type Embeddings } from '@cognate/core';
import { fit } from '@cognate/aligner';
import { startEngine } from '@cognate/nn';
import { engineMultiply } from '../../packages/aligner/src/algebra/accelerate.ts';
import { applyPath, asMatrix, type Heads } from '../../packages/aligner/src/alignment/path.ts';
import type { Tools } from '../../packages/aligner/src/algebra/tools.ts';
import { closedForms, type ClosedMethod } from '../../packages/aligner/src/closed-form/closed-forms.ts';
import { deal, groupsOfAlike } from '../../packages/aligner/src/groups.ts';
import { closedMethods, finish, tryMethods } from '../../packages/aligner/src/methods.ts';
import { chanceScores } from '../../packages/aligner/src/measure/retrieval.ts';
import { planFor, prepare, subset, type Sample } from '../../packages/aligner/src/sample.ts';
import type { Pairs } from '../../packages/aligner/src/pairs.ts';
import { loadReferenceSets, pairOf, type DataSet, type Store } from './data-sets.ts';
import { scoresOf, type Scores } from './scores.ts';

export interface Options {
  /** File names below `/vectors/`, of one or two NPY files; the reference sets when absent. */
  readonly files?: readonly string[];
  readonly name?: string;
  /** Only methods and data sets whose names begin so. */
  readonly only?: readonly string[];
  readonly sets?: readonly string[];
  readonly pairs?: readonly (number | 'all')[];
  readonly splits: number;
  readonly seed: number;
  /** Pairs kept for the test; a third of them, at most 100, when absent. */
  readonly heldOut?: number;
  /** Whom crowding is measured against. */
  readonly bank: 'test' | 'anchors';
}

/** One cell of the table: mean over the splits, `sd` of recall at 1 between them, which one split does not tell. */
export interface Row {
  readonly data: string;
  readonly method: string;
  readonly pairs: number;
  readonly recallAt1: number;
  /** `[splits]`: recall at 1 of each, so that methods can be compared on the same pairs. */
  readonly recalls: readonly number[];
  readonly sd: number;
  readonly foscttm: number;
  readonly recallAt10: number;
}

/** Of a data set, for the header of its table. */
export interface Header {
  readonly data: string;
  readonly count: number;
  readonly dims: readonly [number, number];
  readonly heldOut: number;
  /** What guessing gives: more than one in `heldOut` where several rows are of one thing. */
  readonly chance: { readonly recallAt1: number; readonly foscttm: number };
}

export interface Outcome {
  readonly rows: readonly Row[];
  readonly headers: readonly Header[];
  /** What was wrong with the input, for people. */
  readonly problem?: { readonly code: string; readonly message: string };
}

interface Host extends Store {
  log(line: string): void;
}

const named = ['identity', ...closedMethods, 'unpaired', 'unpaired-auto', 'auto', 'shuffled', 'untouched'].join(', ');

export async function main(host: Host, options: Options): Promise<Outcome> {
  try {
    const sets = await loadSets(host, options);
    await startEngine();
    const rows: Row[] = [];
    const headers: Header[] = [];
    for (const set of sets) {
      const found = await evaluate(set, options, (line) => host.log(`${set.name}: ${line}`));
      rows.push(...found.rows);
      headers.push(found.header);
    }
    if (rows.length === 0) {
      const asked = [...(options.only ?? []), ...(options.sets ?? [])].join(', ');
      throw new CognateError('invalid-input', `no method or set of data begins with ${asked}; methods are ${named}`);
    }
    return { rows, headers };
  } catch (error) {
    if (!isCognateError(error)) throw error;
    return { rows: [], headers: [], problem: { code: error.code, message: error.message } };
  }
}

async function loadSets(host: Host, { files, name, sets }: Options): Promise<DataSet[]> {
  if (!files) {
    const all = await loadReferenceSets(host, (line) => host.log(line));
    return all.filter((set) => !sets || sets.some((start) => set.name.startsWith(start)));
  }
  const bytes = await Promise.all(
    files.map(async (file) => {
      const response = await fetch(`/vectors/${file.split('/').map(encodeURIComponent).join('/')}`);
      if (!response.ok) throw new CognateError('load-failed', `${file} cannot be read (answer ${response.status})`);
      return new Uint8Array(await response.arrayBuffer());
    }),
  );
  const names = files.map((file) => file.slice(file.indexOf('/') + 1)); // less the folder that it is mounted at
  return [await pairOf(name ?? names.join(' + '), bytes, names)];
}

async function evaluate(
  { name, source, target }: DataSet,
  options: Options,
  log: (line: string) => void,
): Promise<{ rows: Row[]; header: Header }> {
  const whole: Sample = { source, target, groups: await groupsOfAlike(source, target, breather()) };
  const wanted = options.heldOut ?? Math.min(100, Math.floor(source.count / 3));
  const cells = new Map<string, { method: string; pairs: number; scores: Scores[] }>();
  const splits = Array.from({ length: options.splits }, (_, i) => splitOf(whole.groups, wanted, options.seed + i));
  // Groups differ in size, splits must not.
  const all = Math.min(...splits.map(({ rest }) => rest.length));
  const thingsIn = (pairs: number): number =>
    Math.min(...splits.map(({ rest }) => new Set(rest.slice(0, pairs).map((row) => whole.groups[row])).size));
  const asked = columns(all, options.pairs);
  const counts = asked.filter((pairs) => thingsIn(pairs) >= leastThings);
  if (counts.length === 0) {
    const most = Math.max(...asked);
    const message = `${name}: ${wanted} of ${source.count} pairs held out leave ${thingsIn(most)} different things among ${most} to learn from, fewer than ${leastThings}`;
    throw new CognateError('invalid-input', message);
  }
  for (const pairs of asked.filter((each) => !counts.includes(each))) {
    log(`no column of ${pairs} pairs, which hold fewer than ${leastThings} different things in some split`);
  }
  for (const [split, { held, rest }] of splits.entries()) {
    const began = performance.now();
    const test = subset(whole, held);
    for (const pairs of counts) {
      const train = subset(whole, rest.slice(0, pairs));
      const unused = subset(whole, rest.slice(pairs));
      for (const [method, scores] of await cellsOf(train, test, unused, options, split)) {
        const key = `${method} ${pairs}`;
        const cell = cells.get(key) ?? { method, pairs, scores: [] };
        cell.scores.push(scores);
        cells.set(key, cell);
      }
    }
    log(`split ${split + 1} of ${options.splits}, ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  const header = {
    data: name,
    count: source.count,
    dims: [source.space.dim, target.space.dim],
    heldOut: wanted,
    chance: meanOf(splits.map(({ held }) => chanceScores(held.map((row) => whole.groups[row]!)))),
  } as const;
  return { rows: [...cells.values()].map((cell) => rowOf(name, cell)), header };
}

/** Methods need so many to be told apart. */
const leastThings = 5;

/** Whole things in random order: rows of the first ones to be asked about, and the rows of all others. */
function splitOf(groups: Int32Array, wanted: number, seed: number): { held: number[]; rest: number[] } {
  const order = deal(groups, [], seed)[0]!;
  let cut = Math.min(wanted, order.length);
  while (cut < order.length && groups[order[cut]!] === groups[order[cut - 1]!]) cut++;
  return { held: order.slice(0, wanted), rest: order.slice(cut) };
}

function meanOf(scores: readonly { recallAt1: number; foscttm: number }[]): Header['chance'] {
  const mean = (key: 'recallAt1' | 'foscttm'): number =>
    scores.reduce((sum, score) => sum + score[key] / scores.length, 0);
  return { recallAt1: mean('recallAt1'), foscttm: mean('foscttm') };
}

/** 25, 50, 100 ... and all, as far as there are so many. */
function columns(all: number, asked: Options['pairs']): number[] {
  const doubled = Array.from({ length: 30 }, (_, i) => 25 * 2 ** i);
  const counts = (asked ?? doubled).map((each) => (each === 'all' ? all : each)).filter((each) => each < all);
  const last = !asked || asked.some((each) => each === 'all' || each >= all) ? [all] : [];
  return [...new Set([...counts, ...last])];
}

/** Scores of everything that is asked for, fitted to the training pairs; `unused` pairs are torn apart for `unpaired`. */
async function cellsOf(
  train: Sample,
  test: Sample,
  unused: Sample,
  options: Options,
  split: number,
): Promise<Map<string, Scores>> {
  const wants = (method: string): boolean => !options.only || options.only.some((start) => method.startsWith(start));
  const breathe = breather();
  const tools: Tools = { times: engineMultiply(breathe), breathe };
  const out = new Map<string, Scores>();
  const put = async (method: string, heads: Heads): Promise<void> => {
    const through = (sample: Sample): Parameters<typeof scoresOf>[0] => ({
      source: applyPath(heads.source, asMatrix(sample.source)),
      target: applyPath(heads.target, asMatrix(sample.target)),
    });
    const anchors = options.bank === 'anchors' ? through(train) : undefined;
    const { plain, csls } = await scoresOf(through(test), test.groups, anchors, tools);
    if (wants(method)) out.set(method, plain);
    if (wants(`${method}+csls`)) out.set(`${method}+csls`, csls);
  };

  const fitted = async (method: ClosedMethod, sample: Sample, pairs: Pairs): Promise<Heads> => {
    const [setting, ...others] = await closedForms[method].settings(pairs, tools);
    if (others.length === 0) return closedForms[method].fit(pairs, setting!, tools);
    const plan = planFor(sample, true, undefined, split);
    const [candidate] = await tryMethods([method], plan, {}, tools);
    return (await finish(candidate!, plan, {}, tools)).heads;
  };
  const prepared = prepare(train); // once, so that decompositions are shared
  const sameDims = train.source.space.dim === train.target.space.dim;
  const methods: readonly ClosedMethod[] = sameDims ? ['identity', ...closedMethods] : closedMethods;
  for (const method of methods) {
    if (wants(method) || wants(`${method}+csls`)) await put(method, await fitted(method, train, prepared));
  }
  // Rows without partner are looked at where pairs are few, as by `auto`.
  const order = [...random(split).permutation(unused.groups.length)];
  const loose =
    train.groups.length <= 100 && order.length > 0
      ? { source: unused.source, target: rows(unused.target, order) }
      : undefined;
  if (loose && (wants('unpaired') || wants('unpaired+csls'))) {
    const sample = { ...train, loose: { ...loose, seed: split } };
    await put('unpaired', await closedForms.unpaired.fit(prepare(sample), {}, tools));
  }
  for (const [name, unpaired] of [
    ['auto', undefined],
    ['unpaired-auto', loose],
  ] as const) {
    if (!wants(name) || (name !== 'auto' && !unpaired)) continue;
    const settings = { seed: split, groups: train.groups, report: 'brief', unpaired } as const;
    const alignment = await fit(train.source, train.target, settings);
    const through = (sample: Sample): Record<'source' | 'target', ReturnType<typeof asMatrix>> => ({
      source: asMatrix(alignment.project(sample.source)),
      target: asMatrix(alignment.project(sample.target)),
    });
    const { source, target } = alignment.anchors;
    const anchors = options.bank === 'anchors' ? { source: asMatrix(source), target: asMatrix(target) } : undefined;
    const { csls } = await scoresOf(through(test), test.groups, anchors, tools);
    out.set(name, csls);
  }
  if (wants('shuffled')) {
    const order = [...random(split).permutation(train.groups.length)];
    const mixed: Sample = { ...train, target: rows(train.target, order) };
    const heads = await fitted('csa', mixed, prepare(mixed));
    const through = {
      source: applyPath(heads.source, asMatrix(test.source)),
      target: applyPath(heads.target, asMatrix(test.target)),
    };
    out.set('shuffled', (await scoresOf(through, test.groups, undefined, tools)).csls);
  }
  if (wants('untouched') && sameDims) {
    const unit = (points: Embeddings): ReturnType<typeof asMatrix> => applyPath([{ kind: 'unit' }], asMatrix(points));
    const same = { source: unit(test.source), target: unit(test.target) };
    out.set('untouched', (await scoresOf(same, test.groups, undefined, tools)).plain);
  }
  return out;
}

function rowOf(data: string, { method, pairs, scores }: { method: string; pairs: number; scores: Scores[] }): Row {
  const mean = (value: (score: Scores) => number): number =>
    scores.reduce((sum, score) => sum + value(score), 0) / scores.length;
  const recallAt1 = mean((score) => score.recallAt1);
  const variance = scores.reduce((sum, score) => sum + (score.recallAt1 - recallAt1) ** 2, 0) / (scores.length - 1);
  return {
    data,
    method,
    pairs,
    recallAt1,
    recalls: scores.map((score) => score.recallAt1),
    sd: Math.sqrt(variance),
    foscttm: mean((score) => score.foscttm),
    recallAt10: mean((score) => score.recallAt10),
  };
}
