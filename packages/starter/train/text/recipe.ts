import { startEngine } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import { chooseGramRows } from './gram-rows.ts';
import { textDefaults, type TextOptions } from './options.ts';
import { bankFile, publishModel } from './publish.ts';
import { validationScores, type Recall, type ValidationScores } from './score.ts';
import { loadTexts, nameOf, trainingTexts } from './texts.ts';
import { characterTokenizer, collectCharacters } from './tokenizer.ts';
import { trainText } from './training.ts';

interface RunOptions extends TextOptions {
  /** Go on from the last checkpoint of the same options. */
  readonly resume: boolean;
  /** Stop, with a checkpoint, after so many minutes. */
  readonly minutes: number;
  /** Train on the validation concepts too, once every choice is made, and write model and bank into the repository. */
  readonly final: boolean;
  /** Steps between two looks at the validation concepts. */
  readonly report: number;
}

/** A point of the curve. */
interface Report {
  readonly step: number;
  /** Mean loss since the last report, nats. */
  readonly loss: number;
  readonly seconds: number;
  /** Absent in the final run, which trains on these concepts. */
  readonly validation?: ValidationScores;
}

const checkpoint = 'checkpoint.safetensors';

/**
 * Trains the text encoder: `node scripts/recipe.mjs text --final`. Without `--final` it keeps the validation concepts
 * out of training, reports on them and ships nothing, which is how the defaults were chosen.
 */
export async function main(host: RecipeHost, given: Partial<RunOptions>): Promise<readonly Report[]> {
  const options: RunOptions = {
    ...textDefaults,
    resume: false,
    minutes: Infinity,
    final: false,
    report: 150,
    ...given,
  };
  const engine = await startEngine();
  const all = await loadTexts();
  const concepts = trainingTexts(all, { andValidation: options.final });
  const validation = all.filter(({ part }) => part === 'validation');
  const texts = concepts.flatMap((concept) => concept.texts.flatMap(({ name, keywords }) => [name, ...keywords]));
  const tokenizer = characterTokenizer(collectCharacters(texts));
  const rows = chooseGramRows(concepts, tokenizer, options, options.rows);
  host.log(
    `${engine.device}, ${engine.threads} threads; ${concepts.length} concepts, ${texts.length} texts, ` +
      `${tokenizer.vocabulary.length} characters, ${rows.count} rows of ${options.dim}`,
  );

  using training = trainText(concepts, tokenizer, rows, options);
  const curve: Report[] = [];
  const saved = options.resume ? await host.load(checkpoint) : undefined;
  if (saved) curve.push(...(training.restore(saved) as Report[]));
  const before = curve.at(-1)?.seconds ?? 0;
  const begun = performance.now();
  const seconds = (): number => before + (performance.now() - begun) / 1000;
  let losses: number[] = [];
  while (training.step < options.steps && seconds() - before < options.minutes * 60) {
    losses.push(await training.update());
    if (training.step % options.report !== 0 && training.step !== options.steps) continue;
    const scored = options.final
      ? {}
      : { validation: await validationScores(validation, (names) => training.encode(names)) };
    const loss = losses.reduce((a, b) => a + b, 0) / losses.length;
    curve.push({ step: training.step, loss, seconds: seconds(), ...scored });
    host.log(describe(curve.at(-1)!));
    losses = [];
    await host.save(checkpoint, await training.save(curve));
  }
  await host.save('curve.json', new TextEncoder().encode(JSON.stringify({ options, curve }, null, 1)));
  if (options.final) {
    const bytes = await publishModel(host, await training.weights(), tokenizer);
    const names = all.map((concept) => nameOf(concept, 'en'));
    const bank = bankFile(await training.encode(names), all.map(({ hexcode }) => hexcode)); // prettier-ignore
    await host.publish('packages/starter/banks/text-en.safetensors', bank);
    host.log(`published ${(bytes / 1e6).toFixed(2)} MB of model, ${(bank.length / 1e6).toFixed(2)} MB of bank`);
  }
  return curve;
}

function describe({ step, loss, seconds, validation }: Report): string {
  const pair = ({ r1, r10 }: Recall): string => `${r1.toFixed(3)} ${r10.toFixed(3)}`;
  const scores =
    validation &&
    `, validation R@1 R@10: en-de ${pair(validation.enDe)}, with CSLS ${pair(validation.enDeCsls)}, ` +
      `en to five others ${pair(validation.others)}`;
  return `step ${step}, loss ${loss.toFixed(3)}, ${seconds.toFixed(0)} s${scores ?? ''}`;
}
