import type { PictureItem } from '@cognate/web-workers';

/** As an `<img>`: no script of a drawing runs, and ids of two drawings never meet. */
export function drawingUrl({ svg }: PictureItem): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The character itself, which every screen reader can name in the visitor's language. */
export function drawingName({ hexcode }: PictureItem): string {
  return String.fromCodePoint(...hexcode.split('-').map((code) => Number.parseInt(code, 16)));
}
