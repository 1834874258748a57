import { frechetDistance, ssim } from '@cognate/aligner';
import {
  dotProducts,
  rows as pickRows,
  searchIndex,
  type Alignment,
  type Embeddings,
  type Encoder,
  type Picture,
} from '@cognate/core';
import type { Painter } from '@cognate/decoders';
import { loadShippedAlignment } from '../align/evaluate.ts';
import { conceptsIn, loadPoints, pick, type Points } from '../align/points.ts';
import { drawConcepts } from '../caption/caption-questions.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Row } from '../data/row.ts';
import { loadPictures } from '../image/pictures.ts';
import { imageDataOf, loadShippedImage } from '../image/shipped.ts';
import { framePicture, pictureSize } from './frames.ts';
import { loadSquaredErrorPainter } from './squared-error.ts';
import { loadShippedPainter } from './shipped.ts';
import { trainStyleClassifier } from './style-classifier.ts';
import { paintingsCard } from './paintings-card.ts';

/** Concepts seen in training that are asked about, by a seeded draw; of those held out, all. */
const seenCount = 200;

/** Real pictures by other hands, beside which the painter's Fréchet distance stands. */
const otherStyles = ['noto-v1', 'emojitwo', 'fluent'];

/** Everything that pictures are painted with and judged by. */
export interface World {
  readonly points: Points;
  readonly alignment: Alignment;
  readonly painter: Painter;
  readonly encoder: Encoder<Picture>;
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
  readonly pictures: readonly Uint8Array[];
  /** Of the painted pictures, encoded again. */
  readonly seen: Embeddings;
}

/** The shipped painter on concepts that it was trained on and on concepts that are held out. */
export async function evaluatePainter(
  host: RecipeHost,
  { cards = false }: { readonly cards?: boolean } = {},
): Promise<readonly Row[]> {
  await using painter = await loadShippedPainter();
  await using encoder = await loadShippedImage();
  const { styles } = painter;
  const points = await loadPoints(host, ['en'], [...styles, ...otherStyles]);
  const world: World = {
    points,
    alignment: await loadShippedAlignment(),
    painter,
    encoder,
    pictures: await framedPictures(host, styles),
  };
  const drawn = (part: 'train' | 'heldOut', count: number): readonly string[] => {
    const whole = new Set(conceptsIn(points, [part], styles));
    return drawConcepts(points, part, Infinity)
      .filter((hexcode) => whole.has(hexcode))
      .slice(0, count);
  };
  const [seen, heldOut] = [drawn('train', seenCount), drawn('heldOut', Infinity)];
  const rows: Row[] = [];
  const add = (id: string, value: number, unit: string, rest: Partial<Row> = {}): void =>
    void rows.push({ id: `painter.${id}`, value, unit, ...rest });
  const sampling = `${painter.steps} step${painter.steps > 1 ? 's' : ''}, guidance ${painter.guidance}`;

  const seenImage = await paint(world, inTurn(seen, styles), 'image');
  const seenText = await paint(world, inTurn(seen, styles), 'text');
  const real = realPoints(world, seenImage.tasks);
  const chance = 1 / points.concepts.length;
  add('seen.image.r1', await recallAmongNames(world, seenImage, seenImage.seen), 'recall', {
    chance,
    n: seen.length,
    note: `pictures of other styles painted anew, ${sampling}; names by CSLS; real pictures reach ${(await recallAmongNames(world, seenImage, real)).toFixed(3)}`,
  });
  add('seen.text.r1', await recallAmongNames(world, seenText, seenText.seen), 'recall', {
    chance,
    n: seen.length,
    note: 'from English names through the alignment',
  });
  host.log('painter: concepts seen in training painted');

  // Every style from another one.
  const every = styles.flatMap((to, i) =>
    heldOut.map((hexcode) => ({ hexcode, from: styles[(i + 1) % styles.length]!, to })),
  );
  const image = await paint(world, every, 'image');
  const text = await paint(world, inTurn(heldOut, styles), 'text');
  host.log('painter: held-out concepts painted');
  const known = conceptsIn(points, ['train'], styles);
  for (const [id, painted] of [
    ['heldout.cycle', image],
    ['heldout.cycle.text', text],
  ] as const) {
    // prettier-ignore
    const { own, found } = cycleScores(world, painted, known);
    const space = painted === image ? 'of the image encoder' : 'where names and pictures meet';
    add(id, mean(own), 'cosine', {
      baseline: mean(found),
      n: own.length,
      note: `in the space ${space}; baseline: the nearest real picture of a training concept in that style`,
    });
  }
  add('heldout.image.r1', await recallAmongNames(world, image, image.seen), 'recall', {
    chance,
    n: every.length,
    note: `real pictures reach ${(await recallAmongNames(world, image, realPoints(world, image.tasks))).toFixed(3)}`,
  });

  const training = styles.flatMap((style, label) =>
    known.map((hexcode) => ({ picture: world.pictures.get(style)!.get(hexcode)!, label })),
  );
  const classifier = await trainStyleClassifier(training.map(({ picture }) => picture), training.map(({ label }) => label), styles.length); // prettier-ignore
  const agrees = async (tasks: readonly Task[], pictures: readonly Uint8Array[]): Promise<number> =>
    mean((await classifier.classify(pictures)).map((style, i) => +(styles[style] === tasks[i]!.to)));
  const truths = image.tasks.map(({ hexcode, to }) => world.pictures.get(to)!.get(hexcode)!);
  const inputs = image.tasks.map(({ hexcode, from }) => world.pictures.get(from)!.get(hexcode)!);
  const all = [image, text, seenImage, seenText];
  add(
    'style',
    await agrees(
      all.flatMap(({ tasks }) => tasks),
      all.flatMap(({ pictures }) => pictures),
    ),
    'share',
    {
      // prettier-ignore
      chance: 1 / styles.length,
      n: all.reduce((sum, { tasks }) => sum + tasks.length, 0),
      note: `logistic regression on pixels; on real held-out pictures ${(await agrees(image.tasks, truths)).toFixed(3)}`,
    },
  );
  host.log('painter: styles told apart');

  const target = realPoints(world, image.tasks);
  const cosines = (a: Embeddings): number => mean(pairedCosines(a, target));
  add('restyle.cosine', cosines(image.seen), 'cosine', {
    baseline: cosines(image.asked),
    n: every.length,
    note: 'to the true picture of that style, held out; baseline: the input picture',
  });
  const alike = (pictures: readonly Uint8Array[]): number =>
    mean(pictures.map((picture, i) => ssim(brightness(picture), brightness(truths[i]!), pictureSize)));
  add('restyle.ssim', alike(image.pictures), 'ssim', {
    baseline: alike(inputs),
    n: every.length,
    note: 'brightness on white, to the true picture of that style; baseline: the input picture',
  });

  rows.push(...(await frechetRows(world, image, target, known)));
  if (cards) await paintingsCard(host, world, { seen, heldOut });
  return rows;
}

