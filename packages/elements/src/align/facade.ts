import type { CallOptions, Embeddings, Encoder, Forecast } from '@cognate/core';
import type { Cognate, Kind, Samples } from '@cognate/web-workers';

/** Placeholder for what the facade is about to offer. */
export interface AlignCognate extends Omit<Cognate, 'encoder'> {
  encoder<K extends Kind>(choice: K, options?: CallOptions & { cache?: boolean }): Promise<Encoder<Samples[K]>>;
  forecast(source: Embeddings, target: Embeddings, options?: CallOptions): Promise<Forecast>;
  exportOnnx(bytes: Uint8Array<ArrayBuffer>, options?: CallOptions): Promise<Uint8Array<ArrayBuffer>>;
}
