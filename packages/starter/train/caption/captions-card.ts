import { chrf } from '@cognate/aligner';
import type { Made, WrittenText } from '@cognate/decoders';
import { learnedParts } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Language } from '../text/languages.ts';
import { asked, drawConcepts, usualSource, write, type World } from './caption-questions.ts';
import type { NameTable } from './evaluate.ts';
import { captionerFolder } from './publish.ts';

/** Drawn concepts, of which the best, the middle and the worst are shown. */
const drawn = 60;
const shown = 4;
const languages: readonly Language[] = ['en', 'de', 'fr', 'ru', 'ja'];
const seed = 7;

/** Writes tables of captions beside the model: best, typical and worst of a seeded draw, seen and held out. */
export async function captionsCard(host: RecipeHost, world: World, names: NameTable): Promise<void> {
  const lines = [
    '# Captions\n',
    `Written by \`npm run evaluate -- --only captioner --cards\`. Of ${drawn} concepts drawn with seed ${seed}, the ${shown} ` +
      `best, the ${shown} in the middle and the ${shown} worst by mean chrF over these languages. English is written from German ` +
      'names, the others from English ones; pictures are Noto. All are written by consensus, as pages do. Below each text that differs is the name that it should be.\n',
  ];
  for (const [parts, title] of [
    [learnedParts, 'Seen in training'],
    [['heldOut'], 'Held out'],
  ] as const) {
    for (const kind of ['names', 'pictures'] as const) {
      const hexcodes = drawConcepts(world.points, parts, drawn, seed);
      lines.push(`## ${title}, from ${kind}\n`, await table(world, names, kind, hexcodes));
    }
  }
  await host.publish(`${captionerFolder}/captions.md`, new TextEncoder().encode(lines.join('\n')));
}

async function table(
  world: World,
  names: NameTable,
  kind: 'names' | 'pictures',
  hexcodes: readonly string[],
): Promise<string> {
  const written = new Map<Language, readonly Made<WrittenText>[]>();
  for (const language of languages) {
    const points = asked(world, kind === 'pictures' ? 'image' : usualSource(language), hexcodes);
    written.set(language, await write(world, points, language, 'consensus'));
  }
  const scored = hexcodes.map((hexcode, i) => {
    const cells = languages.map((language) => ({
      text: written.get(language)![i]!.sample.text,
      name: names(hexcode, language),
    }));
    return {
      hexcode,
      cells,
      score: cells.reduce((sum, { text, name }) => sum + chrf([text], [[name]]), 0) / cells.length,
    };
  });
  scored.sort((a, b) => b.score - a.score);
  const middle = (scored.length - shown) >> 1;
  const groups = { best: 0, typical: middle, worst: scored.length - shown };
  const lines = [
    `|  |  | chrF | ${languages.join(' | ')} |`,
    `| --- | --- | ---: | ${languages.map(() => '---').join(' | ')} |`,
    ...Object.entries(groups).flatMap(([name, from]) =>
      scored.slice(from, from + shown).map(({ hexcode, cells, score }) => {
        const symbol = String.fromCodePoint(...hexcode.split('-').map((code) => parseInt(code, 16)));
        const texts = cells.map((cell) =>
          cell.text === cell.name ? escaped(cell.text) : `${escaped(cell.text)}<br>*${escaped(cell.name)}*`,
        );
        return `| ${name} | ${symbol} | ${score.toFixed(0)} | ${texts.join(' | ')} |`;
      }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const escaped = (text: string): string => text.replace(/[|*_<>\\`]/g, (sign) => `\\${sign}`) || '(nothing)';
