import { CognateError, type CallOptions, type Progress } from '@cognate/core';
import { loadModel, type LoadOptions, type Model, type ModelReference } from '@cognate/runtime';
import { decoderConfig } from '../config.ts';
import { painter, type Painter } from './painter.ts';

/** Inputs and outputs of each graph. */
const graphs = {
  sketch: { inputs: ['points', 'styles'], outputs: ['latents', 'goals'] },
  canvas: { inputs: ['latents', 'goals', 'styles'], outputs: ['pictures', 'direction'] },
} as const;

/**
 * Loads a painter: the graphs `sketch` and `canvas`, and a config that names space, styles and sizes. Downloads of both
 * count as one.
 * Runs on wasm unless told: a step is over a thousand small operations, which cost a GPU more to begin than to do.
 * @param spec a starter model's name such as `cognate/painter`, or more about any other one of its kind.
 * @throws {CognateError} as `loadModel()`; `file-format` when config or graphs are not those of a painter.
 */
export async function loadPainter(spec: string | ModelReference, options: LoadOptions = {}): Promise<Painter> {
  const reference: ModelReference = typeof spec === 'string' ? { model: spec } : spec;
  const asked = { ...reference, device: reference.device ?? 'wasm' };
  // One graph that fails stops the other.
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const onProgress = joined(options.onProgress);
  const loads = (['sketch', 'canvas'] as const).map((file, i) =>
    loadModel({ ...asked, file }, { ...options, signal, onProgress: onProgress(i) }),
  ) as [Promise<Model>, Promise<Model>];
  try {
    const [sketch, canvas] = await Promise.all(loads);
    return fromModels(sketch, canvas);
  } catch (error) {
    failure.abort(error);
    for (const load of loads) load.then((model) => model[Symbol.asyncDispose]()).catch(() => undefined);
    throw error;
  }
}

function fromModels(sketch: Model, canvas: Model): Painter {
  const { model } = sketch.reference;
  const config = decoderConfig('loadPainter()', model, sketch.config);
  checkGraph('sketch', sketch);
  checkGraph('canvas', canvas);
  return painter({
    sketch,
    canvas,
    space: config.space,
    styles: config.names('styles'),
    size: config.number('size', 1),
    latent: config.number('latent', 1),
    steps: config.number('steps', 0),
    rate: config.number('rate', 0, false),
    noise: config.number('noise', 0, false),
    calibration: config.calibration,
  });
}

function checkGraph(name: keyof typeof graphs, { reference, inputs, outputs }: Model): void {
  const wanted = graphs[name];
  const has = (ports: Model['inputs'], names: readonly string[]): boolean =>
    names.every((each) => ports.some((port) => port.name === each));
  if (has(inputs, wanted.inputs) && has(outputs, wanted.outputs)) return;
  const message = `loadPainter() needs a graph ${name} from ${wanted.inputs.join(', ')} to ${wanted.outputs.join(', ')}, ${reference.model} has another`;
  throw new CognateError('file-format', message);
}

/** Downloads that go on side by side, told as one; other phases pass as they come. */
function joined(onProgress: CallOptions['onProgress']): (which: number) => CallOptions['onProgress'] {
  const downloads: Extract<Progress, { phase: 'download' }>[] = [];
  return (which) =>
    onProgress &&
    ((progress) => {
      if (progress.phase !== 'download') return onProgress(progress);
      downloads[which] = progress;
      const begun = downloads.filter(Boolean);
      const done = begun.reduce((sum, each) => sum + each.done, 0);
      const total = begun.reduce((sum, each) => sum + (each.total ?? NaN), 0);
      onProgress({ ...progress, done, ...(Number.isFinite(total) ? { total } : {}) });
    });
}
