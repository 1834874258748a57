type Row = readonly string[];

/** Cuts a row that was parsed into the cells that people mean. */
export type Cut = (cells: Row) => Row;

/** Fewer lines have a mark in common by chance. */
const leastLines = 3;

const isMost = <Item>(items: readonly Item[], test: (item: Item) => boolean): boolean =>
  items.length > 0 && items.filter(test).length >= 0.9 * items.length;

/** `| dog | Hund |`, cut at its bars. */
const isFramed = (cells: Row): boolean => cells.length > 3 && cells[0]!.trim() === '' && cells.at(-1)!.trim() === '';

/** `| --- | :---: |`, which stands under the names of a Markdown table. */
export const isRule = (cells: Row): boolean =>
  cells.length > 0 && cells.every((cell) => /^\s*:?-{2,}:?\s*$/.test(cell));

/** What people write between two sides. */
const marks = ['→', '=>', ' = ', ' – ', ' — ', ' - ', ': ', '='];

/** The two sides of a line that the mark stands in once. */
function cutAt(mark: string, line: string): Row | undefined {
  const [left, right, more] = line.split(mark, 3).map((side) => side.trim());
  return left && right && more === undefined ? [left, right] : undefined;
}

/** `a.jpg#0 a cat`, `a.jpg:a cat`. */
function cutAfterPicture(line: string): Row | undefined {
  const [, picture, caption] = /^\s*(\S+\.(?:png|jpe?g|webp|gif)(?:#\d+)?)(?::|\s)\s*(\S.*)$/i.exec(line) ?? [];
  return picture && caption ? [picture, caption] : undefined;
}

/**
 * How rows are to be cut that a parser left whole, or framed: lines at the mark between two sides, `dog - Hund`, or after
 * the name of a picture; the rows of a Markdown table inside of their frame. Undefined where rows are fine as they are.
 */
export function cutOf(rows: readonly Row[], delimiter: string): Cut | undefined {
  const [first] = rows;
  if (delimiter === '|' && first && isFramed(first) && isMost(rows, isFramed)) {
    return (cells) => (isFramed(cells) ? cells.slice(1, -1).map((cell) => cell.trim()) : cells);
  }
  const lines = rows.flatMap(([line, more]) => (line !== undefined && more === undefined ? [line] : []));
  if (lines.length < Math.max(leastLines, rows.length)) return undefined;
  const ways = [cutAfterPicture, ...marks.map((mark) => (line: string) => cutAt(mark, line))];
  // What the first line lacks is no mark of the others: it may be the name of their only column.
  const way = ways.find((each) => each(lines[0]!) && isMost(lines, (line) => each(line) !== undefined));
  return way && ((cells) => (cells.length === 1 && way(cells[0]!)) || cells);
}
