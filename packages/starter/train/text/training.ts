import { random, type Embeddings } from '@cognate/core';
import {
  bagMeans,
  bags,
  batches,
  compile,
  crossEntropy,
  filled,
  infoNce,
  initEmbeddingTable,
  initLinear,
  linear,
  readCheckpoint,
  tensor,
  trainer,
  updateBags,
  warmupCosine,
  writeCheckpoint,
  type BatchesState,
  type DeviceArray,
  type Linear,
  type Tensor,
} from '@cognate/nn';
import { isHeldOut } from '../../src/split.ts';
import { indexCarriers, pairMasks } from './false-negatives.ts';
import { gramRowsOf, type GramRows } from './gram-rows.ts';
import type { TextOptions } from './options.ts';
import { head, initHead, textDim, type Head } from './text-model.ts';
import type { TextWeights } from './text-graph.ts';
import type { ConceptTexts } from './texts.ts';
import type { Tokenizer } from './tokenizer.ts';
import { drawView } from './views.ts';

type Params = { head: Head<Tensor>; logScale: Tensor; subgroups: Linear<Tensor> };
/** `subgroups` are the weak labels of all views. */
type Batch = { positives: DeviceArray; candidates: DeviceArray; subgroups: DeviceArray };
/** Mean rows of both sides' views, one side after the other. */
type Lookups = { means: DeviceArray };

/** A run under way. */
export interface TextTraining extends Disposable {
  /** Steps done. */
  readonly step: number;
  /** One step; resolves to its loss in nats. */
  update(): Promise<number>;
  /** Points of texts as the model stands. */
  encode(texts: readonly string[]): Promise<Embeddings>;
  weights(): Promise<TextWeights>;
  save(notes: unknown): Promise<Uint8Array<ArrayBuffer>>;
  /** Goes on from what `save` wrote, as if never stopped; resolves to its notes. */
  restore(bytes: Uint8Array<ArrayBuffer>): unknown;
}

interface Notes {
  readonly order: BatchesState;
  readonly draw: number;
  readonly notes: unknown;
}

/**
 * Contrastive learning from text alone: two views of one concept, in any languages, are to lie close, views of
 * different concepts apart; and, weakly, the Unicode subgroup of the concept is to be readable from a point. Needs a started engine.
 * @throws {Error} when one of the concepts is held out.
 */
export function trainText(
  concepts: readonly ConceptTexts[],
  tokenizer: Tokenizer,
  rows: GramRows,
  options: TextOptions,
): TextTraining {
  const leaked = concepts.find(({ hexcode }) => isHeldOut(hexcode));
  if (leaked) throw new Error(`trainText(): ${leaked.hexcode} is held out and must not be trained on`);
  const { views } = options;
  const perSide = options.concepts * views;
  const subgroupCount = 1 + concepts.reduce((most, { subgroup }) => Math.max(most, subgroup), 0);
  const carriers = indexCarriers(concepts);
  const seeds = random(options.seed);
  let table = initEmbeddingTable(seeds, rows.count, options.dim);
  table.weights.fill(0, 0, options.dim);
  const training = trainer<Params, Batch, Lookups>({
    params: {
      head: initHead(seeds, options.dim, options.hidden),
      logScale: filled([], options.logScale),
      subgroups: initLinear(seeds, textDim, subgroupCount, Math.sqrt(textDim)),
    },
    loss: ({ head: params, logScale, subgroups }, { subgroups: labels, ...masks }, { means }) => {
      const points = head(params, means); // [2 perSide, 256]
      const [one, other] = [points.ref.slice([0, perSide]), points.ref.slice([perSide, 2 * perSide])];
      const told = crossEntropy(linear(subgroups, points), labels);
      return infoNce(one, other, logScale, masks).add(told.mul(options.subgroups));
    },
  });
  const embed = compile((params: Head, means) => head(params, means));
  let order = batches(concepts.length, options.concepts, options.seed);
  let draw = random(options.seed + 1);

  const known = new Map<string, number[]>();
  const rowsOf = (text: string): number[] => gramRowsOf(tokenizer.encode(text), rows);
  const cachedRows = (text: string): number[] => {
    const found = known.get(text) ?? rowsOf(text);
    known.set(text, found);
    return found;
  };
  const side = (picked: Uint32Array): { concepts: Int32Array; sources: string[]; lists: number[][] } => {
    const indices = Int32Array.from({ length: perSide }, (_, i) => picked[i % picked.length]!);
    const drawn = [...indices].map((i) => drawView(draw, concepts[i]!, options));
    const lists = drawn.map(({ text, source }) => {
      const all = text === source ? cachedRows(text) : rowsOf(text);
      const seen = all.filter(() => draw.next() >= options.forget);
      return seen.length > 0 ? seen : all;
    });
    return { concepts: indices, sources: drawn.map(({ source }) => source), lists };
  };
  const labelsOf = (indices: readonly number[]): Tensor =>
    tensor(
      [indices.length],
      Int32Array.from(indices, (i) => concepts[i]!.subgroup),
    );
  const rate = (peak: number): number =>
    warmupCosine(training.step, { peak, warmup: 20, steps: options.steps, floor: 0.01 });

  return {
    get step() {
      return training.step;
    },
    async update() {
      const picked = order.next();
      const [one, other] = [side(picked), side(picked)];
      const masks = pairMasks(carriers, one, other);
      const batch = {
        positives: tensor([perSide, perSide], masks.positives),
        candidates: tensor([perSide, perSide], masks.candidates),
        subgroups: labelsOf([...one.concepts, ...other.concepts]),
      };
      const both = bags([...one.lists, ...other.lists]);
      const [headRate, tableRate] = [rate(options.headRate), rate(options.tableRate)];
      const { loss, lookupGradients } = await training.update(batch, headRate, { means: bagMeans(table, both) });
      updateBags(table, both, lookupGradients.means, tableRate);
      return loss;
    },
    async encode(texts) {
      const { data } = await embed(training.params.head, bagMeans(table, bags(texts.map(cachedRows))));
      const space = { id: 'cognate-text@1', dim: textDim, normalized: true };
      return { space, count: texts.length, data: data as Float32Array<ArrayBuffer> };
    },
    async weights() {
      const { head: params } = await training.weights();
      return { rows, table: tensor([table.count, table.dim], table.weights), head: params };
    },
    async save(notes) {
      const own: Notes = { order: order.state, draw: draw.state, notes };
      return writeCheckpoint({ trainer: await training.save(), tables: { runs: table }, notes: own });
    },
    restore(bytes) {
      const saved = readCheckpoint<Params>(bytes);
      const { order: place, draw: state, notes } = saved.notes as Notes;
      training.restore(saved.trainer);
      table = saved.tables!['runs']!;
      order = batches(concepts.length, options.concepts, place);
      draw = random(state);
      return notes;
    },
    [Symbol.dispose]() {
      training[Symbol.dispose]();
      embed[Symbol.dispose]();
    },
  };
}
