import { dotProducts, rows as pickRows, topK } from '@cognate/core';
import { cycleTrust, fitCycleTrust, textLikeness } from '@cognate/decoders';
import {
  asked,
  drawConcepts,
  loadWorld as loadCaptionWorld,
  usualSource,
  write,
} from '../caption/caption-questions.ts';
import { captionerFolder } from '../caption/publish.ts';
import { learnedParts } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { drawPainted, inTurn, loadWorld as loadPaintWorld, paint } from '../paint/painting-questions.ts';
import { painterFolder } from '../paint/publish.ts';
import type { Language } from '../text/languages.ts';
import { nameOf } from '../text/texts.ts';

/** Half of the samples are of concepts that were trained on, half of validation concepts. */
const perPart = 150;
const languages: readonly Language[] = ['en', 'de', 'ja', 'ru'];

/** A sample's cycle score, and whether it is right. */
interface Judged {
  readonly score: number;
  readonly right: boolean;
}

/**
 * Estimates how far cycle scores of the shipped captioner and painter can be trusted and writes it into their configs:
 * `node scripts/recipe.mjs trust`. What is right must not be measured as scores are: a caption is right when it has half of
 * its characters' runs in common with the concept's name; a painting, when of all real pictures in that style the
 * concept's own is among the five nearest to it. Held-out concepts are not looked at, and
 * validation concepts must be new to both: it goes before their last runs, which keep what it wrote. `--only` takes one of
 * the two.
 */
export async function main(
  host: RecipeHost,
  { only }: { readonly only?: 'captioner' | 'painter' } = {},
): Promise<void> {
  if (only !== 'painter') await publishTrust(host, captionerFolder, await judgedCaptions(host));
  if (only !== 'captioner') await publishTrust(host, painterFolder, await judgedPaintings(host));
}

async function judgedCaptions(host: RecipeHost): Promise<readonly Judged[]> {
  await using world = await loadCaptionWorld(host, ['train']);
  const texts = new Map(world.points.concepts.map((concept) => [concept.hexcode, concept]));
  const judged: Judged[] = [];
  for (const part of learnedParts) {
    const hexcodes = drawConcepts(world.points, [part], perPart);
    for (const pictures of [false, true]) {
      for (const language of languages.filter((each) => world.captioner.languages.includes(each))) {
        const points = asked(world, pictures ? 'image' : usualSource(language), hexcodes);
        const made = await write(world, points, language, 'consensus');
        made.forEach(({ sample, score }, i) => {
          const name = nameOf(texts.get(hexcodes[i]!)!, language);
          judged.push({ score, right: textLikeness(sample.text, name) >= 0.5 });
        });
      }
    }
  }
  return judged;
}

async function judgedPaintings(host: RecipeHost): Promise<readonly Judged[]> {
  await using world = await loadPaintWorld(host, [], ['train']);
  const judged: Judged[] = [];
  for (const part of learnedParts) {
    const tasks = inTurn(drawPainted(world, part, perPart), world.painter.styles);
    for (const source of ['text', 'image'] as const) {
      const { seen, scores } = await paint(world, tasks, source, { plain: source === 'image' });
      for (const [i, { hexcode, to }] of tasks.entries()) {
        const { points, rowOf } = world.points.pictures.get(to)!;
        const cosines = dotProducts(pickRows(seen, [i]).data, points.data, points.space.dim);
        judged.push({ score: scores[i]!, right: topK(cosines, 5).includes(rowOf.get(hexcode)!) });
      }
    }
  }
  return judged;
}

async function publishTrust(host: RecipeHost, folder: string, judged: readonly Judged[]): Promise<void> {
  const trust = fitCycleTrust(judged.map(({ score }) => score), judged.map(({ right }) => right)); // prettier-ignore
  const share = judged.filter(({ right }) => right).length / judged.length;
  const error =
    judged.reduce((sum, { score, right }) => sum + (cycleTrust(trust, score) - Number(right)) ** 2, 0) / judged.length;
  host.log(
    `${folder}: slope ${trust.slope.toFixed(2)}, offset ${trust.offset.toFixed(2)}; ${judged.length} samples, ${share.toFixed(3)} right; ` +
      `squared error ${error.toFixed(3)}, ${(share * (1 - share)).toFixed(3)} without scores`,
  );
  const response = await fetch(`/${folder}/config.json`);
  const config = (await response.json()) as { readonly cognate: object };
  const text = `${JSON.stringify({ ...config, cognate: { ...config.cognate, trust } })}\n`;
  await host.publish(`${folder}/config.json`, new TextEncoder().encode(text));
}
