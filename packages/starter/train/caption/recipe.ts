import { countParameters, startEngine } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Language } from '../text/languages.ts';
import { textDim } from '../text/text-model.ts';
import { loadTexts, trainingTexts } from '../text/texts.ts';
import { learnBpe, type Bpe } from './bpe.ts';
import { checkSeenNames, type ExactShares } from './check.ts';
import { drawPoints, loadConditionPoints, pointsOf } from './conditions.ts';
import { calmMix, captionDefaults, continuedDefaults, finalDefaults, type CaptionOptions } from './options.ts';
import { shippedTrust } from '../trust/shipped-trust.ts';
import { captionerFolder, loadCaptionWeights, loadShippedTokens, publishCaptioner } from './publish.ts';
import { lengths } from './sampler.ts';
import { captionKeywords, captionTargets, spelling, type Keyword, type Target } from './targets.ts';
import { trainCaptioner, type CaptionTraining, type DrawPoint } from './training.ts';

interface RunOptions extends CaptionOptions {
  /** Begin with the published weights and tokens instead of random and new ones; see `continuedDefaults`. */
  readonly 'from-published': boolean;
  /** Go on from the last checkpoint of the same options; more `minutes` than before go on longer. */
  readonly resume: boolean;
  /** Name of the checkpoint, for trials. */
  readonly run: string;
  /** Write the model into the repository at the end. */
  readonly publish: boolean;
  /** Train nothing: count which of the names seen in training the shipped captioner writes to the letter. */
  readonly check: boolean;
  /** Threads of the engine; all unless told. */
  readonly threads?: number;
  /** Stop after so many steps, for trials. */
  readonly steps: number;
}

/** A point of the curve. */
interface Report {
  readonly step: number;
  /** Mean since the last report, nats for a token. */
  readonly loss: number;
  readonly seconds: number;
  /** Share of names with a probability over one half, which greedy decoding then finds, by language. */
  readonly sure: Readonly<Record<string, number>>;
}

const reportSeconds = 60;
const checkpointSeconds = 180;

/**
 * Trains the captioner on points of texts alone and writes it into the repository: `node scripts/recipe.mjs caption --publish`,
 * then, with every choice made and trust estimated, `node scripts/recipe.mjs caption --from-published --final --publish`, which goes on from
 * the published weights. Without `--final` that has keywords to be written beside names.
 */
