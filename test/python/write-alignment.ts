import { alignmentToOnnx, loadAlignment } from '@cognate/aligner';
import { random, type Embeddings } from '@cognate/core';

interface Host {
  save(file: string, bytes: Uint8Array): Promise<void>;
}

const count = 50;

/** Saves the shipped alignment as ONNX, in both directions, next to points and what becomes of them here. */
export async function main(host: Host): Promise<void> {
  const file = await fetch('/packages/starter/alignments/text-image.safetensors');
  const alignment = loadAlignment(new Uint8Array(await file.arrayBuffer()));
  for (const from of ['source', 'target'] as const) {
    const space = alignment[from];
    const { normal } = random(from.length);
    const points: Embeddings = { space, count, data: Float32Array.from({ length: count * space.dim }, normal) };
    const mapped = from === 'source' ? alignment.forward(points) : alignment.backward(points);
    const put = (name: string, bytes: Uint8Array): Promise<void> => host.save(`${from}.${name}`, bytes);
    await put('onnx', alignmentToOnnx(alignment, from));
    await put('points', new Uint8Array(points.data.buffer));
    await put('shared', new Uint8Array(alignment.project(points).data.buffer));
    await put('mapped', new Uint8Array(mapped.data.buffer));
  }
}
