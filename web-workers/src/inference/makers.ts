import { loadCaptioner, loadPainter } from '@cognate/decoders';
import type { StarterMakers } from '../generator/makers.ts';
import type { InferenceConfig } from '../shared/inference.ts';
import { loadOnce } from '../starter/load-once.ts';

/** The captioner and the painter of this worker, each loaded once, when first asked for. */
export function workerMakers({ baseUrl, hosts, device }: InferenceConfig): StarterMakers {
  // `auto` leaves the choice to what is known of each model.
  const placed = device === 'auto' ? {} : { device };
  return {
    captioner: loadOnce((options) =>
      loadCaptioner({ model: 'cognate/captioner', ...placed }, { baseUrl, hosts, ...options }),
    ),
    painter: loadOnce((options) =>
      loadPainter({ model: 'cognate/painter', ...placed }, { baseUrl, hosts, ...options }),
    ),
  };
}
