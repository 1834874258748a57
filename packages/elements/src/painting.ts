import type { Painting } from '@cognate/web-workers';
import { css, html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { saveFile } from './save-file.ts';

/** Pixels a side of a picture on show, and of one that is saved. */
const shownSide = 256;
const savedSide = 512;

/** How much steeper the edge of a drawing becomes: scaled up as it is, it would be a haze. */
const steepness = 3;

export const paintingStyles = css`
  canvas {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    min-block-size: 0;
    object-fit: contain;
  }
`;

const drawn = new WeakMap<HTMLCanvasElement, ImageData>();

/** A painting, scaled up; with a name for those who do not see it, or none where that is said beside it. */
export function canvasView(picture: ImageData, name: string): TemplateResult {
  const draw = (canvas?: Element): void => {
    if (!(canvas instanceof HTMLCanvasElement) || drawn.get(canvas) === picture) return;
    drawn.set(canvas, picture);
    drawLarge(canvas.getContext('2d', { willReadFrequently: true })!, picture);
  };
  return name
    ? html`<canvas width=${shownSide} height=${shownSide} role="img" aria-label=${name} ${ref(draw)}></canvas>`
    : html`<canvas width=${shownSide} height=${shownSide} aria-hidden="true" ${ref(draw)}></canvas>`;
}

/** Hands the visitor a PNG, large enough to be looked at, named after its `subject`. */
export async function savePainting({ picture, style, seed }: Painting, subject: string): Promise<void> {
  const canvas = new OffscreenCanvas(savedSide, savedSide);
  drawLarge(canvas.getContext('2d', { willReadFrequently: true })!, picture);
  saveFile(`${subject}-${style}-${seed}.png`, await canvas.convertToBlob());
}

/** Fills a square canvas: smooth inside, crisp at the edge. */
function drawLarge(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, picture: ImageData): void {
  const side = context.canvas.width;
  const small = new OffscreenCanvas(picture.width, picture.height);
  small.getContext('2d')!.putImageData(picture, 0, 0);
  context.clearRect(0, 0, side, side);
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, side, side);
  const pixels = context.getImageData(0, 0, side, side);
  const { data } = pixels; // clamped to 0..255
  for (let at = 3; at < data.length; at += 4) data[at] = 127.5 + steepness * (data[at]! - 127.5);
  context.putImageData(pixels, 0, 0);
}
