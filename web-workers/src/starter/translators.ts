import {
  bridge,
  translator,
  type Bridge,
  type CallOptions,
  type Decoder,
  type Encoder,
  type Picture,
  type Space,
  type Translator,
} from '@cognate/core';
import { retrieval } from '@cognate/decoders';
import type { TranslatorChoice, TranslatorOutput } from '../shared/inference.ts';
import type { Name, PictureItem } from '../shared/items.ts';
import type { Alignments } from './alignments.ts';
import { spread, type Collection } from './collection.ts';
import { joinProgress } from './join-progress.ts';
import { loadOnceEach } from './load-once.ts';
import type { Names } from './names.ts';
import type { Pictures } from './pictures.ts';
import { mapPoints } from './map-points.ts';

type Item = Name | PictureItem;

export type StarterTranslator = Translator<string | Picture, TranslatorOutput>;

/** The starter's encoders; each is loaded when first asked for. */
export interface StarterEncoders {
  readonly text: (options?: CallOptions) => Promise<Encoder<string>>;
  readonly image: (options?: CallOptions) => Promise<Encoder<Picture>>;
}

export interface StarterParts {
  readonly encoders: StarterEncoders;
  readonly names: Names;
  readonly pictures: Pictures;
  readonly alignments: Alignments;
}

/** All of a translator behind its encoder. */
interface FarEnd {
  readonly decoder: Decoder<TranslatorOutput>;
  /** The way from the encoder's space to the decoder's. */
  readonly bridges: (from: Space) => readonly Bridge[];
}

/** Typical questions, by which hubs are known; more would hardly change the scores. */
const queryCount = 512;

/** A projected bank takes 2 MB: the translator that was not used for longest goes, and is made again when named. */
const keptCount = 32;

/**
 * Translators of the starter: encoder -> alignment, where the kinds differ -> retrieval. Each choice is made once; all
 * share their parts.
 */
export function starterTranslators(
  parts: StarterParts,
): (choice: TranslatorChoice, options?: CallOptions) => Promise<StarterTranslator> {
  const made = loadOnceEach(async (key: string, options): Promise<StarterTranslator> => {
    const choice = JSON.parse(key) as TranslatorChoice;
    const part = joinProgress(options);
    const [encoder, { decoder, bridges }] = await Promise.all([
      parts.encoders[choice.from](part()) as Promise<Encoder<string | Picture>>,
      choice.from === choice.to ? nativeEnd(parts, choice, part()) : alignedEnd(parts, choice, part()),
    ]);
    return translator({ encoder, bridges: bridges(encoder.space), decoder });
  }, keptCount);
  return (choice, options) => made(keyOf(choice), options);
}

/** Both sides are of one kind: answers are found in the encoder's own space. */
async function nativeEnd(parts: StarterParts, choice: TranslatorChoice, options: CallOptions): Promise<FarEnd> {
  const part = joinProgress(options);
  const [{ items, points }, typical] = await Promise.all([
    collection(parts, choice, part()),
    choice.to === 'text'
      ? parts.names('en', part()).then((names) => names.points)
      : parts.pictures.bank(choice.style === 'twemoji' ? 'noto' : 'twemoji', part()).then((bank) => bank.rows),
  ]);
  const queries = spread(typical, queryCount);
  const decoder = retrieval({ bank: points, items, queries, k: choice.count });
  await warmUp(decoder, options);
  return { decoder, bridges: () => [] };
}

/** The sides differ in kind: question and answers meet in the space that the alignment's two sides share. */
async function alignedEnd(parts: StarterParts, choice: TranslatorChoice, options: CallOptions): Promise<FarEnd> {
  const part = joinProgress(options);
  const [{ items, points }, alignment] = await Promise.all([
    collection(parts, choice, part()),
    parts.alignments.get(choice.alignment, part()),
  ]);
  const { shared, anchors, report } = alignment;
  const answersAreTarget = points.space.id === alignment.target.id;
  const decoder = retrieval({
    bank: await mapPoints(alignment, 'project', points, options.signal),
    items,
    queries: answersAreTarget ? anchors.source : anchors.target,
    k: choice.count,
    calibration: answersAreTarget ? report.calibration?.forward : report.calibration?.backward,
  });
  await warmUp(decoder, options);
  return { decoder, bridges: (from) => [bridge(alignment, from, shared)] };
}

/** Retrieval leaves measuring its bank to its first call. That is better done while the encoder is on its way. */
async function warmUp(decoder: FarEnd['decoder'], options: CallOptions): Promise<void> {
  await decoder.decode({ space: decoder.space, count: 0, data: new Float32Array() }, options);
}

function collection(parts: StarterParts, choice: TranslatorChoice, options: CallOptions): Promise<Collection<Item>> {
  return choice.to === 'text'
    ? parts.names(choice.language, options)
    : parts.pictures.collection(choice.style, options);
}

/** Equal for choices that differ only in what does not matter to them. */
function keyOf({ from, to, language, style, count, alignment }: TranslatorChoice): string {
  return JSON.stringify({
    ...{ from, to, count },
    ...(to === 'text' ? { language } : { style }),
    ...(from === to ? {} : { alignment }),
  });
}
