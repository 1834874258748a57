import { isAddressOrTime, isNumber, isPicture, pointed, textOf, vectorOf, type Cell } from './cells.ts';
import { csvParser, type ParsedRow, type RowParser } from './csv.ts';
import { languageOf, languageOfName } from './language.ts';

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

/** Names that columns of pairs go by; a first row that holds one is a header. */
const known =
  /^(source|target|src|tgt|trg|text|texts|sentence|phrase|word|caption|captions|title|name|label|class|category|description|prompt|query|question|answer|image|images|picture|photo|img|file|files|filename|file_name|filepath|path|url|image_url|image_path|id|uuid|key|index|idx|lang|language|vector|embedding|embeddings|input|output|emoji|score)$/i;

/** More of them, which are words of everyday texts too: one by itself says nothing. */
const likely =
  /^(term|concept|definition|meaning|translation|translated|original|word|words|example|examples|note|notes|comment|comments|tag|tags|type|gender|pos|reading|pronunciation|ipa|kana|kanji|pinyin|front|back|brand|topic|summary|abstract|body|content|document|article|headline|review|date|link|subject|message|response|completion|instruction|context)$/i;

/**
 * Whether the first row names the columns: it does when it holds text above numbers, vectors or pictures, names that
 * columns usually have, or short texts of which one is unlike everything below it. In doubt it is a row like the others,
 * so that no pair is lost.
 */
export function isHeader(first: readonly Cell[], others: readonly (readonly Cell[])[]): boolean {
  const names = first.map((cell) => (typeof cell === 'string' ? cell.trim() : ''));
  const filled = names.filter((name) => name !== '');
  if (filled.length === 0 || new Set(filled).size < filled.length) return isNamed(filled);
  // pandas numbers columns that have no names, and leaves the index without one.
  const counted = filled.length > 2 && filled.every((name, i) => name === String(i));
  if (counted) return others.some((row) => row.slice(-filled.length).some((cell) => !/^\s*\d+\s*$/.test(textOf(cell))));
  if (names.some(isValue)) return false;
  const below = names.map((_, column) => others.map((row) => row[column] ?? '').filter((cell) => cell !== ''));
  const above = names.some((name, column) => {
    const cells = below[column]!;
    return name !== '' && cells.length > 0 && cells.every((cell) => isValue(cell));
  });
  const short = filled.every((name) => name.length <= longestName && !/[.!?。！？]$/.test(name));
  return (
    above ||
    isNamed(filled) ||
    (short && names.some((name, column) => name && isUnlike(name, below[column]!.map(textOf))))
  );
}

/** Names of columns are seldom longer. */
const longestName = 40;

/** Words are of any length up to it. */
const leastLong = 20;

/** So few rows are unlike their neighbours by chance. */
const leastBelow = 8;

/**
 * Whether a short text is no value of the column below it: it alone occurs once where all others come again, as classes
 * do; it alone is in Latin letters; it is the name of their language; or all others are far longer.
 */
function isUnlike(name: string, below: readonly string[]): boolean {
  if (below.length < leastBelow) return false;
  if (below.every((text) => text.trim().length > Math.max(leastLong, 2 * name.length))) return true;
  const language = languageOfName(name);
  if (language !== undefined && language === languageOf(below)) return true;
  const isLatin = (text: string): boolean => /\p{Script=Latin}/u.test(text);
  if (isLatin(name) && below.every((text) => !isLatin(text) && /\p{L}/u.test(text))) return true;
  const counts = new Map<string, number>();
  for (const text of below) counts.set(text.toLowerCase(), (counts.get(text.toLowerCase()) ?? 0) + 1);
  const once = [...counts.values()].filter((count) => count === 1).length;
  return once <= 0.05 * below.length && !counts.has(name.toLowerCase());
}

const isValue = (cell: Cell): boolean =>
  isNumber(pointed(cell)) || isPicture(cell) || isAddressOrTime(cell) || vectorOf(cell) !== undefined;

/** `meaning_en`, `desc2`, `displayName`: nothing that stands in a text. */
const isIdentifier = (name: string): boolean =>
  name.length <= longestName &&
  (/^\p{L}[\p{L}\d]*[_\d][\p{L}\d_]*$/u.test(name) || /^\p{Ll}+(\p{Lu}\p{Ll}+)+$/u.test(name));

/**
 * Names of columns must be half of them, with those that could be words at least two; languages must all be languages,
 * since `it` and `no` are words too, unless there are names beside them.
 */
function isNamed(names: readonly string[]): boolean {
  const usual = names.filter((name) => known.test(name) || isIdentifier(name)).length;
  const languages = names.filter((name) => languageOfName(name) !== undefined).length;
  if (names.length === 0) return false;
  if (usual >= names.length / 2 || languages === names.length) return true;
  const could = names.filter((name) => likely.test(name)).length;
  const named = usual + could + languages;
  return usual + could > 0 && named >= 2 && named >= names.length / 2;
}