/** Each concept once, from one style to another, all pairs of styles in turn. */
export function inTurn(hexcodes: readonly string[], styles: readonly string[]): readonly Task[] {
  const pairs = styles.flatMap((from) => styles.filter((to) => to !== from).map((to) => ({ from, to })));
  return hexcodes.map((hexcode, i) => ({ hexcode, ...pairs[i % pairs.length]! }));
}

/** Paints each task with a seed of its own and encodes what comes of it. */
export async function paint(
  { points, alignment, painter, encoder }: World,
  tasks: readonly Task[],
  source: 'image' | 'text',
): Promise<Painted> {
  const askedFor = (chosen: readonly Task[]): Embeddings =>
    source === 'text'
      ? pick(points.names.get('en')!, chosen.map(({ hexcode }) => hexcode)) // prettier-ignore
      : pickTasks(points, chosen, 'from');
  const paintable = (batch: Embeddings): Embeddings => (source === 'text' ? alignment.forward(batch) : batch);
  const images: ImageData[] = [];
  for (const style of painter.styles) {
    const at = tasks.flatMap(({ to }, i) => (to === style ? [i] : []));
    const rows = paintable(askedFor(at.map((i) => tasks[i]!))); // prettier-ignore
    const painted = await painter.decode(rows, { style, seed: at });
    at.forEach((i, k) => (images[i] = painted[k]!));
  }
  return { tasks, asked: askedFor(tasks), pictures: images.map(premultiplied), seen: await encoder.encode(images) };
}

/** Points of the real pictures that tasks are from, or ought to come to. */
function pickTasks({ pictures }: Points, tasks: readonly Task[], side: 'from' | 'to'): Embeddings {
  const { space } = [...pictures.values()][0]!.points;
  const data = new Float32Array(tasks.length * space.dim);
  tasks.forEach((task, i) => data.set(pick(pictures.get(task[side])!, [task.hexcode]).data, i * space.dim));
  return { space, count: tasks.length, data };
}

