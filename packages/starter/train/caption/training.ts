import { random, type Random } from '@cognate/core';
import {
  activations,
  initEmbeddingTable,
  np,
  readCheckpoint,
  rowsOf,
  tensor,
  trainer,
  updateRows,
  warmupCosine,
  writeCheckpoint,
  type DeviceArray,
  type Tensor,
} from '@cognate/nn';
import { isHeldOut, isValidation } from '../../src/split.ts';
import { textDim } from '../text/text-model.ts';
import type { ConceptTexts } from '../text/texts.ts';
import { bosId } from './bpe.ts';
import type { CaptionWeights } from './caption-graph.ts';
import { captionStates, initCaptionModel, type CaptionModel } from './model.ts';
import { calmMix, type CaptionOptions } from './options.ts';
import { lengths, sampler } from './sampler.ts';
import { tokensByLanguage, type Target } from './targets.ts';

/**
 * Fills `into` with a point that a target is to be written from, and tells whether it leaves no doubt: one of a name, or of the
 * very keyword, and nothing else.
 */
export type DrawPoint = (target: Target, random: Random, into: Float32Array) => boolean;

/** Weights to begin with. */
export type CaptionStart = Pick<CaptionWeights, 'model' | 'table'>;

/** A run under way. */
export interface CaptionTraining extends Disposable {
  /** Steps done. */
  readonly step: number;
  /** One step at this share of the time, 0 to 1; resolves to its loss, nats for a token, and the texts it saw. */
  update(elapsed: number): Promise<{ readonly loss: number; readonly texts: number }>;
  /** Last loss of each target, nats for a text. */
  readonly losses: Float32Array<ArrayBuffer>;
  weights(): Promise<CaptionWeights>;
  save(notes: unknown): Promise<Uint8Array<ArrayBuffer>>;
  /** Goes on from what `save` wrote; resolves to its notes. */
  restore(bytes: Uint8Array<ArrayBuffer>): unknown;
}

type Params = CaptionModel<Tensor>;
/** `points` `[n, 256]`; `languages` one-hot `[n, languages]`; `shut` `[groups, width]`: added to the logits. */
type Batch = { points: DeviceArray; languages: DeviceArray; shut: DeviceArray };
/** Rows of the table: what was written so far `[n, tokens, dim]`, what comes next `[n * tokens, dim]`, all tokens of each language
 * `[groups * width, dim]`; and the weight of each place `[n * tokens]`, whose gradient is the loss there. */
type Lookups = { inputs: DeviceArray; targets: DeviceArray; tokens: DeviceArray; weights: DeviceArray };

interface Notes {
  readonly draw: number;
  readonly losses: readonly number[];
  readonly notes: unknown;
}

/**
 * Next-token learning from points. Each step holds few languages, and each text is told apart only from tokens of its own
 * language: far less arithmetic than the whole table, and a language never writes another one's tokens.
 * @param begin random weights unless told.
 * @throws {Error} when one of the concepts is held out or, but for the last run, kept for validation.
 */
