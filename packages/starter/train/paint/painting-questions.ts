import {
  dotProducts,
  rows as pickRows,
  searchIndex,
  type Alignment,
  type Embeddings,
  type Encoder,
  type Picture,
} from '@cognate/core';
import { decodeHybrid, memory, type Made, type Painter } from '@cognate/decoders';
import { loadShippedAlignment } from '../align/evaluate.ts';
import { conceptsIn, loadPoints, pick, type Points } from '../align/points.ts';
import { drawConcepts } from '../caption/caption-questions.ts';
import { learnedParts, type Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { loadPictures } from '../image/pictures.ts';
import { imageDataOf, loadShippedImage } from '../image/shipped.ts';
import { framePicture, fromImageData } from './frames.ts';
import { loadShippedPainter } from './shipped.ts';

/** Everything that pictures are painted with and judged by. */
export interface World {
  readonly points: Points;
  readonly alignment: Alignment;
  readonly painter: Painter;
  readonly encoder: Encoder<Picture>;
  /** Concepts that the painter has learned; before its last run, those of `train` alone. */
  readonly learned: readonly Concept['part'][];
  /** Framed as the painter paints: premultiplied RGBA, `[64, 64, 4]`, by style and hexcode. */
  readonly pictures: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;
}

/** A picture to be painted: of which concept, from a picture of which style, or from its name, and in which style. */
export interface Task {
  readonly hexcode: string;
  readonly from: string;
  readonly to: string;
}

/** What came of tasks: row i of each belongs to task i. */
export interface Painted {
  readonly tasks: readonly Task[];
  /** Points of the pictures or names that were asked about, in their own space. */
  readonly asked: Embeddings;
  readonly images: readonly ImageData[];
  /** The same, framed as other pictures are. */
  readonly pictures: readonly Uint8Array[];
  /** Of the painted pictures, encoded again. */
  readonly seen: Embeddings;
  /** Cycle scores of the sketches. */
  readonly scores: readonly number[];
}

/** The shipped models, with real pictures of the painted styles and points of those and of `others`. */
export async function loadWorld(
  host: RecipeHost,
  others: readonly string[],
  learned: readonly Concept['part'][] = learnedParts,
): Promise<World & AsyncDisposable> {
  const [painter, encoder, alignment] = [
    await loadShippedPainter(),
    await loadShippedImage(),
    await loadShippedAlignment(),
  ];
  const points = await loadPoints(host, ['en'], [...painter.styles, ...others]);
  const pictures = await framedPictures(host, painter.styles);
  return {
    ...{ points, alignment, painter, encoder, pictures, learned },
    async [Symbol.asyncDispose]() {
      await painter[Symbol.asyncDispose]();
      await encoder[Symbol.asyncDispose]();
    },
  };
}

/** Concepts to ask about, at most `count`, by a seeded draw; all are drawn in every style that is painted. */
export function drawPainted({ points, painter }: World, part: Concept['part'], count = Infinity): readonly string[] {
  const whole = new Set(conceptsIn(points, [part], painter.styles));
  return drawConcepts(points, [part], Infinity)
    .filter((hexcode) => whole.has(hexcode))
    .slice(0, count);
}

/** Each concept once, from one style to another, all pairs of styles in turn. */
export function inTurn(hexcodes: readonly string[], styles: readonly string[]): readonly Task[] {
  const pairs = styles.flatMap((from) => styles.filter((to) => to !== from).map((to) => ({ from, to })));
  return hexcodes.map((hexcode, i) => ({ hexcode, ...pairs[i % pairs.length]! }));
}

/** Candidates for each point, as pages make them: itself, its mix of known points, the two nearest known points. */
const candidates = 4;

/**
 * Paints each task as pages do: sketches candidates, improves the one with the best cycle score, and encodes what comes of
 * it. What is known are the pictures of learned concepts in that style. `plain` paints from the points alone; `steps` as
 * many as given.
 */
export async function paint(
  { points, alignment, painter, encoder, learned }: World,
  tasks: readonly Task[],
  source: 'image' | 'text',
  { plain = false, steps }: { readonly plain?: boolean; readonly steps?: number } = {},
): Promise<Painted> {
  const askedFor = (chosen: readonly Task[]): Embeddings =>
    source === 'text'
      ? pick(points.names.get('en')!, chosen.map(({ hexcode }) => hexcode)) // prettier-ignore
      : pickTasks(points, chosen, 'from');
  const trained = conceptsIn(points, learned, painter.styles);
  const made: Made<ImageData>[] = [];
  for (const style of painter.styles) {
    const at = tasks.flatMap(({ to }, i) => (to === style ? [i] : []));
    const asked = askedFor(at.map((i) => tasks[i]!)); // prettier-ignore
    const known = pick(points.pictures.get(style)!, trained);
    const meet = (batch: Embeddings): Embeddings => (source === 'text' ? alignment.project(batch) : batch);
    const found = await decodeHybrid(
      source === 'text' ? alignment.forward(asked) : asked,
      {
        decode: (batch, seed) => painter.decode(batch, { style, seed, steps }),
        draft: (batch, seed) => painter.decode(batch, { style, seed, steps: 0 }),
        cycle: { encode: (samples) => encoder.encode(samples), project: meet },
        memory: plain ? undefined : memory(known, { keys: meet(known) }),
      },
      { candidates: plain ? 1 : candidates, asked },
    );
    at.forEach((i, k) => (made[i] = found[k]![0]!));
  }
  const images = made.map(({ sample }) => sample);
  return {
    tasks,
    asked: askedFor(tasks),
    images,
    pictures: images.map(fromImageData),
    seen: await encoder.encode(images),
    scores: made.map(({ score }) => score),
  };
}

/** Points of the real pictures that tasks are from, or ought to come to. */
export function pickTasks({ pictures }: Points, tasks: readonly Task[], side: 'from' | 'to'): Embeddings {
  const { space } = [...pictures.values()][0]!.points;
  const data = new Float32Array(tasks.length * space.dim);
  tasks.forEach((task, i) => data.set(pick(pictures.get(task[side])!, [task.hexcode]).data, i * space.dim));
  return { space, count: tasks.length, data };
}

export const realPoints = ({ points }: World, tasks: readonly Task[]): Embeddings => pickTasks(points, tasks, 'to');

/** Whether each concept's own English name is among the first `k` of all, by CSLS as pages find names. */
export async function ownNames(
  { points, alignment }: World,
  { tasks }: Painted,
  pictures: Embeddings,
  k: number,
): Promise<readonly boolean[]> {
  const { points: names, rowOf } = points.names.get('en')!;
  using index = await searchIndex(alignment.project(names), { anchors: alignment.anchors.target });
  const found = await index.search(alignment.project(pictures), k);
  return found.map(({ indices }, i) => indices.includes(rowOf.get(tasks[i]!.hexcode)!));
}

/** Cosines of what was painted, and of the nearest real picture in that style, with what was asked for. */
export function cycleScores(
  { points, alignment }: World,
  { tasks, asked, seen }: Painted,
  known: readonly string[],
): { own: number[]; found: number[] } {
  const fromText = asked.space.id !== seen.space.id;
  const meet = (batch: Embeddings): Embeddings => (fromText ? alignment.project(batch) : batch);
  const wanted = meet(asked);
  const banks = new Map([...new Set(tasks.map(({ to }) => to))].map((to) => [to, meet(pick(points.pictures.get(to)!, known))])); // prettier-ignore
  const found = tasks.map(({ to }, i) => {
    const { data, space } = banks.get(to)!;
    return dotProducts(pickRows(wanted, [i]).data, data, space.dim).reduce((a, b) => Math.max(a, b), -1);
  });
  return { own: pairedCosines(wanted, meet(seen)), found };
}

async function framedPictures(host: RecipeHost, styles: readonly string[]): Promise<World['pictures']> {
  const out = new Map<string, ReadonlyMap<string, Uint8Array>>();
  for (const style of styles) {
    const set = await loadPictures(host, style);
    out.set(style, new Map(set.hexcodes.map((hexcode, i) => [hexcode, framePicture(imageDataOf(set, i))])));
  }
  return out;
}

/** Of row i with row i. */
export function pairedCosines(a: Embeddings, b: Embeddings): number[] {
  const { dim } = a.space;
  return Array.from({ length: a.count }, (_, i) => {
    const [x, y] = [a, b].map(({ data }) => data.subarray(i * dim, (i + 1) * dim)) as [Float32Array, Float32Array];
    const dot = (p: Float32Array, q: Float32Array): number => p.reduce((sum, value, k) => sum + value * q[k]!, 0);
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  });
}
