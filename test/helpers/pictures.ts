/** A simple drawing on white, `side` pixels square. */
export function drawing(shape: 'circle' | 'square' | 'stripes', colour: string, side = 64): ImageData {
  const context = canvas(side);
  context.fillStyle = 'white';
  context.fillRect(0, 0, side, side);
  context.fillStyle = colour;
  if (shape === 'square') context.fillRect(side / 4, side / 4, side / 2, side / 2);
  if (shape === 'circle') {
    context.beginPath();
    context.arc(side / 2, side / 2, side / 3, 0, 2 * Math.PI);
    context.fill();
  }
  if (shape === 'stripes') for (let y = 0; y < side; y += side / 8) context.fillRect(0, y, side, side / 16);
  return context.getImageData(0, 0, side, side);
}

/** The same pixels as a PNG file. */
export async function pngOf(pixels: ImageData): Promise<Blob> {
  const context = canvas(pixels.width, pixels.height);
  context.putImageData(pixels, 0, 0);
  return context.canvas.convertToBlob({ type: 'image/png' });
}

function canvas(width: number, height = width): OffscreenCanvasRenderingContext2D {
  return new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
}
