import type { AlignmentReport, CallOptions, Embeddings, Forecast, Picture } from '@cognate/core';
import type {
  Caption,
  Cognate,
  FitOptions,
  FitResult,
  FitSession,
  GenerateOptions,
  Painting,
  UnfinishedFit,
} from '@cognate/web-workers';

/** What a test wants to see, and how the fake is to answer. */
export interface FakeCognate extends Cognate {
  /** Each translation asked for, such as `text>image:noto dog`. */
  readonly calls: string[];
  /** Each signal that came with one. */
  readonly signals: AbortSignal[];
  /** The same of samples that were to be made, such as `text>image:noto dog 0`, with the seed. */
  readonly made: string[];
  readonly makerSignals: AbortSignal[];
  /** The kind of each sample that was encoded, and the space of each point that was brought to the other side. */
  readonly encoded: string[];
  readonly mapped: string[];
  readonly used: (Uint8Array<ArrayBuffer> | undefined)[];
  /** The training runs, to be moved on and ended by the test. */
  readonly fits: FakeFit[];
  /** Runs that a reload has cut short, to be filled by the test. */
  readonly unfinished: UnfinishedFit[];
  /** Keys of those that were gone on with. */
  readonly resumed: string[];
}

export interface FakeFit {
  readonly options: FitOptions;
  readonly source: Embeddings;
  readonly target: Embeddings;
  readonly state: { paused: boolean; cancelled: boolean };
  readonly finish: (result: FitResult) => void;
  readonly fail: (error: Error) => void;
}

const promising: Forecast = {
  pairs: 1800,
  cka: { value: 0.31, chance: 0.01, p: 0.005 },
  mutualKnn: { value: 0.18, chance: 0.006, p: 0.005, k: 10 },
  effectiveRank: { source: 61.4, target: 38.2 },
  hubness: { source: 1.4, target: 0.7 },
  gap: 0.92,
  outlook: 'good',
  reason: 'Both sides agree about who is near whom far more than chance would have it.',
};

/** What a fake does before it answers. */
type Answer = (call: string, options?: CallOptions) => Promise<void> | void;

/**
 * Stands in for workers and models in tests: answers at once, or as `answer` says, and makes samples at once, or as
 * `make` says.
 */
