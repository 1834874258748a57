import { dotProducts, topK } from '@cognate/core';
import { loadImageEncoder } from '@cognate/image-encoders';
import type { Row } from '../data/row.ts';
import { toImageData } from './frames.ts';
import type { Painted, World } from './painting-questions.ts';

/** An encoder that has no part in painting, where it is at hand: trained by others, on photographs. */
const model = 'mobilenet_v2_0.35_224';
const nearest = 10;

/**
 * Whether an encoder that the painter has never met finds the true picture by the painted one, among all real pictures of
 * that style. Nothing where the model is not served.
 */
export async function otherEyeRows(
  { pictures }: World,
  {
    image,
    sketched,
    inputs,
  }: { readonly image: Painted; readonly sketched: Painted; readonly inputs: readonly Uint8Array[] },
): Promise<readonly Row[]> {
  const folder = `${location.origin}/fixtures/models/`;
  if (!(await fetch(`${folder}${model}/config.json`)).ok) return [];
  const spec = { model, host: `${folder}{model}/`, device: 'wasm' } as const;
  await using encoder = await loadImageEncoder(spec, { baseUrl: '/dist/' });
  const { tasks } = image;
  const crowds = new Map<string, { readonly hexcodes: readonly string[]; readonly rows: Float32Array }>();
  for (const [style, drawn] of pictures) {
    const { data } = await encoder.encode([...drawn.values()].map(toImageData));
    crowds.set(style, { hexcodes: [...drawn.keys()], rows: data });
  }
  const recall = async (shown: readonly Uint8Array[]): Promise<number> => {
    const { data, space } = await encoder.encode(shown.map(toImageData));
    const hits = tasks.filter(({ hexcode, to }, i) => {
      const { hexcodes, rows } = crowds.get(to)!;
      const scores = dotProducts(data.subarray(i * space.dim, (i + 1) * space.dim), rows, space.dim);
      return topK(scores, nearest).some((at) => hexcodes[at] === hexcode);
    });
    return hits.length / tasks.length;
  };
  const crowd = [...crowds.values()].reduce((sum, { hexcodes }) => sum + hexcodes.length, 0) / crowds.size;
  const note = `the true picture is among the ${nearest} nearest of about ${Math.round(crowd)} real ones, by ${model}, which has no part in painting; baseline: sketches; input pictures ${(await recall(inputs)).toFixed(3)}`;
  return [
    {
      id: 'painter.restyle.other-eye.r10',
      value: await recall(image.pictures),
      unit: 'recall',
      baseline: await recall(sketched.pictures),
      chance: nearest / crowd,
      n: tasks.length,
      note,
    },
  ];
}
