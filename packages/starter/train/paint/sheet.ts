import { pictureSize } from './frames.ts';

/**
 * Pictures side by side on white, as a PNG.
 * @param rows premultiplied RGBA, 0..1, `[64, 64, 4]` each.
 */
export async function sheet(rows: readonly (readonly Float32Array[])[], gap = 4): Promise<Uint8Array<ArrayBuffer>> {
  const cell = pictureSize + gap;
  const width = cell * Math.max(...rows.map(({ length }) => length)) + gap;
  const canvas = new OffscreenCanvas(width, cell * rows.length + gap);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  rows.forEach((row, y) => {
    row.forEach((picture, x) => {
      const image = new ImageData(pictureSize, pictureSize);
      for (let i = 0; i < picture.length; i += 4) {
        const alpha = Math.min(1, Math.max(0, picture[i + 3]!));
        for (let c = 0; c < 3; c++) image.data[i + c] = 255 * (Math.max(0, picture[i + c]!) + 1 - alpha);
        image.data[i + 3] = 255;
      }
      context.putImageData(image, gap + x * cell, gap + y * cell);
    });
  });
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}
