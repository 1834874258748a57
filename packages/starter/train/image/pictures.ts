import { loadDrawings, toSvg } from '../data/drawings.ts';
import { rasterise } from '../data/rasterise.ts';
import { styleOf } from '../data/styles.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { redraw, type Redrawing } from './redraw.ts';

/** Pixels per side of the stored rasters: half as many again as the largest input, so that turning and zooming stay sharp. */
export const rasterSize = 72;

/** All pictures of one style, drawn once. */
export interface PictureSet {
  readonly style: string;
  readonly redrawing: Redrawing | undefined;
  readonly hexcodes: readonly string[];
  /** RGBA, not premultiplied, `[hexcodes.length, rasterSize, rasterSize, 4]`. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Rasterises a style, or reads what an earlier run rasterised. */
export async function loadPictures(host: RecipeHost, style: string, redrawing?: Redrawing): Promise<PictureSet> {
  const name = `rasters/${redrawing ? `${style}-${redrawing}` : style}`;
  const [stored, index] = await Promise.all([host.load(`${name}.rgba`), host.load(`${name}.json`)]);
  if (stored && index) {
    const hexcodes = JSON.parse(new TextDecoder().decode(index)) as string[];
    return { style, redrawing, hexcodes, rgba: new Uint8ClampedArray(stored.buffer) };
  }
  const drawings = await loadDrawings(styleOf(style));
  const hexcodes = [...drawings.keys()];
  const started = performance.now();
  const sources = [...drawings.values()].map((each) => toSvg(redrawing ? redraw(each, redrawing) : each, rasterSize));
  const rgba = await rasterise(sources, rasterSize);
  host.log(`${name}: ${hexcodes.length} pictures in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  await host.save(`${name}.rgba`, new Uint8Array(rgba.buffer));
  await host.save(`${name}.json`, new TextEncoder().encode(JSON.stringify(hexcodes)));
  return { style, redrawing, hexcodes, rgba };
}