const realPoints = ({ points }: World, tasks: readonly Task[]): Embeddings => pickTasks(points, tasks, 'to');

/** How often the concept's own English name comes first among all, by CSLS as pages find names. */
async function recallAmongNames(
  { points, alignment }: World,
  { tasks }: Painted,
  pictures: Embeddings,
): Promise<number> {
  const { points: names, rowOf } = points.names.get('en')!;
  using index = await searchIndex(alignment.project(names), { anchors: alignment.anchors.target });
  const found = await index.search(alignment.project(pictures), 1);
  return mean(found.map(({ indices }, i) => +(indices[0] === rowOf.get(tasks[i]!.hexcode))));
}

/** Cosines of what was painted, and of the nearest real picture in that style, with what was asked for. */
function cycleScores(
  { points, alignment }: World,
  { tasks, asked, seen }: Painted,
  known: readonly string[],
): { own: number[]; found: number[] } {
  const fromText = asked.space.id !== seen.space.id;
  const meet = (batch: Embeddings): Embeddings => (fromText ? alignment.project(batch) : batch);
  const wanted = meet(asked);
  const found = tasks.map(({ to }, i) => {
    const bank = meet(pick(points.pictures.get(to)!, known));
    return dotProducts(pickRows(wanted, [i]).data, bank.data, bank.space.dim).reduce((a, b) => Math.max(a, b), -1);
  });
  return { own: pairedCosines(wanted, meet(seen)), found };
}

async function frechetRows(
  world: World,
  { tasks, seen }: Painted,
  real: Embeddings,
  known: readonly string[],
): Promise<readonly Row[]> {
  const { points } = world;
  const heldOut = [...new Set(tasks.map(({ hexcode }) => hexcode))];
  const other = otherStyles.flatMap((to) =>
    heldOut.flatMap((hexcode) => (points.pictures.get(to)!.rowOf.has(hexcode) ? [{ hexcode, from: to, to }] : [])),
  );
  // Sets of one size: the fewer pictures, the larger the distance.
  const n = Math.min(other.length, tasks.length);
  const some = (batch: Embeddings): Embeddings =>
    pickRows(
      batch,
      Array.from({ length: n }, (_, i) => Math.floor((i * batch.count) / n)),
    );
  const distance = (batch: Embeddings): Promise<number> => frechetDistance(some(batch), some(real));
  const others = known
    .slice(0, heldOut.length)
    .flatMap((hexcode) => world.painter.styles.map((to) => ({ hexcode, from: to, to })));
  const squared = await loadSquaredErrorPainter();
  const mse = squared && (await distance(await world.encoder.encode(await squared(pickTasks(points, tasks, 'from'), tasks.map(({ to }) => to))))); // prettier-ignore
  const row = (id: string, value: number, note: string, rest: Partial<Row> = {}): Row => ({
    id: `painter.frechet${id}`,
    value,
    unit: 'distance',
    n,
    note,
    ...rest,
  });
  return [
    row(
      '',
      await distance(seen),
      `of points of the image encoder, from real held-out pictures; baseline: ${mse === undefined ? 'none here, since the squared-error stage of the recipe was not run on this machine' : 'the decoder trained on squared error alone'}`,
      mse === undefined ? {} : { baseline: mse },
    ),
    row(
      '.other-styles',
      await distance(pickTasks(points, other, 'to')),
      `real pictures of the same concepts in ${otherStyles.join(', ')}`,
    ),
    row(
      '.same-styles',
      await distance(pickTasks(points, others, 'to')),
      'real pictures of other concepts in the same styles',
    ),
  ];
}

async function framedPictures(host: RecipeHost, styles: readonly string[]): Promise<World['pictures']> {
  const out = new Map<string, ReadonlyMap<string, Uint8Array>>();
  for (const style of styles) {
    const set = await loadPictures(host, style);
    out.set(style, new Map(set.hexcodes.map((hexcode, i) => [hexcode, framePicture(imageDataOf(set, i))])));
  }
  return out;
}

export function premultiplied({ data }: ImageData): Uint8Array {
  return Uint8Array.from(data, (value, i) =>
    i % 4 === 3 ? value : Math.round((value * data[i - (i % 4) + 3]!) / 255),
  );
}

/** Grey levels on white, 0 to 255. */
function brightness(picture: Uint8Array): Float32Array {
  return Float32Array.from({ length: picture.length / 4 }, (_, i) => {
    const [r, g, b, a] = picture.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    return 0.299 * r + 0.587 * g + 0.114 * b + 255 - a;
  });
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

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
