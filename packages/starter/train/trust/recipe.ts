import { searchIndex } from '@cognate/core';
import { cycleTrust, fitCycleTrust } from '@cognate/decoders';
import { asked, drawConcepts, loadWorld as loadCaptionWorld, write } from '../caption/caption-questions.ts';
import { captionerFolder } from '../caption/publish.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import {
  drawPainted,
  inTurn,
  loadWorld as loadPaintWorld,
  ownNames,
  paint,
  pairedCosines,
} from '../paint/painting-questions.ts';
import { painterFolder } from '../paint/publish.ts';
import type { Language } from '../text/languages.ts';

/** Half of the samples are of concepts that were trained on, half of validation concepts. */
const perPart = 150;
const parts = ['train', 'validation'] as const;
const languages: readonly Language[] = ['en', 'de', 'ja', 'ru'];

/** A sample's cycle score, and whether it is right. */
interface Judged {
  readonly score: number;
  readonly right: boolean;
}

/**
 * Estimates how far cycle scores of the shipped captioner and painter can be trusted and writes it into their configs:
 * `node scripts/recipe.mjs trust`. A caption is right when, of all English names, its own concept's is nearest to it; a
 * painting, when its own concept's name is among the ten nearest. Held-out concepts are not looked at.
 */
export async function main(host: RecipeHost): Promise<void> {
  await publishTrust(host, captionerFolder, await judgedCaptions(host));
  await publishTrust(host, painterFolder, await judgedPaintings(host));
}

async function judgedCaptions(host: RecipeHost): Promise<readonly Judged[]> {
  await using world = await loadCaptionWorld(host);
  const { points: names, rowOf } = world.points.names.get('en')!;
  using index = await searchIndex(names);
  const judged: Judged[] = [];
  for (const part of parts) {
    const hexcodes = drawConcepts(world.points, part, perPart);
    for (const source of ['text', 'image'] as const) {
      for (const language of languages.filter((each) => world.captioner.languages.includes(each))) {
        const way = source === 'text' ? 'point' : 'hybrid';
        const made = await write(world, asked(world, source, hexcodes, language), language, way);
        // What the encoder knows nothing of is wrong.
        const known = made.flatMap(({ score }, i) => (score > -1 ? [i] : []));
        const encoded = await world.encoder.encode(known.map((i) => made[i]!.sample)); // prettier-ignore
        const nearest = await index.search(encoded, 1);
        const right = made.map(() => false);
        known.forEach((i, at) => (right[i] = nearest[at]!.indices[0] === rowOf.get(hexcodes[i]!)));
        judged.push(...made.map(({ score }, i) => ({ score, right: right[i]! })));
      }
    }
  }
  return judged;
}

async function judgedPaintings(host: RecipeHost): Promise<readonly Judged[]> {
  await using world = await loadPaintWorld(host, []);
  const judged: Judged[] = [];
  for (const part of parts) {
    const tasks = inTurn(drawPainted(world, part, perPart), world.painter.styles);
    for (const source of ['text', 'image'] as const) {
      const painted = await paint(world, tasks, source, { plain: source === 'image' });
      const { asked: wanted, seen } = painted;
      const project = world.alignment.project;
      const scores = source === 'text' ? pairedCosines(project(wanted), project(seen)) : pairedCosines(wanted, seen);
      const right = await ownNames(world, painted, seen, 10);
      judged.push(...scores.map((score, i) => ({ score, right: right[i]! })));
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
