import { random } from '@cognate/core';
import { contentBox, type Box } from '@cognate/image-encoders/preprocess';
import { augment } from './augment.ts';
import { rasterSize, type PictureSet } from './pictures.ts';

/** First message: everything that may be seen in training. */
export interface AugmentStart {
  readonly sets: readonly PictureSet[];
  /** Hexcodes of the training concepts; no other picture is ever drawn. */
  readonly concepts: readonly string[];
  /** Whether mirroring keeps the meaning, one for each concept. */
  readonly mayMirror: readonly boolean[];
}

/** Every further message: one batch, wholly determined by its seed. */
export interface AugmentRequest {
  readonly seed: number;
  /** Indices of concepts. */
  readonly chosen: Uint32Array<ArrayBuffer>;
  readonly views: number;
  readonly size: number;
  /** See `AugmentOptions`; redrawings come in at the same pace. */
  readonly strength: number;
}

/** One stored picture, premultiplied, and where its drawing is. */
interface Raster {
  readonly rgba: Uint8ClampedArray;
  readonly box: Box;
}

/** All rasters of one concept in one hand: the drawing itself, then its redrawings. */
interface Source {
  plain?: Raster;
  readonly redrawn: Raster[];
}

/** Share of views that take a redrawing where one exists. */
const redrawnShare = 0.45;

let sources: Source[][] = [];
let mayMirror: readonly boolean[] = [];

addEventListener('message', ({ data }: MessageEvent<AugmentStart | AugmentRequest>) => {
  if ('sets' in data) {
    mayMirror = data.mayMirror;
    sources = gather(data);
    postMessage({ pictures: sources.flat().reduce((n, each) => n + each.redrawn.length + (each.plain ? 1 : 0), 0) });
    return;
  }
  const { seed, chosen, views, size, strength } = data;
  const draw = random(seed);
  const pixels = new Float32Array(chosen.length * views * size * size * 3);
  let offset = 0;
  for (const concept of chosen) {
    const hands = sources[concept]!;
    const order = draw.permutation(hands.length);
    for (let v = 0; v < views; v++) {
      const hand = hands[order[v % hands.length]!]!;
      const redrawn = hand.redrawn.length > 0 && (!hand.plain || draw.next() < redrawnShare * strength);
      const raster = redrawn ? hand.redrawn[draw.below(hand.redrawn.length)]! : hand.plain!;
      augment(raster.rgba, draw, { size, box: raster.box, mayMirror: mayMirror[concept]!, strength }, pixels, offset);
      offset += size * size * 3;
    }
  }
  postMessage({ pixels }, { transfer: [pixels.buffer] });
});

function gather({ sets, concepts }: AugmentStart): Source[][] {
  const index = new Map(concepts.map((hexcode, i) => [hexcode, i]));
  const byStyle = concepts.map(() => new Map<string, Source>());
  const bytes = rasterSize * rasterSize * 4;
  for (const { style, redrawing, hexcodes, rgba } of sets) {
    for (const [i, hexcode] of hexcodes.entries()) {
      const concept = index.get(hexcode);
      if (concept === undefined) continue;
      const styles = byStyle[concept]!;
      const source = styles.get(style) ?? { redrawn: [] };
      const data = rgba.subarray(i * bytes, (i + 1) * bytes);
      const box = contentBox({ width: rasterSize, height: rasterSize, data });
      premultiply(data);
      const raster = { rgba: data, box };
      if (redrawing) source.redrawn.push(raster);
      else source.plain = raster;
      styles.set(style, source);
    }
  }
  return byStyle.map((styles) => [...styles.values()]);
}

function premultiply(rgba: Uint8ClampedArray): void {
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]! / 255;
    for (let c = 0; c < 3; c++) rgba[i + c] = rgba[i + c]! * alpha;
  }
}
