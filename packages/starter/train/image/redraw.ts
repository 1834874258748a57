import type { Drawing } from '../data/drawings.ts';

/** Ways to draw the same shapes again, so that the encoder learns what a shape is and not how it is filled. */
export const redrawings = ['outlined', 'thin', 'lines'] as const;
export type Redrawing = (typeof redrawings)[number];

/**
 * The drawing with a dark line around every shape (`outlined`, `thin`), or as lines on white shapes (`lines`).
 * Gradients give way to nothing here: only plain fills are whitened, so `lines` suits flat styles.
 */
export function redraw({ body, box }: Drawing, how: Redrawing): Drawing {
  const width = box[2] * (how === 'thin' ? 0.018 : 0.032);
  const line = `stroke="#000" stroke-width="${width.toFixed(3)}" stroke-linejoin="round" stroke-linecap="round" paint-order="normal"`;
  const filled =
    how === 'lines' ? body.replace(/fill="#[0-9a-fA-F]{3,8}"/g, (fill) => (isDark(fill) ? fill : 'fill="#fff"')) : body;
  // Presentation attributes of a group are inherited by every shape that sets no stroke of its own.
  return { body: `<g ${line}>${filled}</g>`, box };
}

/** Near black stays: eyes and mouths are not blanked. */
function isDark(fill: string): boolean {
  const digits = fill.slice(7, -1);
  const full = digits.length < 6 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const [r, g, b] = [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16));
  return 0.3 * r! + 0.59 * g! + 0.11 * b! < 75;
}
