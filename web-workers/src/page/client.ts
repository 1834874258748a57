import type { CallOptions } from '@cognate/core';
import type { Supervisor } from '../boundary/supervisor.ts';
import type { InferenceConfig, InferenceService, Way } from '../shared/inference.ts';
import { captionLanguages, languages, paintStyles, styles } from '../shared/menus.ts';
import type { TrainingService } from '../shared/training.ts';
import type { AlignmentSummary, Cognate } from './cognate.ts';
import { resumeFit, startFit, type Training } from './fit-session.ts';
import { remoteEncoder } from './remote-encoder.ts';
import { remoteGenerator } from './remote-generator.ts';
import { remoteTranslator } from './remote-translator.ts';

export type InferenceSupervisor = Supervisor<InferenceService, InferenceConfig['device']>;
export type TrainingSupervisor = Supervisor<TrainingService, undefined>;

interface Parts {
  readonly inference: InferenceSupervisor;
  readonly training: Training;
  /** Shared with the configuration of new inference workers, so that they know what earlier ones had been told. */
  readonly alignments: Map<number, Uint8Array<ArrayBuffer>>;
}

/** The page's side of `Cognate`: says in full what is wanted, and leaves the work to the workers. */
export function client({ inference, training, alignments }: Parts): Cognate {
  /** Number of the alignment that translators use unless they bring their own; 0 is the starter's. */
  let current = 0;
  let lastNumber = 0;

  /** Has the worker read the file, then remembers it, so that a file that cannot be used leaves no trace. */
  async function adopt(
    bytes: Uint8Array<ArrayBuffer>,
    options?: CallOptions,
  ): Promise<{ readonly number: number; readonly summary: AlignmentSummary }> {
    const number = ++lastNumber;
    const summary = await inference.call('use', { alignment: number, bytes }, options);
    alignments.set(number, bytes.slice());
    return { number, summary };
  }

  const map =
    (way: Way): Cognate['project'] =>
    (bytes, points, options) =>
      inference.call('map', { bytes, alignment: current, way, points }, options);

  return {
    languages,
    styles,
    captionLanguages,
    paintStyles,
    encoder: (choice, options) => remoteEncoder(inference, choice, options),
    cacheSize: (options) => inference.call('cacheSize', undefined, options),
    clearCache: (options) => inference.call('clearCache', undefined, options),
    async translator({ from, to, language = 'en', style = 'noto', count = 10, alignment: bytes }, options) {
      const alignment = bytes ? (await adopt(bytes, options)).number : current;
      return remoteTranslator(inference, { from, to, language, style, count, alignment }, options);
    },
    async generator({ from, to, language = 'en', style = 'noto', alignment: bytes }, options) {
      const alignment = bytes ? (await adopt(bytes, options)).number : current;
      return remoteGenerator(inference, { from, to, language, style, alignment }, options);
    },
    starterPairs: ({ language = 'en', style = 'noto', count = Infinity, seed = 0 } = {}, options) =>
      inference.call('pairs', { language, style, count, seed }, options),
    project: map('project'),
    forward: map('forward'),
    backward: map('backward'),
    compose: (links, { heldOut, ...options } = {}) =>
      training.worker.call('compose', { links, settings: { heldOut } }, options),
    invert: (bytes, options) => training.worker.call('invert', { bytes }, options),
    cycle: (bytes, points, options) => training.worker.call('cycle', { bytes, points }, options),
    exportOnnx: (bytes, { from = 'source', ...options } = {}) =>
      training.worker.call('exportOnnx', { bytes, from }, options),
    reportMarkdown: (report, { source, target, ...options } = {}) =>
      training.worker.call('reportMarkdown', { report, names: { source, target } }, options),
    forecast: (source, target, { groups, seed, ...options } = {}) =>
      training.worker.call('forecast', { source, target, settings: { groups, seed } }, options),
    fit: (source, target, options) => startFit(training, source, target, options),
    unfinishedFits: (options) => training.worker.call('unfinished', undefined, options),
    resumeFit: (key, options) => resumeFit(training, key, options),
    discardFit: (key, options) => training.worker.call('discard', { key }, options),
    async use(bytes, options) {
      if (!bytes) {
        current = 0;
        return undefined;
      }
      const { number, summary } = await adopt(bytes, options);
      current = number;
      return summary;
    },
    async [Symbol.asyncDispose]() {
      inference[Symbol.dispose]();
      training.worker[Symbol.dispose]();
    },
  };
}