export function trainCaptioner(
  concepts: readonly ConceptTexts[],
  targets: readonly Target[],
  { languages, vocabulary }: { readonly languages: number; readonly vocabulary: number },
  drawPoint: DrawPoint,
  options: CaptionOptions,
  begin?: CaptionStart,
): CaptionTraining {
  const leaked = concepts.find(({ hexcode }) => isHeldOut(hexcode) || (!options.final && isValidation(hexcode)));
  if (leaked) throw new Error(`trainCaptioner(): ${leaked.hexcode} must not be trained on`);
  const { dim, heads, groups } = options;
  const seeds = random(options.seed);
  const tokensOf = tokensByLanguage(targets, languages);
  const width = 64 * Math.ceil(Math.max(...tokensOf.map((tokens) => tokens.length)) / 64);
  let table = initEmbeddingTable(seeds, vocabulary, dim);
  if (begin) table.weights.set(begin.table.data);
  const training = trainer<Params, Batch, Lookups>({
    params: begin?.model ?? initCaptionModel(seeds, { ...options, languages, maxTokens: lengths.at(-1)! }),
    loss: (model, { points, languages: spoken, shut }, { inputs, targets: right, tokens, weights }) => {
      const [n, length] = inputs.shape as [number, number];
      const states = captionStates(model, { points, languages: spoken, rows: inputs }, heads).reshape([
        n * length,
        dim,
      ]);
      const share = (n * length) / groups;
      const totals = Array.from({ length: groups }, (_, group) => {
        const own = states.ref.slice([group * share, (group + 1) * share]);
        const all = tokens.ref.slice([group * width, (group + 1) * width]);
        const logits = np.dot(own, all.transpose()).add(shut.ref.slice(group));
        return activations.logsumexp(logits, -1);
      });
      for (const used of [tokens, shut]) used.dispose();
      const chances = states.mul(right).sum(-1).sub(np.concatenate(totals, 0)); // [n * length]
      return chances.mul(weights).sum().neg();
    },
  });
  let draw = random(options.seed + 1);
  let choice = sampler(targets, options, draw);
  const rate = (peak: number, elapsed: number): number =>
    Math.min(1, (training.step + 1) / 100) * warmupCosine(elapsed, { peak, warmup: 0, steps: 1, floor: 0.01 });

  return {
    get step() {
      return training.step;
    },
    get losses() {
      return choice.losses;
    },
    async update(elapsed) {
      const { length, groups: drawn } = choice.next(elapsed < options.calmFrom ? options.keywords : calmMix.keywords);
      const picked = drawn.flatMap((group) => [...group.targets]);
      const n = picked.length;
      const points = new Float32Array(n * textDim);
      const spoken = new Float32Array(n * languages);
      const before = new Int32Array(n * length).fill(bosId);
      const after = new Int32Array(n * length).fill(bosId);
      const weights = new Float32Array(n * length);
      const clear: boolean[] = [];
      let count = 0;
      picked.forEach((at, row) => {
        const target = targets[at]!;
        const { language, tokens } = target;
        clear[row] = drawPoint(target, draw, points.subarray(row * textDim, (row + 1) * textDim));
        spoken[row * languages + language] = 1;
        after.set(tokens, row * length);
        before.set(tokens.slice(0, -1), row * length + 1);
        weights.fill(1, row * length, row * length + tokens.length);
        count += tokens.length;
      });
      for (let i = 0; i < weights.length; i++) weights[i]! /= count;
      const shown = new Int32Array(groups * width).fill(bosId);
      const shut = new Float32Array(groups * width).fill(-1e4);
      drawn.forEach(({ language }, group) => {
        shown.set(tokensOf[language]!, group * width);
        shut.fill(0, group * width, group * width + tokensOf[language]!.length);
      });

      const { loss, lookupGradients } = await training.update(
        {
          points: tensor([n, textDim], points),
          languages: tensor([n, languages], spoken),
          shut: tensor([groups, width], shut),
        },
        rate(options.rate, elapsed),
        {
          inputs: tensor([n, length, dim], rowsOf(table, before).data),
          targets: rowsOf(table, after),
          tokens: rowsOf(table, shown),
          weights: tensor([n * length], weights),
        },
      );
      const { inputs, targets: right, tokens, weights: nats } = lookupGradients;
      const ids = new Int32Array(before.length + after.length + shown.length);
      const gradient = new Float32Array(ids.length * dim);
      [before, after, shown].reduce((at, part) => (ids.set(part, at), at + part.length), 0);
      [inputs, right, tokens].reduce((at, { data }) => (gradient.set(data, at), at + data.length), 0);
      updateRows(table, ids, tensor([ids.length, dim], gradient), rate(options.tableRate, elapsed));
      picked.forEach((at, row) => {
        if (!clear[row]) return; // a keyword or noise may leave open what is meant: nothing to be learned better
        let sum = 0;
        for (let t = 0; t < targets[at]!.tokens.length; t++) sum += nats.data[row * length + t]!;
        choice.report(at, sum);
      });
      return { loss, texts: n };
    },
    async weights() {
      const model = await training.weights();
      const used = tokensOf.map((tokens) => new Set(tokens));
      return { model, heads, table: tensor([table.count, dim], table.weights), tokensOf: used };
    },
    async save(notes) {
      const own: Notes = { draw: draw.state, losses: [...choice.losses], notes };
      return writeCheckpoint({ trainer: await training.save(), tables: { tokens: table }, notes: own });
    },
    restore(bytes) {
      const saved = readCheckpoint<Params>(bytes);
      const { draw: state, losses, notes } = saved.notes as Notes;
      training.restore(saved.trainer);
      table = saved.tables!['tokens']!;
      draw = random(state);
      choice = sampler(targets, options, draw, Float32Array.from(losses));
      return notes;
    },
    [Symbol.dispose]() {
      training[Symbol.dispose]();
    },
  };
}
