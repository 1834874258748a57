/**
 * Draws SVG sources on a transparent canvas of `size` x `size`.
 * @returns RGBA bytes, not premultiplied, `[count, size, size, 4]`.
 */
export async function rasterise(
  sources: readonly string[],
  size: number,
  onProgress: (done: number) => void = () => {},
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const bytes = size * size * 4;
  const out = new Uint8ClampedArray(sources.length * bytes);
  const context = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  for (const [i, source] of sources.entries()) {
    const image = new Image(size, size);
    const url = URL.createObjectURL(new Blob([source], { type: 'image/svg+xml' }));
    image.src = url;
    try {
      await image.decode();
      context.clearRect(0, 0, size, size);
      context.drawImage(image, 0, 0, size, size);
      out.set(context.getImageData(0, 0, size, size).data, i * bytes);
    } finally {
      URL.revokeObjectURL(url);
    }
    if (i % 100 === 99) onProgress(i + 1);
  }
  return out;
}
