import {
  dotProducts,
  floats,
  random,
  readSafetensors,
  toHalf,
  topK,
  writeSafetensors,
  type Random,
} from '@cognate/core';
import type { RecipeHost } from '../data/recipe-host.ts';
import { loadShippedText } from '../text/evaluate.ts';
import { textDim } from '../text/text-model.ts';
import type { ConceptTexts } from '../text/texts.ts';
import type { PointMix } from './options.ts';
import type { DrawPoint } from './training.ts';

/** Points of everything that is said of each concept, in every language that the text encoder knows. */
export interface ConditionPoints {
  /** `[texts, 256]`, unit rows, concept by concept: its names first, then keywords and mixtures of both. */
  readonly rows: Float32Array;
  /** `[concepts + 1]`: where each concept starts. */
  readonly starts: Int32Array;
  /** `[concepts]`: how many of a concept's rows are names. */
  readonly names: Int32Array;
}

/** Concepts that a concept is mixed with: those whose points are nearest to its own. */
const neighbourCount = 16;

/** Draws of keywords kept for each concept, beside its names. */
const keywordTexts = 32;

/** The texts of a concept: all names, then a seeded draw of single keywords, of two to four, and of a name with some. */
export function conditionTexts(
  { texts }: ConceptTexts,
  draw: Random,
): { readonly names: string[]; readonly others: string[] } {
  const names = texts.map(({ name }) => name);
  const told = texts.filter(({ keywords }) => keywords.length > 0);
  if (told.length === 0) return { names, others: [] };
  const others = Array.from({ length: keywordTexts }, () => {
    const { name, keywords } = told[draw.below(told.length)]!;
    const order = [...draw.permutation(keywords.length)].map((i) => keywords[i]!);
    const kind = draw.below(3);
    if (kind === 0) return order[0]!;
    if (kind === 1) return order.slice(0, 2 + draw.below(3)).join(' ');
    return [name, ...order.slice(0, 1 + draw.below(3))].join(' ');
  });
  return { names, others };
}

/** Encodes them with the shipped text encoder, or takes them from an earlier run with the same encoder. */
export async function loadConditionPoints(
  host: RecipeHost,
  concepts: readonly ConceptTexts[],
): Promise<ConditionPoints> {
  const draw = random(7);
  const texts = concepts.map((concept) => conditionTexts(concept, draw));
  const all = texts.flatMap((each) => [...each.names, ...each.others]);
  const starts = new Int32Array(concepts.length + 1);
  texts.forEach(({ names, others }, i) => (starts[i + 1] = starts[i]! + names.length + others.length));
  const names = Int32Array.from(texts, (each) => each.names.length);
  return { rows: await pointsOf(host, 'points', all), starts, names };
}

/** Points of texts `[texts, 256]`, of the shipped encoder, in half precision. */
export async function pointsOf(host: RecipeHost, name: string, all: readonly string[]): Promise<Float32Array> {
  const file = `${name}-${await encoderKey()}-${all.length}.safetensors`;
  const shape = [all.length, textDim];
  const stored = await host.load(file);
  if (stored) return floats(readSafetensors(stored), 'rows', shape);
  const rows = new Float32Array(all.length * textDim);
  await using encoder = await loadShippedText();
  const chunk = 4096;
  for (let from = 0; from < all.length; from += chunk) {
    rows.set((await encoder.encode(all.slice(from, from + chunk))).data, from * textDim);
    if ((from / chunk) % 4 === 0) host.log(`encoded ${from} of ${all.length} texts`);
  }
  const half = { dtype: 'F16', shape, data: toHalf(rows) } as const;
  await host.save(file, writeSafetensors([['rows', half]], {}));
  return rows;
}

/**
 * A draw of the point of what is to be written, as it may come at inference: of a keyword its own, of a concept of one text or as the mean of several, as a projection onto known
 * points gives it; sometimes on the way to a concept nearby, as points of new concepts lie; and sometimes with noise, as
 * an alignment leaves it. Unit length.
 * @see Nukrai et al. 2022, Text-Only Training for Image Captioning using Noise-Injected CLIP, arXiv:2211.00575. Zhang et
 * al. 2018, mixup: Beyond Empirical Risk Minimization, arXiv:1710.09412; here the nearer concept is the one to be told.
 */
export function drawPoints(points: ConditionPoints, options: PointMix): DrawPoint {
  const { rows, starts, names } = points;
  const nearby = options.mixed > 0 ? neighbours(points) : [];
  const other = new Float32Array(textDim);
  /** Whether only names came in. */
  const drawTexts = (concept: number, draw: Random, into: Float32Array): boolean => {
    const [start, end] = [starts[concept]!, starts[concept + 1]!];
    const named = names[concept]!;
    const count = draw.next() < options.means ? 2 + draw.below(5) : 1;
    into.fill(0);
    let namesAlone = true;
    for (let i = 0; i < count; i++) {
      const byName = draw.next() < options.names || start + named === end;
      const at = byName ? start + draw.below(named) : start + named + draw.below(end - start - named);
      namesAlone &&= byName;
      for (let d = 0; d < textDim; d++) into[d]! += rows[at * textDim + d]!;
    }
    scaleTo(into, 1);
    return namesAlone;
  };
  return ({ concept, point }, draw, into) => {
    if (point) into.set(point);
    let plain = point !== undefined || drawTexts(concept, draw, into);
    if (draw.next() < options.mixed) {
      plain = false;
      const near = nearby[concept]!;
      drawTexts(near[draw.below(near.length)]!, draw, other);
      const share = 0.05 + 0.4 * draw.next();
      for (let d = 0; d < textDim; d++) into[d] = (1 - share) * into[d]! + share * other[d]!;
      scaleTo(into, 1);
    }
    if (draw.next() < options.noisy) {
      plain = false;
      const cosine = options.cosine + (1 - options.cosine) * draw.next();
      const deviation = Math.sqrt((1 / cosine ** 2 - 1) / textDim);
      for (let d = 0; d < textDim; d++) into[d]! += deviation * draw.normal();
      scaleTo(into, 1);
    }
    return plain;
  };
}

/** Nearest concepts of each one, by the mean of the points of its names. */
function neighbours({ rows, starts, names }: ConditionPoints): readonly (readonly number[])[] {
  const count = names.length;
  const means = new Float32Array(count * textDim);
  for (let concept = 0; concept < count; concept++) {
    const mean = means.subarray(concept * textDim, (concept + 1) * textDim);
    for (let i = starts[concept]!; i < starts[concept]! + names[concept]!; i++) {
      for (let d = 0; d < textDim; d++) mean[d]! += rows[i * textDim + d]!;
    }
    scaleTo(mean, 1);
  }
  return Array.from({ length: count }, (_, concept) => {
    const cosines = dotProducts(means.subarray(concept * textDim, (concept + 1) * textDim), means, textDim);
    cosines[concept] = -1;
    return topK(cosines, Math.min(neighbourCount, count - 1));
  });
}

function scaleTo(row: Float32Array, length: number): void {
  let squares = 0;
  for (const value of row) squares += value * value;
  const factor = length / Math.sqrt(squares || 1);
  for (let d = 0; d < row.length; d++) row[d]! *= factor;
}

/** Changes with every byte of the shipped text encoder. */
async function encoderKey(): Promise<string> {
  const response = await fetch('/packages/starter/models/cognate/text/onnx/model.onnx');
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return [...new Uint8Array(digest).subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
