import { fit } from '@cognate/aligner';
import { concat, embeddings, normalize, type Embeddings } from '@cognate/core';
import { captionSharpness, memory } from '@cognate/decoders';
import { startEngine } from '@cognate/nn';
import { pick, type PointSet } from '../align/points.ts';
import { chooseGramRows } from '../text/gram-rows.ts';
import type { Language } from '../text/languages.ts';
import { textDefaults } from '../text/options.ts';
import { nameOf, trainingTexts } from '../text/texts.ts';
import { characterTokenizer, collectCharacters } from '../text/tokenizer.ts';
import { trainText } from '../text/training.ts';
import type { World } from './caption-questions.ts';

/**
 * The same world with points of names by an encoder that has not been trained on validation concepts. The shipped one has:
 * there, names of validation concepts lie where those of training concepts do, and choices made by them do not carry over
 * to what is new. Its points come to the shipped space by ridge regression on names of training concepts.
 * @returns undefined where `node scripts/recipe.mjs text` has not been run in this checkout.
 */
export async function unspoiled(world: World): Promise<(World & Disposable) | undefined> {
  const response = await fetch('/.cache/train/text/checkpoint.safetensors');
  if (!response.ok) return undefined;
  await startEngine();
  const { concepts, names: shipped } = world.points;
  const seen = trainingTexts(concepts);
  const texts = seen.flatMap((concept) => concept.texts.flatMap(({ name, keywords }) => [name, ...keywords]));
  const tokenizer = characterTokenizer(collectCharacters(texts));
  const training = trainText(seen, tokenizer, chooseGramRows(seen, tokenizer, textDefaults, textDefaults.rows), textDefaults); // prettier-ignore
  training.restore(new Uint8Array(await response.arrayBuffer()));

  const space = { id: 'unspoiled-text', dim: world.captioner.space.dim, normalized: true };
  const encode = async (all: readonly string[]): Promise<Embeddings> =>
    normalize(embeddings(space, (await training.encode(all)).data));
  const hexcodes = seen.map(({ hexcode }) => hexcode);
  const languages = [...shipped.keys()];
  const own = await Promise.all(languages.map((language) => encode(seen.map((concept) => nameOf(concept, language)))));
  const wanted = languages.map((language) => pick(shipped.get(language)!, hexcodes));
  const bridge = await fit(joined(own), joined(wanted), { method: 'ridge', report: 'brief' });
  const carry = async (all: readonly string[]): Promise<Embeddings> => normalize(bridge.forward(await encode(all)));

  const names = new Map<Language, PointSet>();
  for (const language of languages) {
    const points = await carry(concepts.map((concept) => nameOf(concept, language)));
    names.set(language, { points, rowOf: shipped.get(language)!.rowOf });
  }
  const keys = pick(names.get('en')!, world.trained);
  const known = memory(pick(shipped.get('en')!, world.trained), { keys, sharpness: captionSharpness });
  return {
    ...world,
    points: { ...world.points, names },
    encoder: { ...world.encoder, encode: carry },
    known: { ...world.known, text: known },
    [Symbol.dispose]: () => training[Symbol.dispose](),
  };
}

const joined = (parts: readonly Embeddings[]): Embeddings => concat(parts as [Embeddings, ...Embeddings[]]);