export function fakeCognate(
  answer: Answer = () => {},
  trust: number | undefined = 0.8,
  make: Answer = () => {},
): FakeCognate {
  const calls: string[] = [];
  const signals: AbortSignal[] = [];
  const made: string[] = [];
  const makerSignals: AbortSignal[] = [];
  const encoded: string[] = [];
  const mapped: string[] = [];
  const used: FakeCognate['used'] = [];
  const fits: FakeFit[] = [];
  const unfinished: UnfinishedFit[] = [];
  const resumed: string[] = [];
  const space = (id: string) => ({ id, dim: 4, normalized: true });
  const points = (id: string, count: number): Embeddings => ({
    space: space(id),
    count,
    data: Float32Array.from({ length: 4 * count }, (_, i) => Math.sin(i * 1.7)),
  });
  const fake = {
    calls,
    signals,
    made,
    makerSignals,
    encoded,
    mapped,
    used,
    fits,
    unfinished,
    resumed,
    captionLanguages: [
      { code: 'de', name: 'Deutsch' },
      { code: 'fr', name: 'français' },
    ],
    paintStyles: [
      { id: 'noto', name: 'Noto', licence: 'Apache-2.0', trained: true },
      { id: 'twemoji', name: 'Twemoji', licence: 'CC-BY-4.0', trained: true },
    ],
    languages: [
      { code: 'en', name: 'English' },
      { code: 'de', name: 'Deutsch' },
      { code: 'fr', name: 'français' },
    ],
    styles: [
      { id: 'noto', name: 'Noto', licence: 'Apache-2.0', trained: true },
      { id: 'openmoji', name: 'OpenMoji', licence: 'CC-BY-SA-4.0', trained: false },
    ],
    async translator(request: { from: string; to: string; language?: string; style?: string; count?: number }) {
      const target = request.to === 'text' ? (request.language ?? 'en') : (request.style ?? 'noto');
      return {
        async translate([input]: (string | Picture)[], options?: CallOptions) {
          const call = `${request.from}>${request.to}:${target} ${typeof input === 'string' ? input : 'picture'}`;
          calls.push(call);
          if (options?.signal) signals.push(options.signal);
          await answer(call, options);
          options?.signal?.throwIfAborted();
          const item = (i: number) =>
            request.to === 'text'
              ? { hexcode: `1F43${i}`, name: `${target} name ${i}`, language: target }
              : { hexcode: `1F43${i}`, style: target, svg: `<svg xmlns="http://www.w3.org/2000/svg" id="p${i}"/>` };
          return [
            Array.from({ length: Math.min(request.count ?? 10, 4) }, (_, i) => ({
              item: item(i),
              index: i,
              score: 1 - i / 10,
              ...(trust === undefined ? {} : { trust: trust / (i + 1) }),
            })),
          ];
        },
        async [Symbol.asyncDispose]() {},
      };
    },
    async generator(request: { from: string; to: string; language?: string; style?: string }) {
      const target = request.to === 'text' ? (request.language ?? 'en') : (request.style ?? 'noto');
      const one = (seed: number, place: number): Caption | Painting => {
        const worth = { score: 0.6, seed, ...(trust === undefined ? {} : { trust }) };
        return request.to === 'text'
          ? { ...worth, text: `${target} text ${seed}`, language: target, logProbability: -1, finished: true }
          : { ...worth, picture: fakePicture(seed + place), style: target };
      };
      const all = async (
        count: number,
        input: string,
        { seed = 0, count: each = 1, ...options }: GenerateOptions = {},
      ) => {
        const call = `${request.from}>${request.to}:${target} ${input} ${seed}`;
        made.push(call);
        if (options.signal) makerSignals.push(options.signal);
        await make(call, options);
        options.signal?.throwIfAborted();
        return Array.from({ length: count }, () => Array.from({ length: each }, (_, place) => one(seed, place)));
      };
      return {
        translate: ([input]: (string | Picture)[], options?: GenerateOptions) =>
          all(1, typeof input === 'string' ? input : 'picture', options),
        decode: (each: Embeddings, options?: GenerateOptions) => all(each.count, 'points', options),
        async [Symbol.asyncDispose]() {},
      };
    },
    async encoder(kind: string) {
      return {
        space: space(`cognate-${kind}@1`),
        async encode(inputs: readonly unknown[]) {
          encoded.push(...inputs.map(() => kind));
          return points(`cognate-${kind}@1`, inputs.length);
        },
        async [Symbol.asyncDispose]() {},
      };
    },
    async starterPairs() {
      const pairs = (count: number, first: number) => ({
        source: points('cognate-text@1', count),
        target: points('cognate-image@1', count),
        labels: Array.from({ length: count }, (_, i) => `name ${i}`),
        hexcodes: Array.from({ length: count }, (_, i) => (first + i).toString(16).toUpperCase()),
      });
      return { ...pairs(40, 0x1f400), heldOut: pairs(10, 0x1f600) };
    },
    async forward(_alignment: Uint8Array | undefined, { space: from, count }: Embeddings) {
      mapped.push(from.id);
      return points('cognate-image@1', count);
    },
    project: async (_alignment: Uint8Array, { count }: Embeddings) => points('shared', count),
    fit(source: Embeddings, target: Embeddings, options: FitOptions = {}): FitSession {
      const state = { paused: false, cancelled: false };
      const { promise, resolve, reject } = Promise.withResolvers<FitResult>();
      fits.push({ options, source, target, state, finish: resolve, fail: reject });
      const cancel = (reason?: unknown): void => {
        state.cancelled = true;
        reject(reason);
      };
      options.signal?.addEventListener('abort', () => cancel(options.signal?.reason));
      return Object.assign(promise, {
        pause: () => (state.paused = true),
        resume: () => (state.paused = false),
        cancel,
      });
    },
    async forecast() {
      return promising;
    },
    async reportMarkdown({ method }: AlignmentReport) {
      return `# ${method}`;
    },
    async exportOnnx() {
      return Uint8Array.of(8);
    },
    async unfinishedFits() {
      return unfinished;
    },
    resumeFit(key: string, options: FitOptions = {}): FitSession {
      resumed.push(key);
      return fake.fit(points('a', 1), points('b', 1), options);
    },
    async discardFit(key: string) {
      unfinished.splice(
        unfinished.findIndex((each) => each.key === key),
        1,
      );
    },
    async use(bytes: Uint8Array<ArrayBuffer> | undefined) {
      used.push(bytes);
      return undefined;
    },
    async [Symbol.asyncDispose]() {},
  };
  // The facade's generics say more than a fake needs to know.
  return fake as unknown as FakeCognate;
}

/** A square whose colour tells the number. */
export function fakePicture(number: number): ImageData {
  const picture = new ImageData(64, 64);
  for (let at = 0; at < picture.data.length; at += 4) picture.data.set([(number * 40) % 256, 120, 200, 255], at);
  return picture;
}
