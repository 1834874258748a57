import type { Embeddings } from '@cognate/core';
import { readCheckpoint, startEngine, type Tensor } from '@cognate/nn';
import { loadImageWeights } from '../image/publish.ts';
import type { Codec } from './codec.ts';
import { toImageData } from './frames.ts';
import { pictureLength } from './gallery.ts';
import { createEasel } from './judge.ts';
import { paintStyles, type Sketch } from './sketch.ts';

/**
 * The painter before its last stage and without its steps, when squared error of latents is all that it has learned by:
 * it paints the mean of what is possible. `inks` are those of the shipped one. Undefined where the recipe has left no checkpoints.
 */
export async function loadSquaredErrorPainter(
  inks: Tensor,
): Promise<((points: Embeddings, styles: readonly string[]) => Promise<readonly ImageData[]>) | undefined> {
  const [codec, sketch] = [await checkpoint<Codec<Tensor>>('codec'), await checkpoint<Sketch<Tensor>>('sketch')];
  if (!codec || !sketch) return undefined;
  await startEngine();
  const canvas = { decoder: codec.decoder, inks, encoder: await loadImageWeights() };
  return async ({ count, data }, styles) => {
    using easel = createEasel(sketch, canvas);
    const indices = styles.map((style) => paintStyles.indexOf(style as never));
    const { pictures } = await easel.sketch(data, indices);
    return Array.from({ length: count }, (_, i) =>
      toImageData(
        Uint8ClampedArray.from(pictures.subarray(i * pictureLength, (i + 1) * pictureLength), (value) => 255 * value),
      ),
    );
  };
}

/** Averaged weights of a stage of the recipe that was run in this checkout. */
async function checkpoint<Weights>(stage: string): Promise<Weights | undefined> {
  const response = await fetch(`/.cache/train/paint/${stage}.safetensors`);
  if (!response.ok) return undefined;
  const { trainer } = readCheckpoint<Weights>(new Uint8Array(await response.arrayBuffer()));
  return trainer.ema ?? trainer.params;
}
