import type { Alignment, CallOptions, Decoder, Encoder } from './contracts.ts';
import { CognateError } from './errors.ts';
import { requireSpace, type Embeddings, type Space } from './embeddings.ts';

/** One step of a chain: an alignment, walked from `source` to `target` or the other way. */
export interface Bridge {
  readonly source: Space;
  readonly target: Space;
  map(points: Embeddings): Embeddings;
}

/** Encoder, bridges, decoder: sample of A -> sample of B. */
export interface Translator<Input, Output> extends AsyncDisposable {
  /** Output i belongs to `inputs[i]`. Rejects with what encoder, bridge or decoder reject with. */
  translate(inputs: readonly Input[], options?: CallOptions): Promise<readonly Output[]>;
}

/**
 * The walk through `alignment` that leads from space `from` to space `to`; each may be its source, target or shared.
 * @throws {CognateError} `space-mismatch` when the alignment knows no such walk.
 */
export function bridge(alignment: Alignment, from: Space, to: Space): Bridge {
  const { source, target, shared } = alignment;
  const walks: readonly Bridge[] = [
    { source, target: shared, map: (points) => alignment.project(points) },
    { source: target, target: shared, map: (points) => alignment.project(points) },
    { source, target, map: (points) => alignment.forward(points) },
    { source: target, target: source, map: (points) => alignment.backward(points) },
  ];
  const walk = walks.find((each) => each.source.id === from.id && each.target.id === to.id);
  if (walk) return walk;
  throw new CognateError(
    'space-mismatch',
    `bridge() needs an alignment that leads from ${from.id} to ${to.id}, got one of ${source.id} and ${target.id}`,
  );
}

/**
 * Chains encoder -> bridges -> decoder. The parts stay the caller's: releasing the translator releases encoder and
 * decoder only when `owned` is true.
 * @throws {CognateError} `space-mismatch` at once, when two neighbours do not speak of the same space.
 */
export function translator<Input, Output>(
  parts: {
    readonly encoder: Encoder<Input>;
    readonly bridges?: readonly Bridge[];
    readonly decoder: Decoder<Output>;
  },
  { owned = false }: { readonly owned?: boolean } = {},
): Translator<Input, Output> {
  const { encoder, bridges = [], decoder } = parts;
  let space = encoder.space;
  for (const step of bridges) {
    requireSpace('translator()', space, step.source);
    space = step.target;
  }
  requireSpace('translator()', space, decoder.space);
  return {
    async translate(inputs, options) {
      let points = await encoder.encode(inputs, options);
      for (const step of bridges) points = step.map(points);
      options?.signal?.throwIfAborted();
      return decoder.decode(points, options);
    },
    async [Symbol.asyncDispose]() {
      if (!owned) return;
      await encoder[Symbol.asyncDispose]();
      await decoder[Symbol.asyncDispose]();
    },
  };
}
