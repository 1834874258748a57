import { loadAlignment, ssim } from '@cognate/aligner';
import {
  csls,
  dotProducts,
  embeddings,
  floats,
  neighbourhood,
  normalizeRows,
  random,
  readSafetensors,
  type Alignment,
  type Embeddings,
} from '@cognate/core';
import { compile, release, tensor, toDevice, type DeviceArray, type Tensor } from '@cognate/nn';
import { loadConcepts, type Concept } from '../data/concepts.ts';
import type { ImageModel } from '../image/model.ts';
import { imageSpace } from '../image/publish.ts';
import { draw, type Canvas } from './canvas.ts';
import { pictureSize } from './frames.ts';
import { pictureLength, type Framed } from './gallery.ts';
import { lookAt } from './look.ts';
import type { Painter } from './painter.ts';
import { paintStyles, sketch, styleCount, type Sketch, type Sketched } from './sketch.ts';

/** Pictures to paint, one after the other. */
export interface Question {
  readonly name: string;
  readonly hexcodes: readonly string[];
  /** Rows of the image space, unit length. */
  readonly points: Float32Array<ArrayBuffer>;
  /** Index of the style to paint in. */
  readonly styles: readonly number[];
  /** The true picture of that style, and the picture that the point is of. */
  readonly truths: readonly Uint8Array[];
  readonly inputs: readonly Uint8Array[];
}

/** Points of pictures and names as the shipped encoders give them, and the way between them. */
export interface World {
  readonly alignment: Alignment;
  /** English names of all concepts, and their hexcodes. */
  readonly names: Embeddings;
  readonly nameOf: ReadonlyMap<string, number>;
  /** Points of pictures by style and hexcode. */
  readonly pictures: ReadonlyMap<string, ReadonlyMap<string, Float32Array<ArrayBuffer>>>;
}

