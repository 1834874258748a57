import { breather, normalize, random, rows, type Embeddings } from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { engineMultiply } from '../../packages/aligner/src/algebra/accelerate.ts';
import { closedForms } from '../../packages/aligner/src/closed-form/closed-forms.ts';
import { groupsOfAlike } from '../../packages/aligner/src/groups.ts';
import { condensed } from '../../packages/aligner/src/measure/condensed.ts';
import { forecast } from '../../packages/aligner/src/measure/forecast.ts';
import { narrowing, width } from '../../packages/aligner/src/measure/second-look.ts';
import { findSuspects } from '../../packages/aligner/src/measure/suspects.ts';
import { prepare, type Sample } from '../../packages/aligner/src/sample.ts';
import { loadReferenceSets, pairOf, type DataSet, type Store } from './data-sets.ts';

interface Host extends Store {
  log(line: string): void;
}

interface Options {
  /** Files of anyone's vectors below `/vectors/`, instead of the reference sets. */
  readonly files?: readonly string[];
  readonly only?: readonly string[];
  readonly seed: number;
}

/** What one data set shows. Shares are 0 to 1. */
export interface ReportRow {
  readonly data: string;
  readonly pairs: number;
  readonly outlook: string;
  readonly cka: number;
  readonly mutualKnn: number;
  readonly byChance: number;
  /** The outlook once pairs are in random order. */
  readonly shuffled: string;
  /** Suspects among the pairs as they are, per pair. */
  readonly flagged: number;
  /** With 5 % of pairs swapped: the share of suspects that were, and of those that were the share found. */
  readonly precision: number;
  readonly recall: number;
}

/** Share of pairs that are swapped, and what finding them by chance would give. */
const swappedShare = 0.05;

/** Forecasts and suspects of data whose pairs are right as far as known, and of the same with pairs broken on purpose. */
export async function main(host: Host, options: Options): Promise<ReportRow[]> {
  await startEngine();
  const out: ReportRow[] = [];
  for (const set of await setsFor(host, options)) {
    const { name, source, target } = set;
    const looked = await forecast(source, target, { seed: options.seed });
    const order = random(options.seed).permutation(source.count);
    const broken = await forecast(source, rows(target, order), { seed: options.seed });
    const clean = await suspectsIn(
      { source, target, groups: await groupsOfAlike(source, target, breather()) },
      options.seed,
    );
    const bad = order.subarray(0, Math.max(2, Math.round(swappedShare * source.count)));
    const places = Int32Array.from({ length: source.count }, (_, i) => i);
    bad.forEach((row, i) => (places[row] = bad[(i + 1) % bad.length]!));
    const mixed = rows(target, places);
    const dirty = await suspectsIn(
      { source, target: mixed, groups: await groupsOfAlike(source, mixed, breather()) },
      options.seed,
    );
    const hits = dirty.filter((pair) => bad.includes(pair)).length;
    out.push({
      data: name,
      pairs: source.count,
      outlook: looked.outlook,
      cka: looked.cka.value,
      mutualKnn: looked.mutualKnn.value,
      byChance: looked.mutualKnn.chance,
      shuffled: broken.outlook,
      flagged: clean.length / source.count,
      precision: dirty.length > 0 ? hits / dirty.length : NaN,
      recall: hits / bad.length,
    });
    host.log(JSON.stringify(out.at(-1)));
  }
  return out;
}

/** By CSA, as reports look for them. */
async function suspectsIn(sample: Sample, seed: number): Promise<number[]> {
  const breathe = breather();
  const tools = { times: engineMultiply(breathe), breathe };
  const narrow = await condensed(sample, width, tools);
  const found = await findSuspects({
    sample: narrow,
    fit: (train) => closedForms.csa.fit(prepare(train), { strength: narrowing(sample, train) }, tools),
    seed,
    tools,
    onFit: () => {},
  });
  return found.map(({ pair }) => pair);
}

async function setsFor(host: Host, { files, only }: Options): Promise<DataSet[]> {
  if (files) {
    const bytes = await Promise.all(files.map(async (file) => (await fetch(`/vectors/${file}`)).bytes()));
    return [await pairOf('your vectors', bytes, files)];
  }
  const sets = await loadReferenceSets(host, host.log);
  const museum = await museumHalves();
  const all = [...sets, ...(museum ? [museum] : []), independent()];
  return all.filter(({ name }) => !only || only.some((each) => name.startsWith(each)));
}

/** Museum pictures seen by either half of one encoder's numbers: pairs that are all right. */
async function museumHalves(): Promise<DataSet | undefined> {
  const response = await fetch('/fixtures/data/met-clip-atlas/embeddings.bin');
  if (!response.ok) return undefined;
  const all = new Float32Array(await response.arrayBuffer());
  const kept = Array.from({ length: all.length / 512 }, (_, i) => i).filter((i) => all[i * 512] !== 0);
  const side = (id: string, at: number): Embeddings => {
    const data = new Float32Array(kept.length * 256);
    kept.forEach((row, i) => data.set(all.subarray(row * 512 + at, row * 512 + at + 256), i * 256));
    return normalize({ space: { id, dim: 256, normalized: true }, count: kept.length, data });
  };
  return { name: 'museum halves', source: side('left', 0), target: side('right', 256) };
}

/** Rows that have nothing to do with one another. */
function independent(): DataSet {
  const { normal } = random(5);
  const side = (id: string): Embeddings => {
    const data = Float32Array.from({ length: 600 * 128 }, normal);
    return { space: { id, dim: 128, normalized: false }, count: 600, data };
  };
  return { name: 'independent', source: side('one'), target: side('other') };
}
