/**
 * Ten best of 100,000 rows of 512 numbers by CSLS for one query: the index next to comparing the query with every row in
 * float32, on rows without any structure and on rows that lie in clusters in a narrow cone, as embeddings do.
 */
import {
  csls,
  dotProducts,
  neighbourhood,
  normalizeRows,
  random,
  row,
  rows,
  searchIndex,
  topK,
  type Embeddings,
} from '@cognate/core';
import type { Row } from './lib/row.ts';

interface Data {
  readonly bank: Embeddings;
  readonly anchors: Embeddings;
  readonly queries: Embeddings;
}

const count = 100_000;
const dim = 512;
const anchorCount = 512;
const queryCount = 60;
const wanted = 10;
const space = { id: 'bench', dim, normalized: true };

export async function run(): Promise<Row[]> {
  const uniform = await measure(scattered());
  const clustered = await measure(clusters());
  const both = (pick: (of: typeof uniform) => string): string => `clustered rows ${pick(clustered)}`;
  return [
    {
      id: 'search-100k.ms',
      value: uniform.query,
      unit: 'ms',
      baseline: 25,
      n: queryCount,
      note: `${uniform.plain.toFixed(0)} ms comparing with every row; ${both(({ query }) => `${query.toFixed(1)} ms`)}`,
    },
    {
      id: 'search-100k.build',
      value: uniform.build,
      unit: 's',
      baseline: 5,
      n: count,
      note: `${uniform.plainBuild.toFixed(0)} s without the index; ${both(({ build }) => `${build.toFixed(1)} s`)}`,
    },
    {
      id: 'search-100k.memory',
      value: uniform.memory,
      unit: 'x data',
      baseline: 1.5,
      n: count,
      note: `${anchorCount} anchors; answers of ${2 * uniform.checked} queries equal those of every row compared`,
    },
    {
      id: 'search-100k.batch',
      value: uniform.batch,
      unit: 'ms',
      n: queryCount,
      note: `a query, when asked together; ${both(({ batch }) => `${batch.toFixed(1)} ms`)}`,
    },
  ];
}

async function measure({ bank, anchors, queries }: Data): Promise<{
  query: number;
  batch: number;
  plain: number;
  build: number;
  plainBuild: number;
  memory: number;
  checked: number;
}> {
  let start = performance.now();
  using index = await searchIndex(bank, { anchors });
  const build = (performance.now() - start) / 1000;

  start = performance.now();
  const crowding = new Float32Array(count);
  for (let j = 0; j < count; j += 500) {
    const some = { space, count: 500, data: bank.data.subarray(j * dim, (j + 500) * dim) };
    crowding.set(neighbourhood(some, anchors), j);
  }
  const plainBuild = (performance.now() - start) / 1000;

  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  const checkedEvery = 6;
  for (let i = 0; i < queryCount; i++) {
    const query = rows(queries, [i]);
    start = performance.now();
    const [found] = await index.search(query, wanted);
    times.ours.push(performance.now() - start);
    if (i % checkedEvery > 0) continue;
    start = performance.now();
    const best = plain(row(queries, i), bank, crowding);
    times.theirs.push(performance.now() - start);
    if (String([...found!.indices]) !== String(best)) {
      throw new Error(`Query ${i}: the index finds ${[...found!.indices].join()}, the plain scan ${best.join()}`);
    }
  }
  start = performance.now();
  await index.search(queries, wanted);
  return {
    query: median(times.ours),
    batch: (performance.now() - start) / queryCount,
    plain: median(times.theirs),
    build,
    plainBuild,
    memory: 1 + index.bytes / bank.data.byteLength,
    checked: times.theirs.length,
  };
}

function plain(query: Float32Array, bank: Embeddings, crowding: Float32Array): number[] {
  const cosines = dotProducts(query, bank.data, dim);
  const crowd = topK(cosines, 10).reduce((sum, j) => sum + cosines[j]!, 0) / 10;
  return topK(csls(cosines, [Math.fround(crowd)], crowding), wanted);
}

/** Every direction is as likely: what bounds tell apart worst. */
function scattered(): Data {
  const { normal } = random(1);
  const some = (n: number): Embeddings => unit(Float32Array.from({ length: n * dim }, normal));
  return { bank: some(count), anchors: some(anchorCount), queries: some(queryCount) };
}

/** 1,000 clusters, about 100 rows each, around a direction that all share. */
function clusters(): Data {
  const { normal, below } = random(2);
  const draw = (n: number): Float32Array<ArrayBuffer> => Float32Array.from({ length: n * dim }, normal);
  const shared = draw(1);
  const centres = draw(1000);
  const some = (n: number): Embeddings => {
    const data = draw(n);
    for (let j = 0; j < n; j++) {
      const centre = below(1000) * dim;
      for (let i = 0; i < dim; i++) data[j * dim + i] = shared[i]! + centres[centre + i]! + 0.5 * data[j * dim + i]!;
    }
    return unit(data);
  };
  return { bank: some(count), anchors: some(anchorCount), queries: some(queryCount) };
}

function unit(data: Float32Array<ArrayBuffer>): Embeddings {
  normalizeRows(data, dim);
  return { space, count: data.length / dim, data };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
