import { CognateError, type CallOptions, type Progress } from '@cognate/core';
import { loadModel, type LoadOptions, type Model, type ModelReference } from '@cognate/runtime';
import { decoderConfig } from '../config.ts';
import { painter, type Painter } from './painter.ts';

/** Inputs and output of each graph. */
const graphs = {
  velocity: { inputs: ['latents', 'time', 'points', 'styles'], output: 'velocity' },
  picture: { inputs: ['latents'], output: 'pictures' },
} as const;

/**
 * Loads a painter: the graphs `velocity` and `picture`, and a config that names space, styles and sizes. Downloads of both
 * count as one.
 * @param spec a starter model's name such as `cognate/painter`, or more about any other one of its kind.
 * @throws {CognateError} as `loadModel()`; `file-format` when config or graphs are not those of a painter.
 */
export async function loadPainter(spec: string | ModelReference, options: LoadOptions = {}): Promise<Painter> {
  const asked: ModelReference = typeof spec === 'string' ? { model: spec } : spec;
  // One graph that fails stops the other.
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const onProgress = joined(options.onProgress);
  const loads = (['velocity', 'picture'] as const).map((file, i) =>
    loadModel({ ...asked, file }, { ...options, signal, onProgress: onProgress(i) }),
  ) as [Promise<Model>, Promise<Model>];
  try {
    const [velocity, picture] = await Promise.all(loads);
    return fromModels(velocity, picture);
  } catch (error) {
    failure.abort(error);
    for (const load of loads) load.then((model) => model[Symbol.asyncDispose]()).catch(() => undefined);
    throw error;
  }
}

function fromModels(velocity: Model, picture: Model): Painter {
  const { model } = velocity.reference;
  const config = decoderConfig('loadPainter()', model, velocity.config);
  checkGraph('velocity', velocity);
  checkGraph('picture', picture);
  return painter({
    velocity,
    picture,
    space: config.space,
    styles: config.names('styles'),
    size: config.number('size', 1),
    latent: config.number('latent', 1),
    steps: config.number('steps', 1),
    guidance: config.number('guidance', 0, false),
    calibration: config.calibration,
  });
}

function checkGraph(name: keyof typeof graphs, { reference, inputs, outputs }: Model): void {
  const { inputs: wanted, output } = graphs[name];
  const fits =
    wanted.every((input) => inputs.some((port) => port.name === input)) && outputs.some((port) => port.name === output);
  if (fits) return;
  const message = `loadPainter() needs a graph ${name} from ${wanted.join(', ')} to ${output}, ${reference.model} has another`;
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
