import type { Prepare } from './image-encoder.ts';
import { triangleFilter } from './preprocess.ts';
import { cubicFilter, resize, type Filter } from './resize.ts';

type Json = Readonly<Record<string, unknown>>;

/** Steps that are done here; any other that a config asks for needs that model's own processor. */
const steps = new Set(['do_resize', 'do_rescale', 'do_normalize', 'do_center_crop', 'do_convert_rgb']);

/** Pillow's numbers of its filters. */
const filters: Readonly<Record<number, (from: number, to: number) => Filter>> = { 2: triangleFilter, 3: cubicFilter };

/**
 * The preprocessing that most image models share: resize, crop the centre, scale, normalise. Resizing is antialiased, as
 * in the libraries that models were trained with; a browser's canvas is not, whatever `resample` asks for.
 * @param config `preprocessor_config.json`.
 * @returns undefined when the config asks for more than that.
 */
export function standardPreprocessing(config: Json): Prepare | undefined {
  const unknown = Object.entries(config).some(
    ([key, value]) => key.startsWith('do_') && value === true && !steps.has(key),
  );
  const filter = filters[Number(config['resample'] ?? 2)];
  const target = config['do_resize'] === true ? readSize(config['size'], config['do_center_crop'] === true) : undefined;
  const crop = config['do_center_crop'] === true ? readSize(config['crop_size'], false) : undefined;
  const [scale, mean, std] = [
    readScale(config),
    readTriple(config, 'image_mean', 0),
    readTriple(config, 'image_std', 1),
  ];
  const cropped = crop && 'height' in crop ? crop : undefined;
  if (unknown || 'crop_pct' in config || !filter || !target || !mean || !std || scale === undefined) return undefined;
  // Without a crop, or with one that is larger than what is left, pictures would differ in size or need padding.
  if ('shortestEdge' in target && !(cropped && Math.max(cropped.height, cropped.width) <= target.shortestEdge))
    return undefined;
  if ('height' in target && cropped && (cropped.height > target.height || cropped.width > target.width))
    return undefined;

  return (picture) => {
    const { width, height } = 'height' in target ? target : edges(picture, target.shortestEdge);
    const view = cropped ?? { width, height };
    const columns = centre(filter(picture.width, width), view.width);
    const rows = centre(filter(picture.height, height), view.height);
    const rgb = resize(picture, columns, rows);
    const count = view.width * view.height;
    const data = new Float32Array(3 * count);
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < count; i++) data[c * count + i] = (rgb[3 * i + c]! * scale - mean[c]!) / std[c]!;
    }
    return { dims: [3, view.height, view.width], data };
  };
}

type Size = { readonly height: number; readonly width: number } | { readonly shortestEdge: number };

/** `{ height, width }`, `{ shortest_edge }`, or the old form: one number, the shortest edge where a crop follows. */
function readSize(value: unknown, isEdge: boolean): Size | undefined {
  const fits = (each: unknown): each is number => Number.isInteger(each) && Number(each) > 0;
  if (fits(value)) return isEdge ? { shortestEdge: value } : { height: value, width: value };
  const { height, width, shortest_edge: edge, ...more } = (value ?? {}) as Json;
  if (Object.keys(more).length > 0) return undefined;
  if (fits(edge)) return { shortestEdge: edge };
  return fits(height) && fits(width) ? { height, width } : undefined;
}

function readScale(config: Json): number | undefined {
  if (config['do_rescale'] === false) return 1;
  const factor = config['rescale_factor'] ?? 1 / 255;
  return typeof factor === 'number' && !('rescale_offset' in config) ? factor : undefined;
}

function readTriple(config: Json, key: string, none: number): readonly number[] | undefined {
  if (config['do_normalize'] !== true) return [none, none, none];
  const value = config[key];
  return Array.isArray(value) && value.length === 3 && value.every(Number.isFinite) ? (value as number[]) : undefined;
}

function edges({ width, height }: { readonly width: number; readonly height: number }, shortest: number) {
  return width < height
    ? { width: shortest, height: Math.trunc((shortest * height) / width) }
    : { width: Math.trunc((shortest * width) / height), height: shortest };
}

/** The middle `count` of the outputs. */
const centre = (filter: Filter, count: number): Filter => filter.slice((filter.length - count) >> 1).slice(0, count);