export async function main(
  host: RecipeHost,
  given: Partial<RunOptions>,
): Promise<readonly Report[] | readonly ExactShares[]> {
  const options: RunOptions = {
    ...captionDefaults,
    ...(given['from-published'] && (given.final ? finalDefaults : continuedDefaults)),
    'from-published': false,
    resume: false,
    run: given.final ? 'final' : 'checkpoint',
    publish: false,
    check: false,
    steps: Infinity,
    ...given,
  };
  if (options.check) return checkSeenNames(host);
  if (options.threads) Object.defineProperty(navigator, 'hardwareConcurrency', { value: options.threads });
  const engine = await startEngine();
  const languages = options.languages.split(',') as Language[];
  const all = await loadTexts();
  const concepts = trainingTexts(all, { andValidation: options.final });
  const bpe = options['from-published']
    ? await loadShippedTokens()
    : learnCaptionBpe(concepts, languages, options.vocabulary);
  const short = ({ tokens }: Target): boolean => tokens.length <= lengths.at(-1)!;
  const every = captionTargets(concepts, languages, bpe);
  const names = every.filter(short);
  const keywords = options.keywords > 0 ? captionKeywords(concepts, all, languages, bpe).filter(short) : [];
  const points = await loadConditionPoints(host, concepts);
  const targets = [...names, ...(await withPoints(host, keywords))];
  const sizes = { languages: languages.length, vocabulary: bpe.vocabulary.length };
  const [lively, calm] = [drawPoints(points, options), drawPoints(points, { ...options, ...calmMix })];
  const draw: DrawPoint = (...given) => (elapsed() < options.calmFrom ? lively : calm)(...given);
  const begin = options['from-published']
    ? await loadCaptionWeights(
        { ...options, languages: languages.length, maxTokens: lengths.at(-1)! },
        sizes.vocabulary,
      )
    : undefined;
  using training = trainCaptioner(concepts, targets, sizes, draw, options, begin);
  const parameters = countParameters({ ...(await training.weights()).model });
  host.log(
    `${engine.device}, ${engine.threads} threads; ${concepts.length} concepts, ${names.length} names of ${every.length} and ` +
      `${keywords.length} keywords in ${languages.length} languages, ${points.starts.at(-1)} points, ${sizes.vocabulary} tokens, ${parameters} parameters beside them`,
  );

  const curve: Report[] = [];
  const saved = options.resume ? await host.load(`${options.run}.safetensors`) : undefined;
  if (saved) curve.push(...(training.restore(saved) as Report[]));
  const before = curve.at(-1)?.seconds ?? 0;
  const begun = performance.now();
  const seconds = (): number => before + (performance.now() - begun) / 1000;
  const elapsed = (): number => Math.min(1, seconds() / (options.minutes * 60));
  const save = async (): Promise<void> => host.save(`${options.run}.safetensors`, await training.save(curve));
  let [sum, steps, texts, reported, stored] = [0, 0, 0, seconds(), seconds()];
  while (seconds() < options.minutes * 60 && training.step < options.steps) {
    const { loss, texts: seen } = await training.update(elapsed());
    [sum, steps, texts] = [sum + loss, steps + 1, texts + seen];
    if (seconds() - reported < reportSeconds) continue;
    curve.push({
      step: training.step,
      loss: sum / steps,
      seconds: seconds(),
      sure: sureOf(targets, training, languages),
    });
    host.log(`${describe(curve.at(-1)!)}, ${(texts / (seconds() - reported)).toFixed(0)} texts a second`);
    [sum, steps, texts, reported] = [0, 0, 0, seconds()];
    if (seconds() - stored < checkpointSeconds) continue;
    await save();
    stored = seconds();
  }
  await save();
  await host.save(`${options.run}-curve.json`, new TextEncoder().encode(JSON.stringify({ options, curve }, null, 1)));
  if (options.publish) {
    const weights = await training.weights();
    const trust = options.final ? await shippedTrust(captionerFolder) : undefined;
    const bytes = await publishCaptioner(host, { weights, bpe, languages, maxTokens: lengths.at(-1)!, trust });
    host.log(`published ${(bytes / 1e6).toFixed(2)} MB`);
  }
  return curve;
}

/** Keywords with the points that they are written from. */
async function withPoints(host: RecipeHost, keywords: readonly Keyword[]): Promise<readonly Target[]> {
  if (keywords.length === 0) return [];
  const points = await pointsOf(
    host,
    'keywords',
    keywords.map(({ text }) => text),
  );
  return keywords.map((each, i) => ({ ...each, point: points.subarray(i * textDim, (i + 1) * textDim) }));
}

/** Tokens of the names that are written, learned from training concepts. */
function learnCaptionBpe(
  concepts: Parameters<typeof captionTargets>[0],
  languages: readonly Language[],
  size: number,
): Bpe {
  const names = concepts.flatMap(({ texts }) =>
    texts.flatMap(({ language, name }) => (languages.includes(language) ? [spelling(name, language)] : [])),
  );
  return learnBpe(names, size);
}

function sureOf(targets: readonly Target[], { losses }: CaptionTraining, languages: readonly string[]): Report['sure'] {
  return Object.fromEntries(
    languages.map((code, language) => {
      const own = losses.filter((_, at) => targets[at]!.language === language && !targets[at]!.point);
      return [code, own.filter((loss) => loss < Math.LN2).length / own.length];
    }),
  );
}

function describe({ step, loss, seconds, sure }: Report): string {
  const shares = Object.entries(sure).map(([code, share]) => `${code} ${share.toFixed(2)}`);
  return `step ${step}, ${seconds.toFixed(0)} s, loss ${loss.toFixed(3)}, sure: ${shares.join(' ')}`;
}
