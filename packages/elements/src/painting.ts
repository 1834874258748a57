import type { CallOptions, Progress, Translator } from '@cognate/core';
import type { GenerateOptions, Painting } from '@cognate/web-workers';
import { css, html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { saveFile } from './save-file.ts';

/** Pixels a side of a picture that is saved. */
const savedSide = 512;

/** A painter that is asked for one picture at a time. */
type Painter<Input> = Translator<Input, readonly Painting[]>;

export const paintingStyles = css`
  canvas {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    min-block-size: 0;
    object-fit: contain;
  }
`;

/** Pixels as they are, named for those who do not see them; an empty name leaves that to what stands around. */
export function canvasView(picture: ImageData, name: string): TemplateResult {
  const draw = (canvas?: Element): void => {
    if (canvas instanceof HTMLCanvasElement) canvas.getContext('2d')?.putImageData(picture, 0, 0);
  };
  return name
    ? html`<canvas width=${picture.width} height=${picture.height} role="img" aria-label=${name} ${ref(draw)}></canvas>`
    : html`<canvas width=${picture.width} height=${picture.height} aria-hidden="true" ${ref(draw)}></canvas>`;
}

/**
 * Asks for `count` paintings of seeds in a row, one after the other: the first is there soon, and the visitor sees each
 * of them form, place by place. Where motion is not wanted, each appears when it is done.
 */
export function oneByOne<Input>(painter: Painter<Input>, count: number): Painter<Input> {
  return {
    async translate([input], { seed = 0, signal, onProgress }: GenerateOptions = {}) {
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      const paintings: Painting[] = [];
      while (input !== undefined && paintings.length < count) {
        const index = paintings.length;
        const hear = (progress: Progress): void => {
          if (progress.phase !== 'decode') onProgress?.(progress);
          else {
            const { partial, ...step } = progress;
            onProgress?.(partial && !still ? { ...step, partial: { ...partial, index } } : step);
          }
        };
        const options: GenerateOptions & CallOptions = { signal, seed: seed + index, onProgress: hear };
        const [[painting] = []] = await painter.translate([input], options);
        if (!painting) break;
        paintings.push(painting);
        const { picture } = painting;
        onProgress?.({ phase: 'decode', done: index + 1, total: count, partial: { index, picture } });
      }
      return [paintings];
    },
    [Symbol.asyncDispose]: () => painter[Symbol.asyncDispose](),
  };
}

/** Hands the visitor a PNG, large enough to be looked at, named after its `subject`. */
export async function savePainting({ picture, style, seed }: Painting, subject: string): Promise<void> {
  const small = new OffscreenCanvas(picture.width, picture.height);
  small.getContext('2d')!.putImageData(picture, 0, 0);
  const large = new OffscreenCanvas(savedSide, savedSide);
  const context = large.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, savedSide, savedSide);
  saveFile(`${subject}-${style}-${seed}.png`, await large.convertToBlob());
}
