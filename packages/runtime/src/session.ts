import * as ort from 'onnxruntime-web/webgpu';
import { CognateError, fromHalf } from '@cognate/core';
import type { Device } from './device.ts';
import { enqueue } from './engine.ts';
import { engineError } from './engine-error.ts';
import type { Port, Tensor, Tensors } from './tensor.ts';

export interface RunOptions {
  /** Outputs that are wanted, all unless told: what nobody reads need not be copied out of the engine. */
  readonly outputs?: readonly string[] | undefined;
  /** A run that waits for its turn can be called off; one that runs cannot. */
  readonly signal?: AbortSignal | undefined;
}

/** A graph in the engine. */
export interface Session extends AsyncDisposable {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /**
   * Feeds are read, not kept; the buffers that come back are the caller's. Runs of all models take turns.
   * @throws {CognateError} `invalid-input` when the feeds do not fit, `device-failed`, `disposed`.
   */
  run(feeds: Tensors, options?: RunOptions): Promise<Tensors>;
}

/** Large weights that a graph keeps outside itself. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

/**
 * @param name for messages, e.g. `cognate/text`.
 * @throws {CognateError} `file-format` when the graph cannot be read or needs unknown operators, `device-failed`.
 */
export async function createSession(
  name: string,
  bytes: Uint8Array,
  device: Device,
  externalData: readonly ExternalData[] = [],
  signal?: AbortSignal,
): Promise<Session> {
  const session = await enqueue(
    () =>
      ort.InferenceSession.create(bytes, {
        executionProviders: [device],
        logSeverityLevel: 3,
        ...(externalData.length > 0 && { externalData: [...externalData] }),
      }),
    signal,
  ).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw engineError(`loadModel() could not start ${name} on ${device}`, cause, 'load-failed');
  });
  let released: Promise<void> | undefined;
  return {
    inputs: session.inputMetadata.map(port),
    outputs: session.outputMetadata.map(port),
    async run(feeds, { outputs, signal } = {}) {
      if (released) throw new CognateError('disposed', `${name} was used after it had been released`);
      const missing = session.inputNames.filter((input) => !(input in feeds));
      if (missing.length > 0) {
        throw new CognateError('invalid-input', `${name} needs the input ${missing.join(', ')}`);
      }
      const tensors: Record<string, ort.Tensor> = {};
      for (const input of session.inputNames) tensors[input] = toEngine(feeds[input]!);
      const results = await enqueue(
        () => (outputs ? session.run(tensors, outputs) : session.run(tensors)),
        signal,
      ).catch((cause: unknown) => {
        signal?.throwIfAborted();
        throw engineError(`${name} failed on ${device}`, cause, 'device-failed');
      });
      const wanted: Record<string, Tensor> = {};
      for (const [output, tensor] of Object.entries(results)) wanted[output] = fromEngine(tensor);
      return wanted;
    },
    [Symbol.asyncDispose]() {
      return (released ??= enqueue(() => session.release()));
    },
  };
}

function port(metadata: ort.InferenceSession.ValueMetadata): Port {
  if (!metadata.isTensor) return { name: metadata.name, type: 'other', dims: [] };
  return { name: metadata.name, type: metadata.type, dims: metadata.shape };
}

const toEngine = ({ type, data, dims }: Tensor): ort.Tensor => new ort.Tensor(type, data as never, dims);

/** Half floats become floats. Browsers with Float16Array give numbers, others the bits. */
function fromEngine({ type, data, dims }: ort.Tensor): Tensor {
  if (type !== 'float16') return { type, data, dims } as Tensor;
  const half = data as Uint16Array | ArrayLike<number>;
  return { type: 'float32', data: half instanceof Uint16Array ? fromHalf(half) : Float32Array.from(half), dims };
}
