import { csvParser, type ParsedRow, type RowParser } from './csv.ts';
import { isNamed } from './header.ts';

/** How the rows of a table are written. `json` is one list of them; `lines` are one text each, whatever stands in them. */
export type TableFormat = 'delimited' | 'jsonl' | 'json' | 'lines';

/** In the order that decides between equals: what is rarest inside of cells comes first. */
const delimiters = ['\t', ';', '|', ','] as const;

/** JSON Lines begin with an object or a list; anything else is taken for delimited. */
export function formatOfText(head: string): 'delimited' | 'jsonl' {
  const first = /^\s*(.*)/.exec(head)?.[1] ?? '';
  if (/^\{|^\[\s*($|[[{"])/.test(first)) return 'jsonl';
  try {
    return first.startsWith('[') && JSON.parse(first) ? 'jsonl' : 'delimited';
  } catch {
    return 'delimited'; // `[1, 2], [3, 4]` are two cells
  }
}

/** `sep=;` in the first line, as spreadsheets write it. */
export function declaredDelimiter(head: string): { readonly delimiter: string; readonly length: number } | undefined {
  const [line, delimiter] = /^sep=(.)(?:\r\n?|\n)/i.exec(head) ?? [];
  return line && delimiter ? { delimiter, length: line.length } : undefined;
}

/**
 * The delimiter that cuts at least half of the sample's rows into the same number of cells, two or more; of those that do
 * about equally well, one that cuts the first row too. Else one that cuts the first row into names of columns. Where none
 * does there is one column: of cells, with a comma that is nowhere outside of quotes, or else of plain lines (undefined).
 */
export function delimiterOf(head: string, whole: boolean, quotes: boolean): string | undefined {
  const start = head.slice(0, 65_536);
  const enough = !whole && (start.match(/\n|\r/g)?.length ?? 0) > 20;
  let best: string | undefined;
  let most = 0.47;
  let cutsFirst = true;
  let single = false;
  let naming: string | undefined;
  for (const delimiter of delimiters) {
    const parsed = completeRows(enough ? start : head, csvParser(delimiter, quotes), whole).slice(0, 100);
    const counts = new Map<number, number>();
    for (const { value } of parsed.filter(isRead)) counts.set(value.length, (counts.get(value.length) ?? 0) + 1);
    const usual = Math.max(0, ...[...counts].filter(([cells]) => cells > 1).map(([, rows]) => rows));
    const share = usual / parsed.length;
    const [first] = parsed;
    const cuts = first !== undefined && isRead(first) && first.value.length > 1;
    // Vectors inside of cells are full of commas: more cells are no better, only steadier ones. What stands inside of
    // cells all the way down leaves out the names above them.
    if (share > most + 0.02 || (share > most - 0.02 && cuts && !cutsFirst)) {
      [best, most, cutsFirst] = [delimiter, share, cuts];
    }
    // Cells with commas that nobody quoted: most rows cannot be read then, but each says so.
    if (cuts && usual > 1 && isNamed(first.value.map((name) => name.trim()))) naming ??= delimiter;
    single = delimiter === ',' && parsed.every((row) => isRead(row) && row.value.length === 1);
  }
  return best ?? naming ?? (single ? ',' : undefined);
}

/**
 * Rows of the sample; the last one is left out unless the sample is the whole text, since it may be cut. Where that
 * leaves next to nothing, a quote that was never meant to open a cell holds the rest.
 */
export function completeRows(head: string, parser: RowParser<string[]>, whole: boolean): ParsedRow<string[]>[] {
  const rows = parser.push(head);
  if (!whole && rows.length > 2) return rows;
  const rest = parser.end();
  return [...rows, ...(whole ? rest : rest.slice(0, -1))];
}

const isRead = <Value>(row: ParsedRow<Value>): row is Extract<ParsedRow<Value>, { value: Value }> =>
  row.fault === undefined;
