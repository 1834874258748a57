import { loadCaptioner, type Captioner } from '@cognate/decoders';

/** The shipped captioner, from the repository that a page of `scripts/lib/page-program.mjs` serves. */
export function loadShippedCaptioner(): Promise<Captioner> {
  const host = `${location.origin}/packages/starter/models/{model}/`;
  return loadCaptioner({ model: 'cognate/captioner', host, device: 'wasm' }, { baseUrl: '/dist/' });
}