async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`loadWorld(): ${path} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

export async function loadWorld(): Promise<World> {
  const bank = async (name: string): Promise<{ rows: Float32Array<ArrayBuffer>; items: readonly string[] }> => {
    const file = readSafetensors(await fetchBytes(`/packages/starter/banks/${name}.safetensors`));
    return { rows: floats(file, 'rows'), items: JSON.parse(file.metadata['items']!) as readonly string[] };
  };
  const alignment = loadAlignment(await fetchBytes('/packages/starter/alignments/text-image.safetensors'));
  const text = await bank('text-en');
  const records = (await loadConcepts()).map(({ hexcode }) => hexcode);
  const pictures = new Map<string, ReadonlyMap<string, Float32Array<ArrayBuffer>>>();
  for (const style of paintStyles) {
    const { rows, items } = await bank(`image-${style}`);
    const { dim } = imageSpace;
    pictures.set(style, new Map(items.map((hexcode, i) => [hexcode, rows.slice(i * dim, (i + 1) * dim)])));
  }
  if (text.items.some((hexcode) => !records.includes(hexcode))) throw new Error('loadWorld(): unknown concepts');
  return {
    alignment,
    names: embeddings(alignment.source, text.rows),
    nameOf: new Map(text.items.map((hexcode, i) => [hexcode, i])),
    pictures,
  };
}

/** Where the alignment puts the English names of concepts in the image space, unit rows. */
export function namedPoints(
  { alignment, names, nameOf }: World,
  hexcodes: readonly string[],
): Float32Array<ArrayBuffer> {
  const { dim } = names.space;
  const data = new Float32Array(hexcodes.length * dim);
  hexcodes.forEach((hexcode, i) => {
    const at = nameOf.get(hexcode)! * dim;
    data.set(names.data.subarray(at, at + dim), i * dim);
  });
  const { data: points } = alignment.forward(embeddings(names.space, data));
  normalizeRows(points, imageSpace.dim);
  return points;
}

/** Questions of one part of the split: from pictures of another style, and from names. */
export function makeQuestions(
  world: World,
  gallery: readonly Framed[],
  part: Concept['part'],
  count: number,
  seed = 3,
): Question[] {
  const byStyle = paintStyles.map(
    (style) => new Map(gallery.flatMap((each) => (each.style === style ? [[each.hexcode, each]] : []))),
  );
  const shared = [...byStyle[0]!.values()].filter(
    (each) => each.part === part && byStyle.every((drawn) => drawn.has(each.hexcode)) && world.nameOf.has(each.hexcode),
  );
  const draw = random(seed);
  const chosen = [...draw.permutation(shared.length)].slice(0, count).map((i) => shared[i]!.hexcode);
  const pairs = chosen.map((_, i) => [i % 3, (i + 1 + (Math.floor(i / 3) % 2)) % 3] as const);
  const points = new Float32Array(chosen.length * imageSpace.dim);
  chosen.forEach((hexcode, i) => {
    points.set(world.pictures.get(paintStyles[pairs[i]![0]]!)!.get(hexcode)!, i * imageSpace.dim);
  });
  const rest = {
    hexcodes: chosen,
    styles: pairs.map(([, to]) => to),
    truths: chosen.map((hexcode, i) => byStyle[pairs[i]![1]]!.get(hexcode)!.picture),
    inputs: chosen.map((hexcode, i) => byStyle[pairs[i]![0]]!.get(hexcode)!.picture),
  };
  return [
    { name: `${part}.image`, points, ...rest },
    { name: `${part}.text`, points: namedPoints(world, chosen), ...rest },
  ];
}

/** What came of points, row by row. */
export interface Sketches {
  /** `[n, 64, 64, 4]`, drawn small. */
  readonly pictures: Float32Array;
  /** The points that the image encoder gives the pictures, and those that they should have; unit rows. */
  readonly seen: Float32Array<ArrayBuffer>;
  readonly goals: Float32Array<ArrayBuffer>;
}

/** Sketches with weights as they are. */
export interface Easel extends Disposable {
  sketch(points: Float32Array, styles: readonly number[]): Promise<Sketches>;
}

const easelBatch = 32;

export function createEasel(weights: Sketch<Tensor>, canvas: Canvas<Tensor>): Easel {
  const device = toDevice<Painter<Tensor>>({ sketch: weights, canvas });
  const apply = (part: keyof Sketched) =>
    compile<Sketch>((params, points: DeviceArray, styles: DeviceArray) => {
      const both = sketch(params, points, styles);
      both[part === 'latents' ? 'goals' : 'latents'].dispose();
      return both[part];
    });
  const [guess, aim] = [apply('latents'), apply('goals')];
  const { encoder, ...rest } = device.canvas;
  const paint = compile<Omit<Canvas, 'encoder'>>((params, x: DeviceArray, styles: DeviceArray) =>
    draw(params, x, styles, { small: true }),
  );
  const look = compile<ImageModel>((params, x: DeviceArray) => lookAt(params, x));
  return {
    async sketch(points, styles) {
      const { dim } = imageSpace;
      const pictures = new Float32Array(styles.length * pictureLength);
      const [seen, goals] = [new Float32Array(styles.length * dim), new Float32Array(styles.length * dim)];
      for (let start = 0; start < styles.length; start += easelBatch) {
        const size = Math.min(easelBatch, styles.length - start);
        const z = new Float32Array(easelBatch * dim);
        z.set(points.subarray(start * dim, (start + size) * dim));
        const hot = new Float32Array(easelBatch * styleCount);
        for (let i = 0; i < size; i++) hot[i * styleCount + styles[start + i]!] = 1;
        const asked = (): [Tensor, Tensor] => [
          tensor([easelBatch, dim], z.slice()),
          tensor([easelBatch, styleCount], hot.slice()),
        ];
        goals.set((await aim(device.sketch, ...asked())).data.subarray(0, size * dim), start * dim);
        const { data } = await paint(rest, await guess(device.sketch, ...asked()), asked()[1]);
        const shape = [easelBatch, pictureSize, pictureSize, 4];
        const { data: rows } = await look(encoder, tensor(shape, data.slice()));
        pictures.set(data.subarray(0, size * pictureLength), start * pictureLength);
        seen.set(rows.subarray(0, size * dim), start * dim);
      }
      return { pictures, seen, goals };
    },
    [Symbol.dispose]() {
      release(device);
      for (const each of [guess, aim, paint, look]) each[Symbol.dispose]();
    },
  };
}

/** How well sketches answer a question. */
export type Verdict = {
  /** The concept's own English name comes first among all, through the alignment: of pictures, and of the goals. */
  readonly r1: number;
  readonly goalR1: number;
  /** Cosine of the picture's point with its goal; of the point, the goal and the picture's point with the true picture's. */
  readonly cycle: number;
  readonly pointTruth: number;
  readonly goalTruth: number;
  readonly truth: number;
  /** Structural similarity to the true picture, and that of the picture which the point is of. */
  readonly ssim: number;
  readonly ssimInput: number;
};

export function judge(world: World, question: Question, { pictures, seen, goals }: Sketches): Verdict {
  const { hexcodes, points, styles } = question;
  const { dim } = imageSpace;
  const candidates = world.alignment.project(world.names);
  const crowd = world.alignment.anchors.target;
  const first = (rows: Float32Array<ArrayBuffer>): number => {
    const queries = world.alignment.project(embeddings(world.alignment.target, rows));
    const scores = dotProducts(queries.data, candidates.data, queries.space.dim);
    csls(scores, neighbourhood(queries, candidates), neighbourhood(candidates, crowd));
    let hits = 0;
    hexcodes.forEach((hexcode, i) => {
      const row = scores.subarray(i * candidates.count, (i + 1) * candidates.count);
      const own = row[world.nameOf.get(hexcode)!]!;
      if (row.every((score, j) => j === world.nameOf.get(hexcode)! || score < own)) hits++;
    });
    return hits / hexcodes.length;
  };
  const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  const mean = (of: (i: number) => number): number => hexcodes.reduce((sum, _, i) => sum + of(i), 0) / hexcodes.length;
  const rowOf = (rows: Float32Array, i: number): Float32Array => rows.subarray(i * dim, (i + 1) * dim);
  const real = (i: number): Float32Array => world.pictures.get(paintStyles[styles[i]!]!)!.get(hexcodes[i]!)!;
  return {
    r1: first(seen),
    goalR1: first(goals),
    cycle: mean((i) => cosine(rowOf(seen, i), rowOf(goals, i))),
    pointTruth: mean((i) => cosine(rowOf(points, i), real(i))),
    goalTruth: mean((i) => cosine(rowOf(goals, i), real(i))),
    truth: mean((i) => cosine(rowOf(seen, i), real(i))),
    ssim: mean((i) =>
      likeness(pictures.subarray(i * pictureLength, (i + 1) * pictureLength), question.truths[i]!, 255),
    ),
    ssimInput: mean((i) => likeness(question.inputs[i]!, question.truths[i]!, 1)),
  };
}

/** SSIM of the brightness of two pictures on white. @param gain what brings `a` to 0..255. */
function likeness(a: ArrayLike<number>, b: ArrayLike<number>, gain: number): number {
  const side = Math.sqrt(pictureLength / 4);
  const brightness = (x: ArrayLike<number>, scale: number): Float32Array =>
    Float32Array.from({ length: side * side }, (_, i) => {
      const at = (k: number): number => Math.min(255, Math.max(0, x[4 * i + k]! * scale));
      return Math.min(255, 0.299 * at(0) + 0.587 * at(1) + 0.114 * at(2) + 255 - at(3));
    });
  return ssim(brightness(a, gain), brightness(b, 1), side);
}
