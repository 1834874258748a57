import { loadPainter, type Painter } from '@cognate/decoders';

/** The shipped painter, from the repository that a page of `scripts/lib/page-program.mjs` serves. */
export function loadShippedPainter(): Promise<Painter> {
  const host = `${location.origin}/packages/starter/models/{model}/`;
  return loadPainter({ model: 'cognate/painter', host, device: 'wasm' }, { baseUrl: '/dist/' });
}
