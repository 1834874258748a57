import type { RecipeHost } from '../data/recipe-host.ts';
import { inTurn, paint, pairedCosines, type World } from './painting-questions.ts';
import { toImageData } from './frames.ts';
import { painterFolder } from './publish.ts';

/** Concepts of the draw, and how many of them are shown of each kind. */
const drawn = 60;
const shown = 8;

const gap = 6;
const head = 20;
/** Pixels per side of a picture on the sheet. */
const side = 96;
const cell = side + gap;

/** What one column shows: what was asked for, what was painted, what the real picture is. */
interface Item {
  readonly asked: ImageData | string;
  readonly painted: ImageData;
  readonly real: ImageData;
  readonly score: number;
}

/**
 * Writes grids beside the model: of a seeded draw the best, the typical and the worst by cosine with the true picture of
 * that style. Columns show what was asked for, what was painted and the true picture.
 */
export async function paintingsCard(
  host: RecipeHost,
  world: World,
  concepts: { readonly seen: readonly string[]; readonly heldOut: readonly string[] },
): Promise<void> {
  const names = new Map(
    world.points.concepts.map(({ hexcode, texts }) => [hexcode, texts.find(({ language }) => language === 'en')!.name]),
  );
  for (const [part, hexcodes] of Object.entries(concepts)) {
    // They come in a drawn order already.
    const tasks = inTurn(hexcodes.slice(0, drawn), world.painter.styles);
    const truths = tasks.map(({ hexcode, to }) => toImageData(world.pictures.get(to)!.get(hexcode)!));
    const real = await world.encoder.encode(truths);
    for (const source of ['image', 'text'] as const) {
      const { images, seen } = await paint(world, tasks, source, { plain: source === 'image' });
      const scores = pairedCosines(seen, real);
      const items = tasks.map(({ hexcode, from }, i): Item => ({
        asked: source === 'text' ? names.get(hexcode)! : toImageData(world.pictures.get(from)!.get(hexcode)!),
        painted: images[i]!,
        real: truths[i]!,
        score: scores[i]!,
      }));
      const name = `paintings-${part === 'seen' ? 'seen' : 'held-out'}-from-${source === 'text' ? 'names' : 'pictures'}`;
      await host.publish(`${painterFolder}/${name}.png`, await grid(items));
    }
  }
}

async function grid(items: readonly Item[]): Promise<Uint8Array<ArrayBuffer>> {
  const ordered = [...items].sort((a, b) => b.score - a.score);
  const middle = (ordered.length - shown) >> 1;
  const groups = { best: 0, typical: middle, worst: ordered.length - shown };
  const height = head + 3 * cell;
  const canvas = new OffscreenCanvas(gap + shown * cell, 3 * height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#333';
  for (const [row, [name, from]] of Object.entries(groups).entries()) {
    const top = row * height;
    const group = ordered.slice(from, from + shown);
    context.font = '12px sans-serif';
    context.fillText(
      `${name}: cosine ${group.at(-1)!.score.toFixed(2)} to ${group[0]!.score.toFixed(2)}`,
      gap,
      top + 14,
    );
    for (const [column, { asked, painted, real }] of group.entries()) {
      const left = gap + column * cell;
      for (const [line, content] of [asked, painted, real].entries()) {
        if (typeof content === 'string') label(context, content, left, top + head);
        else context.drawImage(await createImageBitmap(content), left, top + head + line * cell, side, side);
      }
    }
  }
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}

/** Words one below the other, as many as fit. */
function label(context: OffscreenCanvasRenderingContext2D, text: string, left: number, top: number): void {
  context.font = '10px sans-serif';
  text.split(' ').slice(0, 5).forEach((word, i) => context.fillText(word, left, top + 12 + 12 * i, side)); // prettier-ignore
}
