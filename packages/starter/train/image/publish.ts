import type { Embeddings, Encoder, Picture } from '@cognate/core';
import { channelsLast, exportOnnx, readWeights, type DeviceArray, type Tensor, type WeightStorage } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import { bankFile } from '../text/publish.ts';
import { normalisation } from './inputs.ts';
import { encodeImages, initImageModel, type ImageModel } from './model.ts';
import { loadPictures } from './pictures.ts';
import { imageDataOf, loadShippedImage } from './shipped.ts';

/** Names and revision of the shipped space; a new revision whenever points move. */
export const imageSpace = { id: 'cognate-image@1', dim: 256, normalized: true } as const;

/** Folder of the shipped model, in Hugging Face layout. */
export const imageModelFolder = 'packages/starter/models/cognate/image';

/** Styles whose pictures can be found in the page without encoding them first. */
export const bankStyles = ['noto', 'twemoji', 'fluent-flat'] as const;

/** `pixel_values` -> `image_embeds`. */
function imageGraph(model: ImageModel<Tensor>, size: number, weights: WeightStorage): Promise<Uint8Array<ArrayBuffer>> {
  const apply = (params: ImageModel, pixels: DeviceArray): DeviceArray => encodeImages(params, channelsLast(pixels));
  const inputs = { pixel_values: ['batch', 3, size, size] } as const;
  return exportOnnx(apply as never, model, { inputs, output: 'image_embeds', weights });
}

/** The weights of the shipped model as float32, with gradients to go through them. Needs a started engine. */
export async function loadImageWeights(): Promise<ImageModel<Tensor>> {
  const response = await fetch(`/${imageModelFolder}/onnx/model.onnx`);
  if (!response.ok) throw new Error(`loadImageWeights(): the shipped image model answered ${response.status}`);
  const { image_size: size } = (await (await fetch(`/${imageModelFolder}/config.json`)).json()) as {
    image_size: number;
  };
  const file = new Uint8Array(await response.arrayBuffer());
  return readWeights(file, initImageModel(1), (model, weights) => imageGraph(model, size, weights));
}

/** Writes the model into the repository, matrices as int8; resolves to the bytes of the graph. */
export async function publishModel(host: RecipeHost, weights: ImageModel<Tensor>, size: number): Promise<number> {
  const graph = await imageGraph(weights, size, 'int8');
  const config = {
    model_type: 'cognate-image',
    image_size: size,
    'transformers.js_config': { dtype: 'fp32' },
    cognate: { space: imageSpace, revision: 1 },
  };
  const preprocessor = {
    size: { height: size, width: size },
    do_trim: normalisation.trim,
    do_pad: true,
    do_resize: true,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: normalisation.mean,
    image_std: normalisation.std,
  };
  await host.publish(`${imageModelFolder}/onnx/model.onnx`, graph);
  await host.publish(`${imageModelFolder}/config.json`, json(config));
  await host.publish(`${imageModelFolder}/preprocessor_config.json`, json(preprocessor));
  return graph.length;
}

/** Encodes every picture of the styles that can be searched, with the model as it was published. */
export async function publishBanks(host: RecipeHost): Promise<void> {
  await using encoder: Encoder<Picture> = await loadShippedImage();
  for (const style of bankStyles) {
    const pictures = await loadPictures(host, style);
    const points: Embeddings = await encoder.encode(pictures.hexcodes.map((_, i) => imageDataOf(pictures, i)));
    const bank = bankFile(points, pictures.hexcodes);
    await host.publish(`packages/starter/banks/image-${style}.safetensors`, bank);
    host.log(`bank of ${style}: ${points.count} rows, ${bank.length} bytes`);
  }
}

function json(value: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}
