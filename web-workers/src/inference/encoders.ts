import type { CallOptions, Encoder, Picture } from '@cognate/core';
import { loadImageEncoder } from '@cognate/image-encoders';
import type { LoadOptions } from '@cognate/runtime';
import { loadTextEncoder } from '@cognate/text-encoders';
import type { EncoderChoice, HubEncoder, InferenceConfig } from '../shared/inference.ts';
import { loadOnce } from '../starter/load-once.ts';
import type { StarterEncoders } from '../starter/translators.ts';

/** All encoders of this worker, each loaded once, when first asked for. */
export interface Encoders extends StarterEncoders {
  get(choice: EncoderChoice, options?: CallOptions): Promise<Encoder<string | Picture>>;
  /** Frees a model of a hub; the starter's stay. */
  release(choice: EncoderChoice): Promise<void>;
}

type Loaded = (options?: CallOptions) => Promise<Encoder<string | Picture>>;

export function workerEncoders({ baseUrl, hosts, device }: InferenceConfig): Encoders {
  const loaded = new Map<string, Loaded>();
  const common: LoadOptions = { baseUrl, hosts };
  // `auto` leaves the choice to what is known of each model.
  const placed = device === 'auto' ? {} : { device };

  const text = loadOnce((options) => loadTextEncoder({ model: 'cognate/text', ...placed }, { ...common, ...options }));
  const image = loadOnce((options) =>
    loadImageEncoder({ model: 'cognate/image', ...placed }, { ...common, ...options }),
  );

  function find(choice: EncoderChoice): Loaded {
    if (choice === 'text') return text;
    if (choice === 'image') return image;
    const key = JSON.stringify(choice);
    let each = loaded.get(key);
    if (!each) loaded.set(key, (each = loadOnce((options) => loadHub(choice, { ...common, ...options }))));
    return each;
  }

  function loadHub(choice: HubEncoder, options: LoadOptions): ReturnType<Loaded> {
    return choice.kind === 'text'
      ? loadTextEncoder({ ...placed, ...choice }, options)
      : loadImageEncoder({ ...placed, ...choice }, options);
  }

  return {
    text,
    image,
    get: (choice, options) => find(choice)(options),
    async release(choice) {
      const key = JSON.stringify(choice);
      const each = loaded.get(key);
      if (!each) return;
      loaded.delete(key);
      await (await each())[Symbol.asyncDispose]();
    },
  };
}
