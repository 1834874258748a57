import { CognateError, yieldTask, type CallOptions, type Decoder, type Embeddings, type Space } from '@cognate/core';
import type { Session, Tensors, Tokenizer } from '@cognate/runtime';
import { unitPoints } from '../check-points.ts';
import type { CycleCalibration } from '../cycle-trust.ts';
import { generate, generateRows, type Generation, type GenerateOptions } from '../generate/generate.ts';
import { onnxTokenModel } from '../generate/onnx-token-model.ts';
import { seedsFor } from '../seeds.ts';
import { partialText } from './partial-text.ts';

/** A text that was written. */
export interface WrittenText {
  readonly text: string;
  readonly language: string;
  /** Sum over its tokens, the end included, in nats. */
  readonly logProbability: number;
  /** False when it was cut off at the limit. */
  readonly finished: boolean;
  readonly seed: number;
}

export interface CaptionOptions
  extends CallOptions, Pick<GenerateOptions, 'beams' | 'lengthPenalty' | 'temperature' | 'topP' | 'maxTokens'> {
  /** One of `languages`; English unless told, or the first where there is no English. */
  readonly language?: string | undefined;
  /** Of what is drawn at random, for all points or one for each; 0 unless told. */
  readonly seed?: number | readonly number[] | undefined;
}

/** Writes texts from points. */
export interface Captioner extends Decoder<WrittenText> {
  readonly languages: readonly string[];
  /** How far its cycle scores can be trusted, where that was estimated. */
  readonly calibration?: CycleCalibration | undefined;
  /**
   * The likeliest text for each point, greedily or with `beams`, or one that is drawn with a `temperature`. Of points only
   * the direction counts. Output i does not depend on the other points. Progress tells the texts as they grow.
   * @throws {CognateError} `space-mismatch`; `invalid-input` for a language that it does not write, a row without
   * direction or a setting out of range; `disposed`. Aborting rejects with `signal.reason` before the next token.
   */
  decode(points: Embeddings, options?: CaptionOptions): Promise<readonly WrittenText[]>;
}

export interface CaptionerSettings {
  /** A graph for `onnxTokenModel()` with the inputs `point` `[rows, dim]` and `language` `[rows]`. */
  readonly session: Session;
  readonly tokenizer: Pick<Tokenizer, 'decode'>;
  /** Whose points it writes from. */
  readonly space: Space;
  /** What each number of the input `language` stands for. */
  readonly languages: readonly string[];
  /** The tokens that begin and end a text. */
  readonly bos: number;
  readonly eos: number;
  readonly maxTokens: number;
  readonly calibration?: CycleCalibration | undefined;
}

/** Points that are written together: more hardly gain speed, take memory and delay abort. */
const batchCount = 32;

/** A captioner on a loaded graph, which it owns: releasing the captioner releases the session. */
export function captioner(settings: CaptionerSettings): Captioner {
  const { session, tokenizer, space, languages, bos, eos, maxTokens, calibration } = settings;
  const model = onnxTokenModel(session, { ends: [eos], maxTokens });
  let disposed = false;

  const written = (found: Generation, language: string, seed: number): WrittenText => {
    const { tokens, logProbability, finished } = found;
    const text = tokenizer.decode(tokens);
    return { text: finished ? text : partialText(text), language, logProbability, finished, seed };
  };

  return {
    space,
    languages,
    calibration,
    async decode(asked, { language = languages.includes('en') ? 'en' : languages[0]!, seed = 0, ...options } = {}) {
      if (disposed) throw new CognateError('disposed', 'decode() was called on a captioner after it had been released');
      const points = unitPoints('decode()', asked, space);
      const seeds = seedsFor('decode()', seed, points.count);
      const index = languages.indexOf(language);
      if (index < 0) {
        const known = languages.join(', ');
        throw new CognateError('invalid-input', `decode() writes in ${known}, not in ${JSON.stringify(language)}`);
      }
      const { signal, onProgress, beams = 1 } = options;
      signal?.throwIfAborted();
      const total = points.count;
      const out: WrittenText[] = [];
      for (let from = 0; from < total; from = out.length) {
        if (from > 0) await yieldTask();
        const count = beams > 1 ? 1 : Math.min(batchCount, total - from);
        const constants = inputs(points, from, count, index);
        const prompt = await model.prompt([bos], { constants, signal });
        // Nobody listens, nothing is spelled out.
        const onTokens =
          onProgress &&
          ((row: number, tokens: readonly number[]): void => {
            const partial = { index: from + row, text: partialText(tokenizer.decode(tokens)) };
            onProgress({ phase: 'decode', done: from, total, partial });
          });
        const found =
          beams > 1
            ? await generate(model, prompt, { ...options, onTokens: onTokens && ((tokens) => onTokens(0, tokens)) })
            : await generateRows(model, prompt, { ...options, seeds: seeds.slice(from, from + count), onTokens });
        out.push(...found.map((each, row) => written(each, language, seeds[from + row]!)));
        onProgress?.({ phase: 'decode', done: out.length, total });
      }
      return out;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await session[Symbol.asyncDispose]();
    },
  };
}

/** What the graph is told of the rows beside their tokens. */
function inputs({ space: { dim }, data }: Embeddings, from: number, count: number, language: number): Tensors {
  return {
    point: { type: 'float32', dims: [count, dim], data: data.subarray(from * dim, (from + count) * dim) },
    language: { type: 'int64', dims: [count], data: new BigInt64Array(count).fill(BigInt(language)) },
  };
}
