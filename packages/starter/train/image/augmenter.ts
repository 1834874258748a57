import type { Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { AugmentRequest, AugmentStart } from './augment.worker.ts';
import { loadPictures, type PictureSet } from './pictures.ts';
import type { Redrawing } from './redraw.ts';

const trainingStyles = [
  'noto',
  'noto-v1',
  'twemoji',
  'fluent',
  'fluent-flat',
  'fluent-contrast',
  'fxemoji',
  'emojitwo',
];
const outlinedStyles = ['noto', 'noto-v1', 'twemoji', 'fluent-flat', 'fxemoji', 'emojitwo'];
const lineStyles = ['twemoji', 'fluent-flat', 'fxemoji', 'emojitwo'];
/** Unicode groups whose members a mirror would turn into others: symbols, flags. */
const unmirrored = new Set([8, 9]);

/** Every style that may be trained on, with its redrawings. */
export async function trainingSets(host: RecipeHost): Promise<readonly PictureSet[]> {
  const wanted: [string, Redrawing?][] = [
    ...trainingStyles.map((style): [string] => [style]),
    ...outlinedStyles.flatMap((style): [string, Redrawing][] => [
      [style, 'outlined'],
      [style, 'thin'],
    ]),
    ...lineStyles.map((style): [string, Redrawing] => [style, 'lines']),
  ];
  const sets: PictureSet[] = [];
  for (const [style, redrawing] of wanted) sets.push(await loadPictures(host, style, redrawing));
  return sets;
}

/** Starts the augmenting worker with every picture of a training concept; answers requests in order. */
export async function startAugmenter(
  host: RecipeHost,
  sets: readonly PictureSet[],
  training: readonly Concept[],
): Promise<(request: AugmentRequest) => Promise<Float32Array<ArrayBuffer>>> {
  const worker = new Worker(new URL('./augment.worker.js', import.meta.url), { type: 'module' });
  type Answer = { pixels: Float32Array<ArrayBuffer>; pictures: number };
  const answers: { resolve: (data: Answer) => void; reject: (error: Error) => void }[] = [];
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => answers.shift()!.resolve(data));
  worker.addEventListener('error', ({ message }) => {
    for (const { reject } of answers.splice(0)) reject(new Error(`augment.worker: ${message}`));
  });
  const start: AugmentStart = {
    sets,
    concepts: training.map(({ hexcode }) => hexcode),
    mayMirror: training.map(({ group }) => !unmirrored.has(group)),
  };
  const ask = (message: AugmentStart | AugmentRequest, transfer: Transferable[] = []) =>
    new Promise<Answer>((resolve, reject) => {
      answers.push({ resolve, reject });
      worker.postMessage(message, transfer);
    });
  const { pictures } = await ask(
    start,
    sets.map(({ rgba }) => rgba.buffer),
  );
  host.log(`${pictures} rasters of ${training.length} concepts`);
  return async (request) => (await ask(request)).pixels;
}
