import { breather, floats, readSafetensors, rows, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fixturePairs } from '../../../test/helpers/fixture-pairs.ts';
import { engineMultiply } from './algebra/accelerate.ts';
import { plainTools, type Tools } from './algebra/tools.ts';
import { applyPath, asMatrix, type FloatMatrix } from './alignment/path.ts';
import { closedForms, type ClosedMethod } from './closed-form/closed-forms.ts';
import { fit } from './fit.ts';
import { deal, groupsOfAlike } from './groups.ts';
import { retrievalRanks, lookUps } from './measure/retrieval.ts';
import { prepare, subset, type Sample } from './sample.ts';
import { startEngine } from '@cognate/nn';

const breathe = breather();
const singles = ['procrustes', 'ridge', 'csa', 'kernel', 'relative'] as const satisfies readonly ClosedMethod[];
const splits = 2;

describe('auto is never worse than the best closed form by more than noise', function () {
  this.timeout(120_000);
  let tools: Tools;
  before(async () => {
    await startEngine();
    tools = { times: engineMultiply(breathe), breathe };
  });

  const sets: readonly [name: string, pairs: number, load: () => Promise<[Embeddings, Embeddings] | undefined>][] = [
    ['radiographs and their reports', 300, () => fixturePairs('convirt')],
    ['proteins and their descriptions', 66, () => fixturePairs('clasp')],
    ['names of emoji and their drawings', 150, async () => joined(await bank('text-en'), await bank('image-noto'))],
    ['emoji in running text and their drawings', 300, async () => joined(await emoji2vec(), await bank('image-noto'))],
  ];
  for (const [name, pairs, load] of sets) {
    it(`on ${name}`, async function () {
      const found = await load();
      if (!found) return this.skip();
      const [source, target] = found;
      const whole: Sample = { source, target, groups: await groupsOfAlike(source, target, breathe) };
      const gains: Record<string, number[]> = {};
      for (let split = 0; split < splits; split++) {
        const [held, rest] = deal(whole.groups, [Math.min(100, Math.floor(source.count / 3))], split);
        const [train, test] = [subset(whole, rest!.slice(0, pairs)), subset(whole, held!)];
        const auto = await fit(train.source, train.target, { seed: split, report: 'brief' });
        const [from, to] = [asMatrix(auto.project(test.source)), asMatrix(auto.project(test.target))];
        (gains['auto'] ??= []).push(...(await reciprocalRanks(from, to, test.groups)));
        const learned = prepare(train);
        for (const method of singles) {
          const [setting] = await closedForms[method].settings(learned, tools);
          const heads = await closedForms[method].fit(learned, setting!, tools);
          const ends = [applyPath(heads.source, asMatrix(test.source)), applyPath(heads.target, asMatrix(test.target))];
          (gains[method] ??= []).push(...(await reciprocalRanks(ends[0]!, ends[1]!, test.groups)));
        }
      }
      const best = singles.reduce((a, b) => (mean(gains[b]!) > mean(gains[a]!) ? b : a));
      const lead = gains['auto']!.map((gain, i) => gain - gains[best]![i]!);
      const error = Math.sqrt(mean(lead.map((value) => (value - mean(lead)) ** 2)) / lead.length);
      const told = `auto ${mean(gains['auto']!).toFixed(3)}, ${best} ${mean(gains[best]!).toFixed(3)}`;
      expect(mean(lead) + 2 * error, told).to.be.at.least(0);
      expect(mean(gains['auto']!), told).to.be.above(2 * mean(gains['auto']!.map((_, i) => 1 / (i + 1))));
    });
  }
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** With CSLS among the test rows, both ways. */
async function reciprocalRanks(source: FloatMatrix, target: FloatMatrix, groups: Int32Array): Promise<number[]> {
  const out: number[] = [];
  for (const [from, to] of [[source, target] as const, [target, source] as const]) {
    const [queries, candidates] = [
      { rows: from.data, groups },
      { rows: to.data, groups },
    ];
    for await (const part of lookUps(queries, candidates, from.data, to.cols, plainTools(breathe))) {
      for (const rank of retrievalRanks(part, 'scores')) out.push(1 / rank);
    }
  }
  return out;
}

async function bytesOf(url: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(url);
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

/** Points with the code points of the emoji that each is about. */
interface Coded {
  readonly codes: readonly string[];
  readonly points: Embeddings;
}

/** A bank of the starter. */
async function bank(name: string): Promise<Coded | undefined> {
  const bytes = await bytesOf(`/packages/starter/banks/${name}.safetensors`);
  if (!bytes) return undefined;
  const file = readSafetensors(bytes);
  const codes = JSON.parse(file.metadata['items']!) as string[];
  const space = JSON.parse(file.metadata['space']!) as Embeddings['space'];
  return { codes, points: { space, count: codes.length, data: floats(file, 'rows', [codes.length, space.dim]) } };
}

/** Vectors of word2vec's format: a line with both sizes, then each word, a space and its float32 numbers. */
async function emoji2vec(): Promise<Coded | undefined> {
  const bytes = await bytesOf('/fixtures/data/emoji2vec/emoji2vec.bin');
  if (!bytes) return undefined;
  const line = bytes.indexOf(10);
  const [count, dim] = new TextDecoder().decode(bytes.slice(0, line)).split(' ').map(Number) as [number, number];
  const data = new Float32Array(count * dim);
  const codes: string[] = [];
  for (let i = 0, at = line + 1; i < count; i++) {
    const space = bytes.indexOf(32, at);
    const symbol = new TextDecoder().decode(bytes.slice(at, space)).trim();
    codes.push(Array.from(symbol, (point) => point.codePointAt(0)!.toString(16).toUpperCase()).join('-'));
    data.set(new Float32Array(bytes.buffer.slice(space + 1, space + 1 + 4 * dim)), i * dim);
    at = space + 1 + 4 * dim;
  }
  return { codes, points: { space: { id: 'emoji2vec', dim, normalized: false }, count, data } };
}

/** What both know, row beside row. */
function joined(a: Coded | undefined, b: Coded | undefined): [Embeddings, Embeddings] | undefined {
  if (!a || !b) return undefined;
  const rowOf = new Map(b.codes.map((code, row) => [code, row]));
  const both = [...new Map(a.codes.map((code, row) => [code, row]))].filter(([code]) => rowOf.has(code));
  const from = both.map(([, row]) => row);
  const to = both.map(([code]) => rowOf.get(code)!);
  return [rows(a.points, from), rows(b.points, to)];
}
