import { frechetDistance, ssim } from '@cognate/aligner';
import { rows as pickRows, type Embeddings } from '@cognate/core';
import type { Tensor } from '@cognate/nn';
import { conceptsIn } from '../align/points.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Row } from '../data/row.ts';
import { pictureSize } from './frames.ts';
import { inksOf } from './inks.ts';
import {
  cycleScores,
  drawPainted,
  inTurn,
  loadWorld,
  ownNames,
  paint,
  pairedCosines,
  pickTasks,
  realPoints,
  type Painted,
  type Task,
  type World,
} from './painting-questions.ts';
import { paintingsCard } from './paintings-card.ts';
import { otherEyeRows } from './other-eye.ts';
import { loadSquaredErrorPainter } from './squared-error.ts';
import { trainStyleClassifier } from './style-classifier.ts';

/** Concepts seen in training that are asked about, by a seeded draw; of those held out, all. */
const seenCount = 500;

/** Real pictures by other hands, beside which the painter's Fréchet distance stands. */
const otherStyles = ['noto-v1', 'emojitwo', 'fluent'];

/** The shipped painter on concepts that it was trained on and on concepts that are held out. */
export async function evaluatePainter(
  host: RecipeHost,
  { cards = false }: { readonly cards?: boolean } = {},
): Promise<readonly Row[]> {
  await using world = await loadWorld(host, otherStyles);
  const { points, painter } = world;
  const { styles } = painter;
  const [seen, heldOut] = [drawPainted(world, 'train', seenCount), drawPainted(world, 'heldOut')];
  const rows: Row[] = [];
  const add = (id: string, value: number, unit: string, rest: Partial<Row> = {}): void =>
    void rows.push({ id: `painter.${id}`, value, unit, ...rest });

  const alone = { plain: true } as const;
  const sketches = { plain: true, steps: 0 } as const;
  const seenImage = await paint(world, inTurn(seen, styles), 'image', alone);
  const seenText = await paint(world, inTurn(seen, styles), 'text');
  const real = realPoints(world, seenImage.tasks);
  const lately = await paint(world, inTurn(drawPainted(world, 'validation'), styles), 'image', alone);
  const chance = 1 / points.concepts.length;
  const recalled = async (painted: Painted, rows = painted.seen): Promise<string> =>
    (await recall(world, painted, rows)).toFixed(3);
  add('seen.image.r1', await recall(world, seenImage, seenImage.seen), 'recall', {
    chance,
    n: seen.length,
    note: `pictures of other styles painted anew, ${painter.steps} steps; names by CSLS; sketches ${await recalled(await paint(world, inTurn(seen, styles), 'image', sketches))}, real pictures ${await recalled(seenImage, real)}; ${lately.tasks.length} concepts that the painter has learned and the encoder has not ${await recalled(lately)}, their real pictures ${await recalled(lately, realPoints(world, lately.tasks))}`,
  });
  add('seen.text.r1', await recall(world, seenText, seenText.seen), 'recall', {
    chance,
    n: seen.length,
    note: `from English names through the alignment, the best of four sketches by cycle score, improved; known are pictures of training concepts; from the aligned point alone ${await recalled(await paint(world, inTurn(seen, styles), 'text', alone))}`,
  });
  host.log('painter: concepts seen in training painted');

  // Every style from another one.
  const every = styles.flatMap((to, i) =>
    heldOut.map((hexcode) => ({ hexcode, from: styles[(i + 1) % styles.length]!, to })),
  );
  const image = await paint(world, every, 'image', alone);
  const sketched = await paint(world, every, 'image', sketches);
  const text = await paint(world, inTurn(heldOut, styles), 'text');
  host.log('painter: held-out concepts painted');
  const known = conceptsIn(points, world.learned, styles);
  const alike = (painted: Painted): number => mean(cycleScores(world, painted, known).own);
  for (const [id, painted, note] of [
    ['heldout.cycle', image, `which its steps climb; sketches ${alike(sketched).toFixed(3)}`],
    ['heldout.cycle.text', text, 'where names and pictures meet; the best of four sketches, improved'],
  ] as const) {
    const { own, found } = cycleScores(world, painted, known);
    add(id, mean(own), 'cosine', {
      baseline: mean(found),
      n: own.length,
      note: `${note}; baseline: the nearest real picture of a training concept in that style`,
    });
  }
  add('heldout.image.r1', await recall(world, image, image.seen), 'recall', {
    chance,
    n: every.length,
    note: `real pictures reach ${await recalled(image, realPoints(world, image.tasks))}`,
  });

  const training = styles.flatMap((style, label) =>
    known.map((hexcode) => ({ picture: world.pictures.get(style)!.get(hexcode)!, style, label })),
  );
  const styleOf = trainStyleClassifier(training.map(({ picture }) => picture), training.map(({ label }) => label), styles.length); // prettier-ignore
  const agrees = (tasks: readonly Task[], pictures: readonly Uint8Array[]): number =>
    mean(pictures.map((picture, i) => +(styles[styleOf(picture)] === tasks[i]!.to)));
  const truths = image.tasks.map(({ hexcode, to }) => world.pictures.get(to)!.get(hexcode)!);
  const inputs = image.tasks.map(({ hexcode, from }) => world.pictures.get(from)!.get(hexcode)!);
  const all = [image, text, seenImage, seenText];
  add(
    'style',
    agrees(
      all.flatMap(({ tasks }) => tasks),
      all.flatMap(({ pictures }) => pictures),
    ),
    'share',
    {
      // prettier-ignore
      chance: 1 / styles.length,
      n: all.reduce((sum, { tasks }) => sum + tasks.length, 0),
      note: `logistic regression on colours of areas and rims and on silhouettes, trained on real pictures; on real held-out pictures ${agrees(image.tasks, truths).toFixed(3)}`,
    },
  );
  host.log('painter: styles told apart');

  const target = realPoints(world, image.tasks);
  const cosines = (a: Embeddings): number => mean(pairedCosines(a, target));
  add('restyle.cosine', cosines(image.seen), 'cosine', {
    baseline: cosines(image.asked),
    n: every.length,
    note: `to the true picture of that style, held out; baseline: the input picture; sketches ${cosines(sketched.seen).toFixed(3)}`,
  });
  const similarity = (pictures: readonly Uint8Array[]): number =>
    mean(pictures.map((picture, i) => ssim(brightness(picture), brightness(truths[i]!), pictureSize)));
  add('restyle.ssim', similarity(image.pictures), 'ssim', {
    baseline: similarity(inputs),
    n: every.length,
    note: `brightness on white, to the true picture of that style; baseline: the input picture; sketches ${similarity(sketched.pictures).toFixed(3)}`,
  });
  rows.push(...(await otherEyeRows(world, { image, sketched, inputs })));

  rows.push(...(await frechetRows(world, image, target, known, inksOf(training))));
  if (cards) await paintingsCard(host, world, { seen, heldOut });
  return rows;
}

async function frechetRows(
  world: World,
  { tasks, seen }: Painted,
  real: Embeddings,
  known: readonly string[],
  inks: Tensor,
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
  const squared = await loadSquaredErrorPainter(inks);
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

/** Grey levels on white, 0 to 255. */
function brightness(picture: Uint8Array): Float32Array {
  return Float32Array.from({ length: picture.length / 4 }, (_, i) => {
    const [r, g, b, a] = picture.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    return 0.299 * r + 0.587 * g + 0.114 * b + 255 - a;
  });
}

/** How often the concept's own English name comes first among all. */
const recall = async (world: World, painted: Painted, pictures: Embeddings): Promise<number> =>
  mean((await ownNames(world, painted, pictures, 1)).map(Number));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
