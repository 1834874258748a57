import type { Json } from './jsonl.ts';

/** What stands in a cell: text in delimited tables, any JSON value in JSON Lines. */
export type Cell = Json;

const numeral = /^\s*[+-]?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|nan|inf(?:inity)?)\s*$/i;
const commaNumeral = /^\s*[+-]?\d+,\d+(?:e[+-]?\d+)?\s*$/i;
const thousands = /^\s*[+-]?[1-9]\d{0,2},\d{3}\s*$/;
// HEIC and TIFF are read by some browsers only; where not, that is told of each picture.
const pictureName = /\.(?:png|jpe?g|jfif|gif|webp|avif|bmp|svg|ico|hei[cf]|tiff?)$/i;

/** The cell as text: empty for null, JSON for lists and objects. */
export function textOf(cell: Cell | undefined): string {
  if (typeof cell === 'string') return cell;
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/**
 * The texts in the cell, each once and without space around it: those of a list, as JSON or Python writes it, else the
 * one that it is; none where it is empty.
 */
export function textsOf(cell: Cell | undefined): readonly string[] {
  const texts = listed(cell) ?? [textOf(cell)];
  return [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '');
}

function listed(cell: Cell | undefined): readonly string[] | undefined {
  if (Array.isArray(cell)) return cell.every((each) => typeof each === 'string') ? cell : undefined;
  const inside = typeof cell === 'string' ? /^\s*\[(\s*["'][^]*["'][\s,]*)\]\s*$/.exec(cell)?.[1] : undefined;
  if (inside === undefined) return undefined;
  const texts: string[] = [];
  // Of arrays, NumPy writes the items without commas.
  const next = /[\s,]*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[\s,]*/sy;
  while (next.lastIndex < inside.length) {
    const [, text] = next.exec(inside) ?? [];
    if (text === undefined) return undefined;
    texts.push(unescaped(text));
  }
  return texts;
}

function unescaped(text: string): string {
  try {
    if (text.startsWith('"')) return JSON.parse(text) as string;
  } catch {
    // Python's own escapes, such as \'
  }
  return text.slice(1, -1).replace(/\\(.)/gs, (_, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? letter);
}

/** True for numbers as JSON, Python and spreadsheets write them, `NaN` and `inf` included. */
export function isNumber(cell: Cell): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && numeral.test(cell));
}

const hasComma = (cell: Cell): cell is string => typeof cell === 'string' && commaNumeral.test(cell);

/** A number with a decimal comma, `0,5`, as one with a point; any other cell as it is. */
export function pointed(cell: Cell): Cell {
  return hasComma(cell) ? cell.replace(',', '.') : cell;
}

/**
 * Whether commas in a column's numbers are decimal ones. Where commas separate the cells too, `1,234` is a thousand and
 * more, unless another cell tells otherwise.
 */
export function decimalCommas(cells: readonly Cell[], delimiter: string | undefined): boolean {
  const numbers = cells.filter(hasComma);
  return numbers.length > 0 && !(delimiter === ',' && numbers.every((each) => thousands.test(each)));
}

/** The number in the cell; NaN where there is none. */
export function numberOf(cell: Cell | undefined): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'string' || cell.trim() === '') return NaN;
  const value = Number(cell);
  if (!Number.isNaN(value)) return value;
  const [, sign, endless] = /^\s*([+-]?)(inf(?:inity)?)\s*$/i.exec(cell) ?? [];
  return endless ? (sign === '-' ? -Infinity : Infinity) : NaN;
}

/**
 * The numbers of a vector in one cell: a JSON list, or text such as `[0.1, 0.2]`, `(0.1 0.2)` or, from eight numbers on,
 * `0.1 0.2 0.3 …`. In `[0,1; 0,2]` and `[0,1 0,2]` the commas are decimal ones. Undefined where the cell is something
 * else.
 */
export function vectorOf(cell: Cell | undefined): readonly number[] | undefined {
  if (Array.isArray(cell)) {
    const list = cell as readonly Cell[];
    // null is how JSON writes NaN.
    return list.length >= 2 && list.every((each) => each === null || isNumber(each)) ? list.map(numberOf) : undefined;
  }
  if (typeof cell !== 'string' || !/^\s*[[(+\-.\d]/.test(cell)) return undefined;
  const inside = /^\s*[[(]([^[\]()]*)[\])]\s*$/.exec(cell)?.[1];
  const text = (inside ?? cell).trim();
  const apart = text.split(/\s*;\s*|\s+/);
  const commas = apart.length > 1 && apart.some(hasComma) && apart.every((word) => isNumber(pointed(word)));
  const words = commas ? apart.map(pointed) : text.split(/\s*[,;]\s*|\s+/);
  if (words.length < (inside === undefined ? 8 : 2) || !words.every(isNumber)) return undefined;
  return words.map(numberOf);
}

/** True for names and addresses of picture files, data URLs included. */
export function isPicture(cell: Cell): boolean {
  if (typeof cell !== 'string' || cell.length > 2000) return typeof cell === 'string' && cell.startsWith('data:image/');
  return cell.startsWith('data:image/') || pictureName.test(cell.trim().replace(/[?#]\S*$/, ''));
}

/** True for `https://…` and `2026-11-28 10:30`. */
export function isAddressOrTime(cell: Cell): boolean {
  return typeof cell === 'string' && /^\s*(?:https?:\/\/\S+|\d{4}-\d\d-\d\d(?:[T ]\S+)?)\s*$/i.test(cell);
}
